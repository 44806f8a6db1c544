"""Invented submissions for a fresh clone: made with the project's own forms, marked, never mixed with real ones."""
