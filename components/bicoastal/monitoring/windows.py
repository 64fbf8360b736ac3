"""The time that a promise is for."""

USUAL_WINDOW_DAYS = 30
"""Unless an objective says otherwise."""
