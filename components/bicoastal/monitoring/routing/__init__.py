"""Who is told of which alert, how fast and how often, and who else when nobody answers."""
