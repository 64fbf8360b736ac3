"""How AWS names what belongs to a bucket: partitions, addresses, ARNs."""


def partition(region: str) -> str:
    """The separate cloud that a region belongs to."""
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def s3_address(region: str) -> str:
    """Where a region's S3 answers; also what KMS calls it."""
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return f"s3.{region}.{suffix}"


def bucket_arn(region: str, bucket: str) -> str:
    """The bucket's ARN."""
    return f"arn:{partition(region)}:s3:::{bucket}"
