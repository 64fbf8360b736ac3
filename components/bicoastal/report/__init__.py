"""What was promised and what was held, out of what Prometheus kept, for a day, a week or a month."""
