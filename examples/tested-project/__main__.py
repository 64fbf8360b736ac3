"""What `pulumi up` runs."""

from shop import declare

declare()
