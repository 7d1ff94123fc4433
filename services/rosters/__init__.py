"""Rosters: a file of many people brought in at once, checked row by row first."""
