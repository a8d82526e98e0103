"""Lessons and experiments as values: what a file says, how it is read, and what its conditions ask. No window here."""
