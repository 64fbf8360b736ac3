"""What SmellPin's buckets are called."""

from .groups import Cloud

NAME = "smellpin"
UPLOADS, BACKUPS, LOGS = "uploads", "backups", "logs"
REPLICATED = (UPLOADS, BACKUPS)
"""Those that are in both regions."""


def bucket_name(environment: str, use: str, cloud: Cloud, region: str) -> str:
    """With the account in their names, buckets are nobody else's."""
    return f"{NAME}-{environment}-{use}-{cloud.account_id}-{region}"
