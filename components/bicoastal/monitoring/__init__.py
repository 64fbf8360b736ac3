"""What is watched, who is told, and what both look like: all from one declaration."""
