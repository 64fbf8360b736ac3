"""The reference API's promises, over a store that a test can break."""

import asyncio
import json

import pytest
from sample_api.app import create_app
from sample_api.database import Database
from sample_api.pins import NoPrimary, Pin
from sample_api.region import PrimaryIs, region_health
from sample_api.settings import Settings, SettingsError
from starlette.testclient import TestClient


class MemoryStore:
    """A store in memory whose primary can be anywhere."""

    def __init__(self) -> None:
        self.pins: dict[tuple[str, int], Pin] = {}
        self.primary = PrimaryIs.HERE

    async def open(self):
        await asyncio.sleep(0)

    async def close(self):
        await asyncio.sleep(0)

    async def add(self, pin):
        self._need_primary()
        key = (pin.client, pin.sequence)
        if key in self.pins:
            return self.pins[key].id, False
        self.pins[key] = Pin(len(self.pins) + 1, pin.latitude, pin.longitude, pin.label)
        return self.pins[key].id, True

    async def get(self, number):
        self._need_primary()
        return next((pin for pin in self.pins.values() if pin.id == number), None)

    async def within(self, box, limit):
        self._need_primary()
        found = [p for p in self.pins.values() if box.south <= p.latitude <= box.north]
        return found[:limit]

    async def primary_is(self, region):
        return self.primary

    def _need_primary(self):
        if self.primary is PrimaryIs.NOWHERE:
            raise NoPrimary


ENVIRONMENT = {"REGION": "east", "COLOUR": "blue", "DATABASE_NAME": "pins", "DATABASE_USER": "pins"}
PIN = {"client": "phone", "sequence": 7, "latitude": 40.7, "longitude": -74.0, "label": "a rose"}


@pytest.fixture
def password_file(tmp_path):
    file = tmp_path / "password"
    file.write_text("correct-horse\n")
    return str(file)


@pytest.fixture
def store():
    return MemoryStore()


@pytest.fixture
def api(store, password_file):
    settings = Settings.from_environment({**ENVIRONMENT, "DATABASE_PASSWORD_FILE": password_file})
    with TestClient(create_app(settings, store)) as client:
        yield client


@pytest.mark.parametrize(
    ("primary", "status", "body"),
    [
        (PrimaryIs.HERE, 200, "primary"),
        (PrimaryIs.ELSEWHERE, 503, "secondary"),
        (PrimaryIs.NOWHERE, 503, "no primary"),
    ],
)
def test_a_region_may_have_traffic_only_while_the_primary_is_in_it(api, store, primary, status, body):
    store.primary = primary
    answer = api.get("/region-health")
    assert (answer.status_code, answer.text) == region_health(primary) == (status, body)
    assert answer.headers["cache-control"] == "no-store"


def test_a_write_is_answered_201_and_names_its_region_and_colour(api):
    answer = api.post("/api/pins", json=PIN)
    assert answer.status_code == 201
    told = {"id": 1, "region": "east", "colour": "blue", "client": "phone", "sequence": 7}
    assert answer.json() == told


def test_a_write_that_is_sent_again_makes_no_second_pin(api, store):
    first = api.post("/api/pins", json=PIN).json()
    again = api.post("/api/pins", json=PIN)
    assert again.status_code == 200
    assert again.json()["id"] == first["id"]
    assert len(store.pins) == 1


def test_a_person_needs_to_give_only_a_place(api):
    one, other = (api.post("/api/pins", json={"latitude": 1, "longitude": 2}).json() for _ in range(2))
    assert one["client"] == "anonymous"
    assert one["id"] != other["id"]


def test_a_pin_can_be_read_again_alone_and_on_the_map(api):
    number = api.post("/api/pins", json=PIN).json()["id"]
    assert api.get(f"/api/pins/{number}").json()["label"] == "a rose"
    pins = api.get("/api/pins", params={"bbox": "-75,40,-73,41"}).json()["pins"]
    assert [pin["id"] for pin in pins] == [number]


def test_a_pin_that_is_not_there_is_404(api):
    assert api.get("/api/pins/99").status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("latitude", 90.1),
        ("latitude", "40"),
        ("latitude", None),
        ("latitude", float("nan")),
        ("longitude", -181),
        ("longitude", True),
        ("label", "x" * 201),
        ("label", 5),
        ("client", "x" * 101),
        ("client", "nul\0"),
        ("sequence", -1),
        ("sequence", 1.5),
        ("sequence", 2**63),
    ],
)
def test_a_wrong_value_is_422_and_says_what_is_allowed(api, store, field, value):
    answer = api.post("/api/pins", content=json.dumps({**PIN, field: value}))
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == field
    assert answer.json()["error"]["allowed"]
    assert store.pins == {}


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b'"' + b"x" * 17000 + b'"'])
def test_a_body_that_is_no_small_json_object_is_422(api, body):
    assert api.post("/api/pins", content=body).json()["error"]["field"] == "body"


@pytest.mark.parametrize("bbox", ["", "1,2,3", "a,b,c,d", "0,10,0,5", "-181,0,0,1", "nan,0,0,1"])
def test_a_wrong_box_is_422(api, bbox):
    assert api.get("/api/pins", params={"bbox": bbox}).status_code == 422


@pytest.mark.parametrize("limit", ["0", "1001", "ten", "-1"])
def test_a_wrong_limit_is_422(api, limit):
    answer = api.get("/api/pins", params={"bbox": "0,0,1,1", "limit": limit})
    assert answer.json()["error"]["field"] == "limit"


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/api/pins"), ("GET", "/api/pins/1"), ("GET", "/api/pins?bbox=0,0,1,1")]
)
def test_without_a_primary_nothing_is_acknowledged_and_the_client_is_told_to_come_back(
    api, store, method, path
):
    store.primary = PrimaryIs.NOWHERE
    answer = api.request(method, path, json=PIN if method == "POST" else None)
    assert answer.status_code == 503
    assert answer.json() == {"error": "no primary"}
    assert answer.headers["retry-after"] == "1"


def test_a_region_without_a_primary_is_still_ready_and_alive(api, store):
    store.primary = PrimaryIs.NOWHERE
    assert api.get("/ready").status_code == 200
    assert api.get("/health").status_code == 200


def test_an_api_that_has_not_started_is_not_ready(store, password_file):
    settings = Settings.from_environment({**ENVIRONMENT, "DATABASE_PASSWORD_FILE": password_file})
    unstarted = TestClient(create_app(settings, store))
    assert unstarted.get("/ready").status_code == 503


@pytest.mark.parametrize("path", ["/health", "/api/pins/99", "/nowhere", "/region-health"])
def test_every_answer_names_its_region_and_colour(api, path):
    headers = api.get(path).headers
    assert (headers["x-region"], headers["x-colour"]) == ("east", "blue")


def test_requests_and_writes_are_counted_by_route_and_never_by_value(api):
    api.post("/api/pins", json=PIN)
    api.get("/api/pins/1")
    text = api.get("/metrics").text
    assert (
        'http_requests_total{colour="blue",method="POST",region="east",route="/api/pins",status="201"} 1.0'
        in text
    )
    assert 'route="/api/pins/{number}"' in text
    assert 'acknowledged_writes_total{colour="blue",region="east"} 1.0' in text
    assert 'le="0.2"' in text


def test_the_access_log_holds_no_query_and_no_label(api, capsys):
    api.post("/api/pins", json=PIN)
    api.get("/api/pins", params={"bbox": "-75,40,-73,41"})
    log = capsys.readouterr().out
    assert '"route": "/api/pins"' in log
    assert "-75" not in log
    assert "rose" not in log


@pytest.mark.parametrize("missing", ["REGION", "DATABASE_NAME", "DATABASE_USER", "DATABASE_PASSWORD_FILE"])
def test_a_missing_setting_is_named(missing, password_file):
    environment = {**ENVIRONMENT, "DATABASE_PASSWORD_FILE": password_file}
    del environment[missing]
    with pytest.raises(SettingsError, match=missing):
        Settings.from_environment(environment)


def test_a_port_that_is_none_is_refused(password_file):
    environment = {**ENVIRONMENT, "DATABASE_PASSWORD_FILE": password_file, "DATABASE_PORT": "70000"}
    with pytest.raises(SettingsError, match="DATABASE_PORT"):
        Settings.from_environment(environment)


def test_the_password_is_never_shown(password_file):
    settings = Settings.from_environment({**ENVIRONMENT, "DATABASE_PASSWORD_FILE": password_file})
    assert settings.database_password == "correct-horse"
    assert "correct-horse" not in repr(settings)


def test_many_who_ask_for_the_region_at_once_cost_one_question_and_later_another(monkeypatch, password_file):
    asked = []

    async def ask(region):
        asked.append(region)
        await asyncio.sleep(0.01)
        return PrimaryIs.HERE

    async def everybody():
        database = Database(
            Settings.from_environment({**ENVIRONMENT, "DATABASE_PASSWORD_FILE": password_file})
        )
        monkeypatch.setattr(database, "_ask_primary", ask)
        told = await asyncio.gather(*(database.primary_is("east") for _ in range(50)))
        told.append(await database.primary_is("east"))
        monkeypatch.setattr("sample_api.database.REGION_KEPT_S", 0)
        told.append(await database.primary_is("east"))
        return told

    assert set(asyncio.run(everybody())) == {PrimaryIs.HERE}
    assert asked == ["east", "east"]
