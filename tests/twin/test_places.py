"""The places of a twin, on a real Docker engine."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import docker
import pytest

import bicoastal.hosts
from bicoastal.twin.images import build
from bicoastal.twin.layout import TwinLayout, labelled
from bicoastal.twin.occupancy import PortTaken, RangeTaken
from bicoastal.twin.places import Places

pytestmark = [pytest.mark.twin, pytest.mark.timeout(600)]

PLACE_FOLDER = Path(__file__).parents[2] / "images" / "place"
SWARM_PORT, GOSSIP_PORT = 2377, 7946
DAEMON_JSON = Path(bicoastal.hosts.__file__).with_name("daemon.json")


def quiet(*_: str) -> None:
    """Nobody listens."""


@pytest.fixture(scope="module")
def image(client: docker.DockerClient) -> str:
    return build(client, [PLACE_FOLDER], quiet)["place"]


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> TwinLayout:
    return TwinLayout.named("test-places", tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def places(client: docker.DockerClient, layout: TwinLayout, image: str) -> Iterator[Places]:
    places = Places(client, layout)
    try:
        places.start(image, DAEMON_JSON, quiet)
        places.swarm()
        yield places
    finally:
        places.remove()


def ids(client: docker.DockerClient, layout: TwinLayout) -> dict[str, str]:
    names = [place.container for place in layout.places.values()]
    return {name: str(client.containers.get(name).id) for name in names}


def started(client: docker.DockerClient, layout: TwinLayout) -> list[str]:
    return [client.containers.get(p.container).attrs["State"]["StartedAt"] for p in layout.places.values()]


def reaches(
    client: docker.DockerClient, layout: TwinLayout, here: str, there: str, port: int = SWARM_PORT
) -> bool:
    address = layout.place(there).address
    probe = ["timeout", "2", "bash", "-c", f"< /dev/tcp/{address}/{port}"]
    return client.containers.get(layout.place(here).container).exec_run(probe).exit_code == 0


def test_every_place_is_a_swarm_of_one_that_advertises_its_own_address(
    places: Places, layout: TwinLayout
) -> None:
    for name, place in layout.places.items():
        with closing(places.engine(name)) as engine:
            (node,) = engine.nodes.list()
            assert node.attrs["Status"]["Addr"] == place.address
            assert node.attrs["Spec"]["Labels"] == {"place": name}
            assert engine.info()["Labels"] == ["host=0"]
            assert "name=no-new-privileges" in engine.info()["SecurityOptions"]


def test_places_reach_one_another_by_address(
    places: Places, client: docker.DockerClient, layout: TwinLayout
) -> None:
    assert reaches(client, layout, "east", "west")
    assert reaches(client, layout, "witness", "east")


def test_starting_again_changes_nothing(
    places: Places, client: docker.DockerClient, layout: TwinLayout, image: str
) -> None:
    before = ids(client, layout), started(client, layout)
    places.check_free()
    places.start(image, DAEMON_JSON, quiet)
    places.swarm()
    assert (ids(client, layout), started(client, layout)) == before


def test_a_lost_place_comes_back_as_the_same_swarm(places: Places) -> None:
    with closing(places.engine("east")) as engine:
        before = engine.info()["Swarm"]["NodeID"]
    places.kill("east")
    places.kill("east")
    assert places.exists("east")
    assert not places.running("east")
    assert places.running("west")
    places.revive("east")
    with closing(places.engine("east")) as engine:
        assert engine.info()["Swarm"]["NodeID"] == before


def test_a_cut_place_is_unreachable_until_it_is_healed(
    places: Places, client: docker.DockerClient, layout: TwinLayout
) -> None:
    places.cut("west")
    places.cut("west")
    assert not reaches(client, layout, "east", "west")
    assert reaches(client, layout, "east", "witness")
    places.heal("west")
    places.heal("west")
    # The first connection after a heal does not always succeed: clients must try again.
    limit = time.monotonic() + 10
    while not reaches(client, layout, "east", "west"):
        assert time.monotonic() < limit


def test_an_isolated_place_reaches_only_itself_until_it_rejoins(
    places: Places, client: docker.DockerClient, layout: TwinLayout
) -> None:
    places.isolate("west")
    places.isolate("west")
    assert reaches(client, layout, "west", "west")
    assert not reaches(client, layout, "west", "east")
    assert not reaches(client, layout, "witness", "west")
    assert reaches(client, layout, "east", "witness")
    places.rejoin("west")
    places.rejoin("west")
    assert reaches(client, layout, "west", "east")
    assert reaches(client, layout, "witness", "west")


def test_a_severed_link_leaves_every_other(
    places: Places, client: docker.DockerClient, layout: TwinLayout
) -> None:
    places.sever("east", "west")
    assert not reaches(client, layout, "east", "west")
    assert not reaches(client, layout, "west", "east")
    assert reaches(client, layout, "east", "witness")
    assert reaches(client, layout, "west", "witness")
    places.rejoin("east")
    assert reaches(client, layout, "east", "west")


def test_a_link_that_is_severed_for_some_ports_passes_the_others(
    places: Places, client: docker.DockerClient, layout: TwinLayout
) -> None:
    places.sever("east", "west", ports=[SWARM_PORT])
    assert not reaches(client, layout, "east", "west")
    assert not reaches(client, layout, "west", "east")
    assert reaches(client, layout, "east", "west", GOSSIP_PORT)
    places.rejoin("east")
    assert reaches(client, layout, "east", "west")


def test_a_link_severed_one_way_loses_what_is_sent_and_not_what_arrives(
    places: Places, client: docker.DockerClient, layout: TwinLayout
) -> None:
    """Nobody can shake hands over it, but what needs no answer arrives."""
    address = layout.place("east").address
    east, west = (client.containers.get(layout.place(place).container) for place in ("east", "west"))
    places.sever("east", "west", one_way=True)
    try:
        assert not reaches(client, layout, "west", "east")
        arrived = "awk '/^Udp: [0-9]/ {print $2 + $3}' /proc/net/snmp"
        before = int(east.exec_run(["sh", "-c", arrived]).output)
        west.exec_run(["bash", "-c", f"echo heard > /dev/udp/{address}/9"])
        time.sleep(0.5)
        assert int(east.exec_run(["sh", "-c", arrived]).output) > before
    finally:
        places.rejoin("east")


def test_a_place_that_is_started_again_has_lost_no_packets(
    places: Places, client: docker.DockerClient, layout: TwinLayout, image: str
) -> None:
    places.isolate("west")
    places.start(image, DAEMON_JSON, quiet)
    assert reaches(client, layout, "west", "east")


def test_a_half_made_twin_is_taken_up_again(
    places: Places, client: docker.DockerClient, layout: TwinLayout, image: str
) -> None:
    places.kill("west")
    places.cut("witness")
    client.containers.get(layout.place("east").container).remove(force=True)
    places.start(image, DAEMON_JSON, quiet)
    places.swarm()
    assert all(places.running(place) for place in layout.places)
    assert reaches(client, layout, "west", "east")
    assert reaches(client, layout, "west", "witness")


def test_a_place_made_from_other_settings_is_replaced_and_keeps_its_data(
    places: Places, client: docker.DockerClient, layout: TwinLayout, image: str, tmp_path: Path
) -> None:
    before = ids(client, layout)
    with closing(places.engine("east")) as engine:
        engine.volumes.create("kept")
    other = tmp_path / "daemon.json"
    other.write_text(DAEMON_JSON.read_text().replace("10m", "11m"))
    places.start(image, other, quiet)
    assert not set(ids(client, layout).values()) & set(before.values())
    with closing(places.engine("east")) as engine:
        assert [volume.name for volume in engine.volumes.list()] == ["kept"]
    places.start(image, DAEMON_JSON, quiet)


def test_images_are_handed_over_once(places: Places, image: str) -> None:
    said: list[str] = []
    for _ in range(2):
        places.hand_over({"witness": [image]}, lambda place, _text: said.append(place))
    assert said == ["witness"]
    with closing(places.engine("witness")) as engine:
        assert engine.images.get(image)


def test_a_network_in_the_range_is_named_in_the_error(client: docker.DockerClient, tmp_path: Path) -> None:
    layout = TwinLayout.named("test-range", tmp_path)
    pool = docker.types.IPAMPool(subnet=str(layout.place("west").subnet))
    other = client.networks.create("test-range-other", ipam=docker.types.IPAMConfig(pool_configs=[pool]))
    try:
        with pytest.raises(RangeTaken, match=r"Docker network 'test-range-other'.*another twin name"):
            Places(client, layout).check_free()
    finally:
        other.remove()


def test_a_port_that_a_program_has_is_named_in_the_error(client: docker.DockerClient, tmp_path: Path) -> None:
    layout = TwinLayout.named("test-ports", tmp_path)
    port = layout.ports[3]
    taken = rf"port {port} is taken by \S+ \(process {os.getpid()}\)"
    with socket.create_server(("127.0.0.1", port)), pytest.raises(PortTaken, match=taken):
        Places(client, layout).check_free()
    Places(client, layout).check_free()


def test_two_twins_live_side_by_side_and_removal_takes_only_its_own(
    places: Places, client: docker.DockerClient, layout: TwinLayout, image: str, tmp_path: Path
) -> None:
    other = TwinLayout.named("test-second", tmp_path)
    second = Places(client, other)
    try:
        second.check_free()
        second.start(image, DAEMON_JSON, quiet)
    finally:
        removed = second.remove()
    assert len([thing for thing in removed if thing.startswith(("container", "volume"))]) == 6
    assert second.remove() == []
    assert not other.runtime.exists()
    ours = labelled(other.labels)
    assert client.containers.list(all=True, filters=ours) == []
    assert client.volumes.list(filters=ours) == []
    assert client.networks.list(filters=ours) == []
    assert all(places.running(place) for place in layout.places)
