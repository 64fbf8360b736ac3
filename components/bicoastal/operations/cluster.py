"""Who is primary and who follows, by what Patroni tells."""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import httpx

from ..database import Member


@dataclass(frozen=True)
class MemberState:
    """One member as the cluster sees it."""

    name: str
    place: str
    role: str
    """`leader`, `sync_standby` or `replica`."""
    state: str
    """`running` or `streaming` where all is well."""
    timeline: int
    lag_bytes: int | None

    @property
    def well(self) -> bool:
        """Whether it is the running leader or streams from it."""
        return self.state == ("running" if self.role == "leader" else "streaming")


@dataclass(frozen=True)
class ClusterState:
    """The cluster at one moment."""

    members: tuple[MemberState, ...]

    @property
    def leader(self) -> MemberState | None:
        """The running primary, if there is one."""
        return next((m for m in self.members if m.role == "leader" and m.state == "running"), None)

    @property
    def copy_elsewhere(self) -> bool:
        """Whether a synchronous copy is in another place than the primary: only then can the loss of the
        primary's region be followed by a promotion without loss. After each change of the primary its
        neighbour is the first to be synchronous, and for some seconds may be the only one."""
        leader = self.leader
        return leader is not None and any(
            member.role == "sync_standby" and member.place != leader.place for member in self.members
        )

    def candidate(self, place: str, name: str | None = None) -> MemberState | None:
        """Who in the place would take over best, or the member of this name, if it streams: a synchronous
        standby before any other."""
        ranked = sorted(self.members, key=lambda member: member.role != "sync_standby")
        fit = (m for m in ranked if m.place == place and m.well and m.role != "leader")
        return next((m for m in fit if name in (None, m.name)), None)

    def streaming(self, wanted: int) -> bool:
        """Whether all `wanted` members run or stream on one timeline."""
        return (
            self.leader is not None
            and len(self.members) == wanted
            and all(member.well for member in self.members)
            and len({member.timeline for member in self.members}) == 1
        )


@dataclass(frozen=True)
class Promotion:
    """A member that became the primary on a new timeline; after a restart in place, it is the old one."""

    leader: str
    at: float
    """Seconds since the epoch."""


class Cluster:
    """The Postgres cluster's REST interface, asked at whichever member answers."""

    def __init__(
        self, members: Sequence[Member], synchronous: bool, authority_pem: str, rest_password: str
    ) -> None:
        self._synchronous = synchronous
        self._members = {member.name: member for member in members}
        self._asked_first = list(members)
        context = ssl.create_default_context(cadata=authority_pem)
        self._http = httpx.Client(verify=context, timeout=3, auth=("patroni", rest_password), trust_env=False)

    def redundant(self) -> bool:
        """Whether any region may be lost now: all members stream and, in a synchronous mode, a synchronous
        copy is in the other region. The leader must say so itself: a member that was cut off tells for some
        seconds of the cluster as it was."""
        state = self.state()
        return (
            state.streaming(len(self._members))
            and (state.copy_elsewhere or not self._synchronous)
            and state.leader is not None
            and self.is_primary(state.leader.name)
        )

    def state(self) -> ClusterState:
        """The cluster as the first member that answers tells it; no members when none answers."""
        for member in list(self._asked_first):
            try:
                told = self._http.get(self._url(member, "cluster")).json()
            except (httpx.HTTPError, ValueError):
                continue
            # A member in a lost region costs a timeout: whoever answered is asked first the next time.
            self._asked_first.remove(member)
            self._asked_first.insert(0, member)
            return ClusterState(tuple(self._member(m) for m in told["members"]))
        return ClusterState(())

    def is_primary(self, name: str) -> bool:
        """Whether the member itself says that it is the writable primary; no answer is a no."""
        try:
            return self._http.get(self._url(self._members[name], "primary"), timeout=1).status_code == 200
        except httpx.HTTPError:
            return False

    def answers(self, name: str) -> bool:
        """Whether the member's own interface answers from here."""
        try:
            self._http.get(self._url(self._members[name], "liveness"))
        except httpx.HTTPError:
            return False
        return True

    def history(self) -> list[Promotion]:
        """Every promotion since the cluster was made, the oldest first; the first primary's is none.

        Raises `httpx.HTTPError` when no member answers.
        """
        for member in self._members.values():
            try:
                told = self._http.get(self._url(member, "history")).json()
            except (httpx.HTTPError, ValueError):
                continue
            # Timeline, position, reason; then the time and the leader, once that leader has noted them.
            return [
                Promotion(str(entry[4]), datetime.fromisoformat(str(entry[3])).timestamp())
                for entry in told
                if len(entry) > 4
            ]
        raise httpx.HTTPError("no member of the cluster answers")

    def switch_over(self, candidate_place: str, candidate_name: str | None = None) -> str:
        """Ask the primary to hand over to a member in the place, or to the one of this name; returns what
        Patroni answered.

        The candidate is read anew, since only a member that is synchronous at this moment is accepted.
        Raises `httpx.HTTPError` when no member answers or Patroni refuses.
        """
        state = self.state()
        leader = state.leader
        candidate = state.candidate(candidate_place, candidate_name)
        if leader is None or candidate is None:
            raise httpx.HTTPError(f"no running primary, or no streaming member in {candidate_place}")
        answer = self._http.post(
            self._url(self._members[leader.name], "switchover"),
            json={"leader": leader.name, "candidate": candidate.name},
            timeout=60,
        )
        if answer.is_error:
            raise httpx.HTTPError(f"{leader.name} answered {answer.status_code}: {answer.text.strip()}")
        return answer.text

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def _url(self, member: Member, path: str) -> str:
        return f"https://{member.address}:{member.rest_port}/{path}"

    def _member(self, told: dict[str, object]) -> MemberState:
        name = str(told["name"])
        lag = told.get("lag")
        timeline = told.get("timeline", 0)
        return MemberState(
            name=name,
            place=self._members[name].place if name in self._members else "",
            role=str(told["role"]),
            state=str(told["state"]),
            timeline=timeline if isinstance(timeline, int) else 0,
            lag_bytes=lag if isinstance(lag, int) else None,
        )
