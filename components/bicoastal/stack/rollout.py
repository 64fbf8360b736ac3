"""In which order a change reaches the parts of the stack."""

from collections.abc import Iterable
from enum import Enum
from typing import TypeVar

Part = TypeVar("Part")


class Rollout(Enum):
    """In which order a change reaches places and members."""

    IN_TURN = "in_turn"
    """The primary's region last; in each region one Postgres member and one balancer after the other, each
    when those before it are healthy. A change of etcd or Redis itself takes the witness's and the other
    region's at once, and writes may stand still for some seconds. Default."""
    AT_ONCE = "at_once"
    """Everything together. For a stack that nobody uses yet: its first creation is then several times as
    fast, and what is made is the same."""

    def after(self, earlier: Iterable[Part]) -> list[Part]:
        """Of the parts that were declared earlier, those that the next one waits for."""
        return list(earlier) if self is Rollout.IN_TURN else []
