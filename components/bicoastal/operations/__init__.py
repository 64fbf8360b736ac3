"""Operating a running environment: what people do to it, on the twin as in production."""
