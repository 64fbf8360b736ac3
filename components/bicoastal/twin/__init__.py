"""The twin: the whole stack on one machine, each place a container with a Docker engine of its own."""
