"""The networks that the edge speaks to an origin from, as its vendor published them on a date."""

import ipaddress
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("edge_ranges.json")
"""The file that the library is released with."""
NAME = FILE.name
"""A project's own file, beside its `Pulumi.yaml`."""


@dataclass(frozen=True)
class EdgeRanges:
    """The edge's networks."""

    vendor: str
    as_of: str
    ipv4: list[str]
    ipv6: list[str]

    @classmethod
    def of(cls, vendor: str, as_of: str, ranges: Iterable[str]) -> "EdgeRanges":
        """These ranges in their order, each once."""
        networks = {ipaddress.ip_network(one) for one in ranges}
        v4 = sorted(network for network in networks if isinstance(network, ipaddress.IPv4Network))
        v6 = sorted(network for network in networks if isinstance(network, ipaddress.IPv6Network))
        return cls(vendor, as_of, [str(network) for network in v4], [str(network) for network in v6])

    @classmethod
    def read(cls, file: Path = FILE) -> "EdgeRanges":
        """The ranges that the file holds."""
        return cls(**json.loads(file.read_text()))

    @classmethod
    def newest(cls, file: Path | None) -> "EdgeRanges":
        """The ranges that the library is released with, or the file's, where it is there and newer."""
        released = cls.read()
        own = cls.read(file) if file is not None and file.is_file() else released
        return max(released, own, key=lambda ranges: ranges.as_of)

    @property
    def all(self) -> list[str]:
        """The ranges of both families."""
        return [*self.ipv4, *self.ipv6]

    def difference(self, newer: "EdgeRanges") -> list[str]:
        """What a newer list adds and takes away, one line each: `+ range` or `- range`."""
        added = [f"+ {one}" for one in newer.all if one not in self.all]
        return added + [f"- {one}" for one in self.all if one not in newer.all]

    def write(self, file: Path = FILE) -> None:
        """Put the ranges in the place of the file, whole or not at all."""
        new = file.with_suffix(".new")
        new.write_text(json.dumps(self.__dict__, indent=2) + "\n")
        new.replace(file)


def known_edge_ranges(file: Path | None = None) -> list[str]:
    """The ranges that the library is released with, or those of a project's own file, where it is there and
    newer: `bicoastal edge-ranges` writes one."""
    return EdgeRanges.newest(file).all
