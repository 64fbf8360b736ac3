"""Questions to one Prometheus, by its HTTP API."""

import math
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import httpx
import yaml

PORT = 9090
PATIENCE_S = 120
"""For one answer: a month of many series takes its time."""


class Unanswered(Exception):
    """It did not answer, or not what was asked; the text says why."""


@dataclass(frozen=True)
class Sample:
    """A series' value at one moment."""

    labels: Mapping[str, str]
    value: float


@dataclass(frozen=True)
class Series:
    """A series' values by their moments, in seconds since 1970; where nothing was measured there is none."""

    labels: Mapping[str, str]
    values: Mapping[int, float]


class Prometheus:
    """One of them, by its address such as `https://10.0.0.1:9090`."""

    def __init__(self, url: str, client: httpx.Client) -> None:
        self.url = url.rstrip("/")
        self._client = client

    def place(self) -> str:
        """Where it watches, by its external label `watcher`; empty where it has none."""
        configuration = yaml.safe_load(self._get("status/config", {})["yaml"]) or {}
        labels = (configuration.get("global") or {}).get("external_labels") or {}
        return str(labels.get("watcher", ""))

    def at(self, query: str, moment_s: int) -> Sequence[Sample]:
        """What it says of one moment; values that are no number are left out."""
        found = self._get("query", {"query": query, "time": moment_s})
        samples = [Sample(each["metric"], float(each["value"][1])) for each in found["result"]]
        return [sample for sample in samples if math.isfinite(sample.value)]

    def over(self, query: str, moments: range) -> Sequence[Series]:
        """What it says of several moments."""
        span = {"start": moments[0], "end": moments[-1], "step": moments.step}
        found = self._get("query_range", {"query": query, **span})
        return [Series(each["metric"], _finite(each["values"])) for each in found["result"]]

    def _get(self, path: str, parameters: Mapping[str, str | int]) -> Any:
        try:
            # A query can be longer than an address may be.
            answer = (
                self._client.post(f"{self.url}/api/v1/{path}", data=dict(parameters))
                if parameters
                else self._client.get(f"{self.url}/api/v1/{path}")
            )
            told = answer.json()
        except httpx.HTTPError as error:
            raise Unanswered(str(error) or type(error).__name__) from None
        except ValueError:
            raise Unanswered(f"{answer.status_code}, and no JSON") from None
        if not isinstance(told, dict) or told.get("status") != "success":
            why = told.get("error", "no reason") if isinstance(told, dict) else "no answer of Prometheus"
            raise Unanswered(f"{answer.status_code}: {why}")
        return told["data"]


class Prometheuses:
    """Several of them, for a `with` block; `transport` stands in for the network."""

    def __init__(
        self,
        addresses: Sequence[str],
        context: ssl.SSLContext | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._addresses = list(addresses)
        verify = True if context is None else context
        self._client = httpx.Client(verify=verify, timeout=PATIENCE_S, trust_env=False, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def __iter__(self) -> Iterator[Prometheus]:
        return (Prometheus(address, self._client) for address in self._addresses)


def _finite(values: Sequence[tuple[float, str]]) -> dict[int, float]:
    pairs = ((round(moment), float(value)) for moment, value in values)
    return {moment: value for moment, value in pairs if math.isfinite(value)}
