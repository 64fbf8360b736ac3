"""The way in on a real twin: the colours, what is told to the edge, and that a switch is no difference."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest

from bicoastal.twin.twin import Twin
from tests.twin.conftest import Command
from tests.twin.test_two_regions import in_container

pytestmark = [pytest.mark.twin, pytest.mark.timeout(600)]

REGION = "east"


def live_colour(twin: Twin, *colour: str) -> str:
    code, said = in_container(twin, REGION, "haproxy-1", "live-colour", *colour)
    assert code == 0, said
    return str(said).strip()


def region_health(twin: Twin) -> tuple[int, str]:
    url = f"http://{twin.layout.place(REGION).address}:8080/region-health"
    try:
        answer = httpx.get(url, trust_env=False, timeout=5)
    except httpx.HTTPError:
        return 0, ""
    return answer.status_code, answer.text


def comes_to(twin: Twin, wanted: tuple[int, str], limit_s: float = 90) -> bool:
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if region_health(twin) == wanted:
            return True
        time.sleep(0.2)
    return False


@pytest.fixture(scope="module", autouse=True)
def brought_back(twin: Twin, bicoastal: Command) -> Iterator[None]:
    """Scaling by Docker's SDK writes what it read back in other words: mended here, not by a later test."""
    yield
    assert bicoastal("up", twin.layout.name).exit_code == 0


@contextmanager
def scaled_to_nothing(twin: Twin, service: str) -> Iterator[None]:
    with twin.engines([REGION]) as engines:
        (found,) = engines[REGION].services.list(filters={"name": f"local_{service}"})
        tasks = found.attrs["Spec"]["Mode"]["Replicated"]["Replicas"]
        found.scale(0)
        try:
            yield
        finally:
            found.reload()
            found.scale(tasks)


def test_a_switch_under_load_fails_nobody_and_up_shows_no_difference(twin: Twin, bicoastal: Command) -> None:
    statuses: list[tuple[int, str]] = []
    stop = threading.Event()

    def user() -> None:
        with httpx.Client(base_url=twin.edge.url, trust_env=False, timeout=10) as edge:
            while not stop.wait(0.02):
                answer = edge.get("/api/pins?bbox=-75,40,-73,41")
                statuses.append((answer.status_code, answer.headers["x-colour"]))

    users = [threading.Thread(target=user) for _ in range(4)]
    for each in users:
        each.start()
    try:
        for colour in ("green", "blue", "green"):
            time.sleep(2)
            live_colour(twin, colour)
        time.sleep(2)
    finally:
        stop.set()
        for each in users:
            each.join()
    assert {status for status, _ in statuses} == {200}
    assert {colour for _, colour in statuses} == {"blue", "green"}
    assert len(statuses) > 100
    result = bicoastal("up", twin.layout.name)
    assert "0 changes" in result.output
    assert live_colour(twin) == "green"


def test_the_live_colour_survives_the_balancers_end(twin: Twin) -> None:
    live_colour(twin, "green")
    with twin.engines([REGION]) as engines:
        (old,) = [c for c in engines[REGION].containers.list() if "_haproxy-1." in c.name]
        old.kill()
    assert comes_to(twin, (200, "primary"))
    assert live_colour(twin) == "green"
    live_colour(twin, "blue")


@pytest.mark.parametrize("service", ["nginx", "api-blue"])
def test_the_region_may_have_no_traffic_without_nginx_or_without_its_live_colour(
    twin: Twin, service: str
) -> None:
    live_colour(twin, "blue")
    with scaled_to_nothing(twin, service):
        assert comes_to(twin, (503, "api"))
    assert comes_to(twin, (200, "primary"))


def test_a_region_goes_on_without_its_idle_colour(twin: Twin) -> None:
    live_colour(twin, "blue")
    with scaled_to_nothing(twin, "api-green"):
        time.sleep(5)
        assert region_health(twin) == (200, "primary")


def test_the_way_back_from_nginx_is_not_reachable_from_outside(twin: Twin) -> None:
    for port in (8081, 8443):
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"http://{twin.layout.place(REGION).address}:{port}/", trust_env=False)


def test_the_edges_word_on_the_client_reaches_nginx_and_nobody_elses_does(twin: Twin) -> None:
    address = f"http://{twin.layout.place(REGION).address}:8080/nowhere"
    command = [
        "curl",
        "--silent",
        "--output",
        "/dev/null",
        "--header",
        "X-Forwarded-For: 203.0.113.9",
        address,
    ]
    twin.client.containers.get(twin.layout.edge_container).exec_run(command)
    httpx.get(address, headers={"X-Forwarded-For": "203.0.113.10"}, trust_env=False)
    with twin.engines([REGION]) as engines:
        log = b"".join(c.logs() for c in engines[REGION].containers.list() if "_nginx." in c.name).decode()
    assert '"client":"203.0.113.9"' in log
    assert "203.0.113.10" not in log


def test_nginx_accepts_its_configuration(twin: Twin) -> None:
    code, said = in_container(twin, REGION, "nginx", "nginx", "-t", "-c", "/etc/nginx/nginx.conf")
    assert code == 0, said


def test_one_who_floods_the_question_for_the_region_takes_no_traffic_from_it(twin: Twin) -> None:
    url = f"http://{twin.layout.place(REGION).address}:8080/region-health"
    with httpx.Client(trust_env=False, timeout=5) as flood, ThreadPoolExecutor(20) as pool:
        statuses = Counter(pool.map(lambda _: flood.get(url).status_code, range(500)))
    assert set(statuses) == {200, 429}
    assert statuses[429] > 200
    assert twin.edge.pools()[REGION]
    assert comes_to(twin, (200, "primary"), 5)


def test_what_is_counted_is_not_for_users(twin: Twin) -> None:
    assert httpx.get(f"{twin.edge.url}/metrics", trust_env=False).status_code == 404
