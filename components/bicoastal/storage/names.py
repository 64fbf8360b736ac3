"""How AWS names what belongs to a bucket: addresses and ARNs."""

from ..aws import partition


def s3_address(region: str) -> str:
    """Where a region's S3 answers; also what KMS calls it."""
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return f"s3.{region}.{suffix}"


def bucket_arn(region: str, bucket: str) -> str:
    """The bucket's ARN."""
    return f"arn:{partition(region)}:s3:::{bucket}"
