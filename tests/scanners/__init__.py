"""What scanners of others find in the plan in Terraform's shape."""
