"""Alertmanager's interface: which alerts fire, and what is silenced for a while."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from .mutual_tls import shown
from .refusal import OperationFailed


@dataclass(frozen=True)
class Matcher:
    """A condition on one label of an alert."""

    name: str
    value: str
    is_regex: bool = False
    is_equal: bool = True

    def __str__(self) -> str:
        sign = ("=~" if self.is_regex else "=") if self.is_equal else ("!~" if self.is_regex else "!=")
        return f"{self.name}{sign}{self.value}"

    def as_data(self) -> dict[str, object]:
        """As Alertmanager takes it."""
        return {
            "name": self.name,
            "value": self.value,
            "isRegex": self.is_regex,
            "isEqual": self.is_equal,
        }


@dataclass(frozen=True)
class Silence:
    """Alerts that nobody is told of until an end."""

    id: str
    matchers: Sequence[Matcher]
    begins: datetime
    ends: datetime
    author: str
    reason: str
    state: str
    """`pending`, `active` or `expired`."""

    def as_json(self) -> dict[str, object]:
        """For `--json`."""
        times = {"begins": self.begins.isoformat(), "ends": self.ends.isoformat()}
        return {**asdict(self), "matchers": [str(matcher) for matcher in self.matchers], **times}


class Alertmanagers:
    """The Alertmanagers of all regions, which are one cluster: whichever answers is asked."""

    def __init__(
        self,
        addresses: Sequence[str],
        authority_pem: str,
        cert_pem: str,
        key_pem: str,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """`addresses` are `host:port`, each named by its certificate; `cert_pem` with its key is what the
        caller shows. `transport` stands in for the network."""
        self._addresses = list(addresses)
        self._http = httpx.Client(
            verify=shown(authority_pem, cert_pem, key_pem), timeout=5, trust_env=False, transport=transport
        )

    def close(self) -> None:
        """No more."""
        self._http.close()

    def alerts(self) -> list[Mapping[str, Any]]:
        """The alerts that fire, as Alertmanager tells them, silenced and inhibited ones too. Raises
        `OperationFailed`."""
        told: list[Mapping[str, Any]] = self.ask("GET", "alerts").json()
        return told

    def silences(self) -> list[Silence]:
        """The silences that have not ended, the next to end first. Raises `OperationFailed`."""
        found = [_silence(told) for told in self.ask("GET", "silences").json()]
        return sorted((s for s in found if s.state != "expired"), key=lambda silence: silence.ends)

    def silence(self, matchers: Sequence[Matcher], minutes: float, author: str, reason: str) -> str:
        """Silence the alerts that match from now on; the silence's id. Raises `OperationFailed`."""
        now = datetime.now(UTC)
        wanted = {
            "matchers": [matcher.as_data() for matcher in matchers],
            "startsAt": now.isoformat(),
            "endsAt": (now + timedelta(minutes=minutes)).isoformat(),
            "createdBy": author,
            "comment": reason,
        }
        return str(self.ask("POST", "silences", json=wanted).json()["silenceID"])

    def expire(self, silence: str) -> None:
        """End a silence now. Raises `OperationFailed`, also when there is none of this id."""
        self.ask("DELETE", f"silence/{silence}")

    @contextmanager
    def silenced(
        self, matchers: Sequence[Matcher], minutes: float, author: str, reason: str
    ) -> Iterator[None]:
        """Silence the alerts that match for a `with` block, and for `minutes` at most: whatever becomes of
        this process, they are told of again. Raises `OperationFailed`."""
        made = self.silence(matchers, minutes, author, reason)
        try:
            yield
        finally:
            self.expire(made)

    def ask(self, method: str, path: str, **body: Any) -> httpx.Response:
        """The answer of the first that answers, below `/api/v2/`. Raises `OperationFailed`."""
        failures = []
        for address in self._addresses:
            try:
                answer = self._http.request(method, f"https://{address}/api/v2/{path}", **body)
            except httpx.HTTPError as error:
                failures.append(f"{address}: {error}")
                continue
            if answer.is_success:
                return answer
            # The others would say the same of it.
            raise OperationFailed(f"Alertmanager refuses it: {answer.text.strip() or answer.status_code}")
        raise OperationFailed(f"no Alertmanager answers: {'; '.join(failures) or 'there is none'}")


def _silence(told: Mapping[str, Any]) -> Silence:
    return Silence(
        id=told["id"],
        matchers=[
            Matcher(matcher["name"], matcher["value"], matcher["isRegex"], matcher.get("isEqual", True))
            for matcher in told["matchers"]
        ],
        begins=datetime.fromisoformat(told["startsAt"]),
        ends=datetime.fromisoformat(told["endsAt"]),
        author=told["createdBy"],
        reason=told["comment"],
        state=told["status"]["state"],
    )
