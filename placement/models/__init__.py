"""Models of the work section, by subject."""
