"""What partners' own systems call, by their keys."""
