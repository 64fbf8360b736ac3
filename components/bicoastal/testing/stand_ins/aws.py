"""AWS: what its own rules are asked for goes to moto, the rest is as the table says."""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.exceptions import ClientError, ParamValidationError

from . import aws_buckets, aws_databases, aws_keys, aws_logs, aws_network
from .aws_calls import Given
from .store import Cloud, Object, Refused

COST_TAG = "aws:costexplorer/costAllocationTag:CostAllocationTag"


@dataclass
class Aws(Cloud):
    """An account in moto, which must be running. It judges buckets, keys, logs, networks and
    databases."""

    billed_tags: set[str] = field(default_factory=set)
    """The keys of tags that were on a bill: AWS takes no other for a cost allocation tag."""
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict)
    _one_at_a_time: threading.RLock = field(default_factory=threading.RLock)

    def client(self, service: str, region: str) -> Any:
        """AWS's own client."""
        if (service, region) not in self._clients:
            self._clients[service, region] = boto3.client(service, region_name=region)
        return self._clients[service, region]

    def make(self, token: str, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        def made() -> tuple[str, dict[str, Any]]:
            if token == COST_TAG and inputs["tagKey"] not in self.billed_tags:
                raise Refused(f"ValidationException: Tag keys not found: {inputs['tagKey']}")
            if token not in JUDGED:
                return self.described(token, inputs)
            found = JUDGED[token].make(self._given(inputs))
            identifier, own = found if isinstance(found, tuple) else (found, {})
            return self.described(token, inputs, identifier, **own)

        answer: tuple[str, dict[str, Any]] = self._judged(made)
        return answer

    def change(self, it: Object, inputs: Mapping[str, Any], changed: set[str]) -> dict[str, Any]:
        judge = JUDGED.get(it.type)
        if judge is not None and judge.change is not None:
            self._judged(lambda: judge.change(self._given(inputs), it, changed))
        return {}

    def remove(self, it: Object) -> None:
        judge = JUDGED.get(it.type)
        if judge is not None and judge.remove is not None:
            self._judged(lambda: judge.remove(self._given(it.properties), it))

    def _given(self, properties: Mapping[str, Any]) -> Given:
        region = properties.get("region", "us-east-1")
        return Given(properties, lambda service, elsewhere=None: self.client(service, elsewhere or region))

    def _judged(self, ask: Callable[[], Any]) -> Any:
        with self._one_at_a_time:
            try:
                return ask()
            except (ClientError, ParamValidationError) as refusal:
                raise Refused(str(refusal)) from refusal


def _all(*rooms: Iterable[Any]) -> dict[str, Any]:
    return {judge.token: judge for room in rooms for judge in room}


JUDGED = _all(aws_buckets.JUDGES, aws_keys.JUDGES, aws_logs.JUDGES, aws_network.JUDGES, aws_databases.JUDGES)
