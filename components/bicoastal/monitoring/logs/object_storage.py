"""A bucket that logs are kept in."""

from dataclasses import dataclass
from typing import NotRequired, TypedDict

import pulumi

from ...checks.rules import CLOUD_REGION, matching
from ...checks.storage import BUCKET_NAME
from ...settings import setting
from ..aws_key import AwsKey

ENDPOINT = matching(
    r"(https://[\w.-]+|http://(127\.0\.0\.1|localhost))(:\d+)?",
    "https:// and a host, with a port where it needs one; http:// for 127.0.0.1 and localhost alone",
    "use one such as 'https://minio.example.com:9000', or leave it out for AWS",
)


class ObjectStorageArgs(TypedDict):
    """A bucket that logs are kept in, at AWS or at whatever speaks as S3 does."""

    bucket: pulumi.Input[str]
    """The bucket's name. Nothing else keeps objects in it. Another one begins without logs."""
    region: str
    """Its region's code, such as `us-east-1`."""
    endpoint: NotRequired[str]
    """Protocol and host of what speaks as S3 does, such as `https://minio.example.com:9000`: buckets are
    asked for by path there. Without TLS only on loopback. Default: AWS in the region."""
    access_key_id: NotRequired[pulumi.Input[str]]
    """The id of the key that may list the bucket and read, write and delete in it. Default: none, AWS is
    asked as the machine that it runs on, which must be heard in containers."""
    secret_access_key: NotRequired[pulumi.Input[str]]
    """The key itself, a secret of 8 to 512 characters. Default: none; needed beside its id."""


@dataclass(frozen=True, kw_only=True)
class ObjectStorage(AwsKey):
    """A bucket that logs are kept in, checked."""

    bucket: pulumi.Input[str] = setting(BUCKET_NAME)
    region: str = setting(CLOUD_REGION)
    endpoint: str | None = setting(ENDPOINT, default=None)
