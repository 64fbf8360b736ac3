"""Faults injected on purpose, each with a verdict."""
