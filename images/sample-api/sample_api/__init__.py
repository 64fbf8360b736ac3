"""A reference API: pins on a map, written where the primary is, readable from both coasts."""
