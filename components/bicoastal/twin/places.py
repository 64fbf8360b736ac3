"""The places of a twin, together.

All state is in the outer engine, under the twin's label: nothing is remembered between two runs, so a killed
or half `start` is taken up where it stopped, and `remove` finds whatever there is.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path

import docker
from docker.errors import NotFound
from docker.models.networks import Network
from docker.types import IPAMConfig, IPAMPool

from .containment import containment
from .hand_over import hand_over
from .layout import TwinLayout, labelled
from .occupancy import check_free
from .place import ENGINE_TIMEOUT, Place, PlaceSpec
from .wan import Losses

Progress = Callable[[str, str], None]
"""Told what is at work and what happens to it, such as `("east", "engine answers")`."""


class Places:
    """The places of one twin, or some of them, on the engine behind `client`."""

    def __init__(
        self, client: docker.DockerClient, layout: TwinLayout, only: Sequence[str] | None = None
    ) -> None:
        self._client = client
        self._layout = layout
        self._places = {
            name: Place(client, layout, place)
            for name, place in layout.places.items()
            if only is None or name in only
        }

    def check_free(self) -> None:
        """Raise `RangeTaken` or `PortTaken` when somebody else has the twin's addresses or ports."""
        check_free(self._client, self._layout)

    def start(self, image: str, daemon_json: Path, progress: Progress) -> None:
        """Bring up every place and wait until its engine answers; what runs rightly is left alone.

        `image` is the tag of the place's image and `daemon_json` the settings of its engine. A container made
        from others is replaced, its volume kept. Raises `PlaceFailed`.
        """
        spec = PlaceSpec(image, daemon_json)
        network = self._wan()
        missing = [place for place in self._places.values() if place.needs_making(spec, network)]
        if missing:
            rights = containment(self._client, image, self._layout.labels)
            cgroup_version = str(self._client.info().get("CgroupVersion", "1"))
            self._in_parallel(lambda place: place.make(spec, rights, cgroup_version), missing)

        def bring_up(place: Place) -> None:
            if not place.running:
                progress(place.name, "starts its engine")
            place.start(network)
            progress(place.name, "engine answers")

        self._in_parallel(bring_up)

    def swarm(self, labels: Mapping[str, Mapping[str, str]] | None = None) -> None:
        """Make each place a Swarm of one node that advertises the place's address, unless it is one.

        `labels` are the node labels by place. Default: `{"place": <its name>}`.
        """
        by_place = labels or {name: {"place": name} for name in self._places}
        self._in_parallel(lambda place: place.swarm(by_place.get(place.name, {})))

    def engine(self, place: str, timeout_s: int = ENGINE_TIMEOUT) -> docker.DockerClient:
        """A new client of the place's engine; the caller closes it."""
        return self._places[place].engine(timeout_s)

    def docker_host(self, place: str) -> str:
        """The place's engine as DOCKER_HOST names it: `unix:///...`."""
        return self._layout.place(place).docker_host

    def exists(self, place: str) -> bool:
        """Whether the place has a container, running or not."""
        return self._places[place].container is not None

    def running(self, place: str) -> bool:
        """Whether the place's container runs."""
        return self._places[place].running

    def hand_over(self, place_images: Mapping[str, Sequence[str]], progress: Progress) -> None:
        """Load into each place's engine those of its images, by tag, that it lacks."""
        engines = {name: place.engine for name, place in self._places.items()}
        hand_over(self._client, engines, place_images, self._layout.folder / "images", progress)

    def kill(self, place: str) -> None:
        """Lose the place at once, as a region is lost: SIGKILL for everything in it."""
        self._places[place].kill()

    def revive(self, place: str) -> None:
        """Start a lost place again and wait for its engine and its Swarm. Data and identity are kept."""
        self._places[place].start(self._wan())

    def cut(self, place: str) -> None:
        """Take the place off the WAN. Its members lose each other too, for the place's address is gone."""
        self._places[place].cut(self._wan())

    def heal(self, place: str) -> None:
        """Put the place on the WAN again, at its old address."""
        self._places[place].heal(self._wan())

    def isolate(self, place: str, *, share: float = 1.0) -> None:
        """Drop every packet between the place and the WAN, or this share of them. Its address stays, so its
        members still meet; what is asked of its engine by its socket is answered. Raises `CutFailed`."""
        self._places[place].lose([Losses(str(self._layout.wan), share=share)])

    def sever(self, here: str, there: str, *, ports: Sequence[int] = (), one_way: bool = False) -> None:
        """Drop every packet between two places; with `ports`, only TCP of these, such as Postgres' alone;
        with `one_way`, only what `here` sends to `there`. Cuts add up until `rejoin(here)`. Raises
        `CutFailed`."""
        peer = self._layout.place(there).address
        self._places[here].lose([Losses(peer, tuple(ports), arriving=not one_way)])

    def rejoin(self, place: str) -> None:
        """Let every packet of the place through again: the end of `isolate` and of each `sever` from it.
        Raises `CutFailed`."""
        self._places[place].lose_nothing()

    def remove(self) -> list[str]:
        """Remove everything that carries the twin's label, and its sockets. Returns what was removed."""
        ours = labelled(self._layout.labels)
        removed = _removed(
            (f"container {container.name}", partial(container.remove, v=True, force=True))
            for container in self._client.containers.list(all=True, filters=ours, ignore_removed=True)
        )
        removed += _removed(
            (f"network {network.name}", partial(_remove_network, network))
            for network in self._client.networks.list(filters=ours)
        )
        removed += _removed(
            (f"volume {volume.name}", partial(volume.remove, force=True))
            for volume in self._client.volumes.list(filters=ours)
        )
        for place in self._layout.places.values():
            _remove_control_groups(place.container)
        if self._layout.runtime.exists():
            shutil.rmtree(self._layout.runtime)
            removed.append(f"folder {self._layout.runtime}")
        return removed

    def _wan(self) -> Network:
        """The network that the places share; made when it is missing."""
        ours = labelled(self._layout.labels)
        for network in self._client.networks.list(names=[self._layout.network], filters=ours):
            return network
        # Whoever asks for no address of its own gets one from the upper half, never a resting place's.
        pool = IPAMPool(
            subnet=str(self._layout.wan),
            gateway=self._layout.gateway,
            iprange=str(list(self._layout.wan.subnets())[1]),
        )
        return self._client.networks.create(
            self._layout.network,
            driver="bridge",
            check_duplicate=True,
            ipam=IPAMConfig(pool_configs=[pool]),
            labels=dict(self._layout.labels),
        )

    def _in_parallel(self, work: Callable[[Place], None], places: Sequence[Place] | None = None) -> None:
        with ThreadPoolExecutor(len(self._places)) as pool:
            list(pool.map(work, self._places.values() if places is None else places))


def _removed(things: Iterable[tuple[str, Callable[[], object]]]) -> list[str]:
    """Remove all at once; what was gone already is not counted."""

    def gone(thing: tuple[str, Callable[[], object]]) -> list[str]:
        what, remove = thing
        try:
            remove()
        except NotFound:
            return []
        return [what]

    with ThreadPoolExecutor() as pool:
        return [what for found in pool.map(gone, things) for what in found]


def _remove_network(network: Network) -> None:
    network.reload()
    for guest in (
        network.attrs.get("Containers") or {}
    ):  # somebody's own client on the WAN: it stays, unplugged
        network.disconnect(guest, force=True)
    network.remove()


def _remove_control_groups(name: str) -> None:
    """What containers that died with their engine leave in the machine's tree, in cgroup v1: empty groups."""
    for tree in Path("/sys/fs/cgroup").glob(f"*/{name}"):
        for group, _, _ in os.walk(tree, topdown=False):
            with suppress(OSError):  # not ours to remove, when not root; harmless
                Path(group).rmdir()
