"""A key to AWS, as a program in a container is given it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pulumi

from ..checks.problem import Problem
from ..checks.rules import matching
from ..settings import setting

KEY_ID = matching(r"\w{3,128}", "3 to 128 letters, digits and '_'", "give the key's id as its owner shows it")
SECRET_KEY = replace(
    matching(r"[^\s\[\]]{8,512}", "8 to 512 characters without spaces or brackets", "give the key itself"),
    secret=True,
)
_FILE_NAME = "aws-credentials"


@dataclass(frozen=True, kw_only=True)
class AwsKey:
    """A key to AWS, checked: both halves, or neither to be known as the machine."""

    access_key_id: pulumi.Input[str] | None = setting(KEY_ID, default=None)
    secret_access_key: pulumi.Input[str] | None = setting(SECRET_KEY, default=None)

    @property
    def secrets(self) -> list[dict[str, Any]]:
        """The secret of a service that has the key: the file that AWS' libraries read one from."""
        if self.access_key_id is None:
            return []
        text = pulumi.Output.format(
            "[default]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
            self.access_key_id,
            self.secret_access_key,
        )
        return [{"name": _FILE_NAME, "value": pulumi.Output.secret(text)}]

    @property
    def environment(self) -> dict[str, str]:
        """How the service's program finds it, and asks for no other."""
        if self.access_key_id is None:
            return {}
        return {
            "AWS_SHARED_CREDENTIALS_FILE": f"/run/secrets/{_FILE_NAME}",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        halves = {"access_key_id": self.access_key_id, "secret_access_key": self.secret_access_key}
        missing = [name for name, value in halves.items() if value is None]
        if len(missing) == 1:
            yield Problem(
                missing[0],
                "missing beside the other half of the key",
                "nothing",
                "both halves of a key, or neither",
                "give it, or leave out the other one to ask as the machine",
            )
