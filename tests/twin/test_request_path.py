"""The request path of one place, in the images that ship: colours, draining, hardening, limits."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import docker
import httpx
import pytest

from bicoastal.ingress.configuration import LIVE_MAP
from tests.twin.request_path import USERS, RequestPath, log_of, request_path

pytestmark = [pytest.mark.twin, pytest.mark.timeout(300)]

FROM = "x-forwarded-for"
SLOW_S = 5


@pytest.fixture(scope="module")
def path(client: docker.DockerClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RequestPath]:
    limits = {"requests_per_s": 20, "burst": 20, "client_timeout_s": 2}
    with request_path(client, tmp_path_factory.mktemp("path"), limits) as found:
        assert until(lambda: get(found, "/").status_code == 200), found.said()
        yield found


def get(path: RequestPath, target: str, **headers: str) -> httpx.Response:
    return USERS.get(path.url + target, headers=headers)


def until(holds: Any, limit_s: float = 30) -> bool:
    """Whether it holds in time."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        try:
            if holds():
                return True
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    return False


def region_health(path: RequestPath) -> int:
    """The status, as an edge asks that does not wait for ever."""
    return USERS.get(path.url + "/region-health", timeout=2).status_code


def colour_of(answer: httpx.Response) -> str:
    return str(answer.json()["colour"])


def test_the_first_colour_is_live_until_another_is_chosen(path: RequestPath) -> None:
    assert path.live() == "blue"
    assert colour_of(get(path, "/")) == "blue"


def test_a_switch_fails_no_request_and_those_in_flight_end_where_they_are(path: RequestPath) -> None:
    path.make_live("blue")
    with ThreadPoolExecutor(9) as pool:
        in_flight = [
            pool.submit(get, path, f"/slow?s={SLOW_S}", **{FROM: f"198.51.100.{n}"}) for n in range(8)
        ]
        assert until(lambda: path.in_flight("api-blue") == len(in_flight), SLOW_S)
        switching = pool.submit(path.make_live, "green")
        during = [get(path, "/", **{FROM: f"203.0.113.{n}"}) for n in range(100)]
        switching.result()
        after = [get(path, "/", **{FROM: f"203.0.113.{100 + n}"}) for n in range(20)]
        ended = [request.result() for request in in_flight]
    assert {answer.status_code for answer in (*during, *after, *ended)} == {200}
    assert {colour_of(answer) for answer in ended} == {"blue"}
    assert {colour_of(answer) for answer in after} == {"green"}


def test_a_switch_survives_the_balancers_restart(path: RequestPath) -> None:
    for colour in ("green", "blue", "green"):
        path.make_live(colour)
        path.start_again("haproxy")
        assert until(lambda: get(path, "/", **{FROM: "203.0.113.1"}).status_code == 200)
        assert path.live() == colour
        assert colour_of(get(path, "/")) == colour


def test_a_switch_that_was_cut_off_is_told_and_completed_by_the_same_command(path: RequestPath) -> None:
    path.make_live("blue")
    path.run("haproxy", "sh", "-c", f"echo live green > {LIVE_MAP}")
    code, said = path.run("haproxy", "live-colour")
    assert code == 0
    assert "cut off" in said
    assert "blue" in said.splitlines()
    path.make_live("green")
    assert path.live() == "green"


def test_the_same_switch_twice_is_one(path: RequestPath) -> None:
    for _ in range(2):
        path.make_live("green")
    assert path.live() == "green"


@pytest.mark.parametrize("wrong", ["purple", "", "green blue", "Blue", "../x", "blue;"])
def test_a_colour_that_is_none_is_refused_and_nothing_changes(path: RequestPath, wrong: str) -> None:
    before = path.live()
    code, said = path.run("haproxy", "live-colour", wrong)
    assert code == 1
    assert repr(wrong) in said
    assert "allowed: blue green" in said
    assert path.live() == before


def test_nobody_behind_is_told_by_the_balancer(path: RequestPath) -> None:
    assert get(path, "/region-health").status_code == 200
    path.make_live("blue")
    for missing in ("blue", "nginx"):
        path.containers[missing].pause()
        try:
            assert until(lambda: region_health(path) == 503), missing
            answer = get(path, "/region-health")
            assert (answer.status_code, answer.text) == (503, "api")
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["x-region"] == "east"
        finally:
            path.containers[missing].unpause()
        assert until(lambda: region_health(path) == 200), missing


def test_a_colour_without_requests_may_be_gone(path: RequestPath) -> None:
    path.make_live("blue")
    path.containers["green"].pause()
    try:
        time.sleep(5)
        assert get(path, "/region-health").status_code == 200
    finally:
        path.containers["green"].unpause()


def test_nginx_stops_without_a_failed_request(path: RequestPath, client: docker.DockerClient) -> None:
    def ask(number: int) -> int:
        time.sleep(0.3)
        return get(path, "/", **{FROM: f"192.0.2.{number % 250}"}).status_code

    with path.second_nginx(), ThreadPoolExecutor(16) as pool:
        assert until(lambda: path.servers_up("nginx") == 2)
        asked = [pool.submit(ask, number) for number in range(400)]
        time.sleep(1)
        path.containers["nginx"].stop(timeout=60)
        assert {request.result() for request in asked} == {200}
        path.start_again("nginx")
        assert until(lambda: path.servers_up("nginx") == 2)


def test_every_answer_has_the_security_headers_once(path: RequestPath) -> None:
    for target in ("/", "/region-health", "/nginx-health", "/" + "x" * 9000):
        headers = get(path, target, **{FROM: "203.0.113.2"}).headers
        assert headers.get_list("x-frame-options") == ["DENY"], target
        assert headers.get_list("x-content-type-options") == ["nosniff"]
        assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "server" not in headers


def test_the_trace_that_a_request_belongs_to_comes_through(path: RequestPath) -> None:
    trace = {
        "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "tracestate": "vendor=value",
    }
    told = get(path, "/", **{FROM: "203.0.113.9", **trace}).json()["headers"]
    assert {name: told.get(name) for name in trace} == trace


def test_a_request_has_one_name_on_its_whole_way(path: RequestPath) -> None:
    given = get(path, "/", **{"x-request-id": "4f1c2d3e-0000-abcd"})
    assert given.headers["x-request-id"] == "4f1c2d3e-0000-abcd"
    assert given.json()["headers"]["x-request-id"] == "4f1c2d3e-0000-abcd"
    for unusable in ("short", 'a"b<script>' * 3, "x" * 65):
        made = get(path, "/", **{"x-request-id": unusable})
        assert len(made.headers["x-request-id"]) == 32
        assert made.json()["headers"]["x-request-id"] == made.headers["x-request-id"]


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "LOCK"])
def test_a_method_that_the_api_does_not_know_stays_outside(path: RequestPath, method: str) -> None:
    answer = USERS.request(method, path.url + "/", headers={FROM: "203.0.113.3"})
    assert answer.status_code in (400, 405, 501)


def test_a_body_over_the_limit_is_refused(path: RequestPath) -> None:
    inside = USERS.post(path.url + "/", content=b"x" * 1024 * 1024)
    over = USERS.post(path.url + "/", content=b"x" * (1024 * 1024 + 1))
    assert inside.json()["received"] == 1024 * 1024
    assert over.status_code == 413
    assert over.json() == {"error": "the body is larger than 1024 KiB"}


@pytest.mark.parametrize("begun", [b"", b"x" * 20_000])
def test_a_body_that_does_not_come_is_cut(path: RequestPath, begun: bytes) -> None:
    host, port = path.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        head = (
            f"POST / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.4\r\nContent-Length: {len(begun) + 9}"
        )
        connection.sendall(f"{head}\r\n\r\n".encode() + begun)
        began = time.monotonic()
        answer = connection.recv(4096)
    assert time.monotonic() - began < 15
    assert not answer.startswith(b"HTTP/1.1 2")


def ask_often(path: RequestPath, client_address: str) -> list[int]:
    url, headers = path.url, {FROM: client_address}
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda _: USERS.get(url, headers=headers).status_code, range(200)))


def test_two_users_do_not_share_a_limit(path: RequestPath) -> None:
    assert 429 in ask_often(path, "203.0.113.50")
    assert get(path, "/", **{FROM: "203.0.113.51"}).status_code == 200
    told = get(path, "/", **{FROM: "203.0.113.50"})
    if told.status_code == 429:
        assert told.json() == {"error": "too many requests"}
    limited = [line for line in log_of(path.containers["nginx"]) if line["status"] == 429]
    assert {line["client"] for line in limited} == {"203.0.113.50"}


def test_only_the_edge_may_name_the_client(path: RequestPath) -> None:
    insider = ("curl", "--silent", "--header", f"{FROM}: 203.0.113.60", path.url + "/")
    _, said = path.run("green", *insider)
    assert "203.0.113.60" not in said
    told = get(path, "/", **{FROM: "198.51.100.1, 203.0.113.61"}).json()["headers"]
    assert told[FROM] == "203.0.113.61"


def test_the_access_log_is_json_without_a_query(path: RequestPath) -> None:
    get(path, "/api/pins?bbox=-75,40,-73,41", **{FROM: "203.0.113.70", "user-agent": 'a "quoted" one'})
    nginx = path.containers["nginx"]
    assert until(lambda: log_of(nginx)[-1]["client"] == "203.0.113.70", 5)
    line = log_of(nginx)[-1]
    assert (line["path"], line["method"]) == ("/api/pins", "GET")
    assert line["user_agent"] == 'a "quoted" one'
    assert "-75" not in path.containers["nginx"].logs().decode()


def test_a_certificate_from_another_authority_is_not_believed(
    client: docker.DockerClient, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("stranger")
    with request_path(client, folder, {}, signed_by_another=True) as found:
        assert until(lambda: get(found, "/region-health").status_code == 503)
        time.sleep(3)
        assert get(found, "/region-health").text == "api"
        assert get(found, "/").status_code == 503
        assert found.servers_up("nginx") == 0
        assert found.servers_up("api-blue") == 1


def test_old_tls_is_refused(path: RequestPath) -> None:
    for protocol, code in (("--tls-max 1.1 --tlsv1.0", 35), ("--tlsv1.2 --tls-max 1.2", 0), ("--tlsv1.3", 0)):
        command = f"curl --silent --insecure --output /dev/null {protocol} https://nginx:8443/nginx-health"
        assert path.run("blue", *command.split())[0] == code, protocol
