"""Words that are stored in the work section: states, kinds, and which state may follow which."""
