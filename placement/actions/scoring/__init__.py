"""Points: schemes as dated data, sheets with two checkers, objections, publications."""
