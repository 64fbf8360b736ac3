"""The layout of a twin: computed from its name alone."""

import ipaddress
from pathlib import Path

import pytest

from bicoastal.topology import Place
from bicoastal.twin.layout import TWINS_SPACE, NotATwinName, TwinLayout

PROJECT = Path("/project")


@pytest.mark.parametrize("name", ["a", "local", "ci-42", "x" * 20])
def test_a_name_that_docker_accepts_is_accepted(name: str) -> None:
    assert TwinLayout.named(name, PROJECT).name == name


@pytest.mark.parametrize("name", ["", "Local", "1st", "-x", "a_b", "x" * 21, "a b", "a\n", "../a"])
def test_another_name_is_refused_with_what_is_allowed(name: str) -> None:
    with pytest.raises(NotATwinName, match=r"given: .* allowed: 1 to 20 lower-case letters.* fix: "):
        TwinLayout.named(name, PROJECT)


def test_the_same_name_always_gives_the_same_layout() -> None:
    assert TwinLayout.named("local", PROJECT) == TwinLayout.named("local", PROJECT)


def test_every_twin_lies_within_the_space_and_ports_of_twins() -> None:
    for number in range(300):
        layout = TwinLayout.named(f"twin-{number}", PROJECT)
        assert layout.wan.subnet_of(TWINS_SPACE)
        assert layout.wan.prefixlen == 24
        assert layout.ports[0] >= 20_000
        assert layout.ports[-1] <= 29_999


def test_twins_of_different_slots_share_neither_address_nor_port() -> None:
    twins = {layout.slot: layout for n in range(300) if (layout := TwinLayout.named(f"t{n}", PROJECT))}
    ports = [port for layout in twins.values() for port in layout.ports]
    assert len(ports) == len(set(ports))
    assert len({layout.wan for layout in twins.values()}) == len(twins)


def test_a_places_address_is_the_one_that_the_topology_computes() -> None:
    for place in TwinLayout.named("local", PROJECT).places.values():
        declared = Place(name=place.name, region="us-east-1", subnet=str(place.subnet))
        assert place.address == declared.address(0)


def test_no_two_places_nor_the_edge_nor_the_gateway_share_an_address() -> None:
    layout = TwinLayout.named("local", PROJECT)
    addresses = [place.address for place in layout.places.values()] + [layout.edge_address, layout.gateway]
    assert len(set(addresses)) == 5
    assert all(ipaddress.IPv4Address(address) in layout.wan for address in addresses)
    subnets = [place.subnet for place in layout.places.values()]
    assert not any(ipaddress.IPv4Address(layout.edge_address) in subnet for subnet in subnets)


def test_everything_of_a_twin_carries_its_name() -> None:
    layout = TwinLayout.named("demo", PROJECT)
    assert layout.labels == {"io.bicoastal.twin": "demo"}
    assert layout.network == "bicoastal-demo-wan"
    assert layout.place("east").container == "bicoastal-demo-east"
    assert layout.folder == Path("/project/.twins/demo")


def test_a_runtime_folder_too_long_for_a_socket_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getuid", lambda: 1000)
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/" + "x" * 90)
    with pytest.raises(NotATwinName, match="too long for a unix socket"):
        TwinLayout.named("local", PROJECT)


def test_a_user_gets_sockets_in_a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getuid", lambda: 1000)
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/1000")
    host = TwinLayout.named("local", PROJECT).place("west").docker_host
    assert host == "unix:///run/user/1000/bicoastal-1000/local/west/docker.sock"
