"""One drill a file; see `registry`."""
