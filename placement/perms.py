"""Who may do what in the work section: named predicates over the scope of a member of the staff."""
