"""A bucket that logs are kept in."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NotRequired, TypedDict

import pulumi

from ...checks.problem import Problem
from ...checks.rules import CLOUD_REGION, matching
from ...checks.storage import BUCKET_NAME
from ...settings import setting

ENDPOINT = matching(
    r"(https://[\w.-]+|http://(127\.0\.0\.1|localhost))(:\d+)?",
    "https:// and a host, with a port where it needs one; http:// for 127.0.0.1 and localhost alone",
    "use one such as 'https://minio.example.com:9000', or leave it out for AWS",
)
KEY_ID = matching(r"\w{3,128}", "3 to 128 letters, digits and '_'", "give the key's id as its owner shows it")
SECRET_KEY = replace(
    matching(r"[^\s\[\]]{8,512}", "8 to 512 characters without spaces or brackets", "give the key itself"),
    secret=True,
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
class ObjectStorage:
    """A bucket that logs are kept in, checked."""

    bucket: pulumi.Input[str] = setting(BUCKET_NAME)
    region: str = setting(CLOUD_REGION)
    endpoint: str | None = setting(ENDPOINT, default=None)
    access_key_id: pulumi.Input[str] | None = setting(KEY_ID, default=None)
    secret_access_key: pulumi.Input[str] | None = setting(SECRET_KEY, default=None)

    @property
    def credentials(self) -> pulumi.Output[str] | None:
        """The file that AWS' libraries read a key from; None where there is no key."""
        if self.access_key_id is None:
            return None
        return pulumi.Output.secret(
            pulumi.Output.format(
                "[default]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
                self.access_key_id,
                self.secret_access_key,
            )
        )

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        keys = {"access_key_id": self.access_key_id, "secret_access_key": self.secret_access_key}
        missing = [name for name, value in keys.items() if value is None]
        if len(missing) == 1:
            yield Problem(
                missing[0],
                "missing beside the other half of the key",
                "nothing",
                "both halves of a key, or neither",
                "give it, or leave out the other one to ask as the machine",
            )
