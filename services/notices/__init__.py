"""What people are told, by subject: titles, bodies, and to whom."""
