"""Published images: used where they are here, pulled where a registry answers, else left out and told why."""

import json
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import docker
import pulumi
import pytest
from docker.errors import APIError, ImageNotFound

from bicoastal.monitoring.watchers.optional import OPTIONAL_PARTS
from bicoastal.twin.environment import Environment
from bicoastal.twin.layout import TwinLayout
from bicoastal.twin.project import Project
from bicoastal.twin.twin import Twin
from bicoastal.twin.upstream import FILE, Upstream, UpstreamImage, listed, obtain

ROOT = Path(__file__).parents[2]
IMAGES = listed(ROOT / "images")
NAMES = sorted(IMAGES)


class Engine:
    """The engine's images, faked at the docker SDK. `registry` says what a pull of a repository comes to:
    the digest that it brings, an error, or a wait."""

    def __init__(
        self, registry: dict[str, Any] | None = None, here: dict[str, list[str]] | None = None
    ) -> None:
        self.registry = registry or {}
        self.here = here or {}
        self.tags: dict[str, str] = {}
        self.pulled: list[str] = []
        self.release = threading.Event()
        self.images = self
        self.api = SimpleNamespace(pull=self.pull)

    @property
    def client(self) -> docker.DockerClient:
        return cast(docker.DockerClient, self)

    def get(self, name: str) -> Any:
        if name not in self.here and name not in self.tags:
            raise ImageNotFound("no such image")

        def tag(repository: str, version: str) -> bool:
            self.tags[f"{repository}:{version}"] = name
            return True

        return SimpleNamespace(attrs={"RepoDigests": self.here.get(name, [])}, tag=tag)

    def pull(self, repository: str, tag: str, stream: bool, decode: bool) -> Any:
        assert (stream, decode) == (True, True)
        self.pulled.append(f"{repository}@{tag}")
        came = self.registry.get(repository, tag)
        if isinstance(came, Exception):
            raise came
        return self._told(repository, tag, came)

    def _told(self, repository: str, tag: str, came: Any) -> Any:
        if came == "hangs":
            self.release.wait(30)
            return
        yield {"status": f"Pulling from {repository}"}
        if came == "breaks":
            yield {"error": "unexpected\n  EOF"}
        elif came == "slow":
            self.release.wait(30)
        else:
            self.here[f"{repository}@{tag}"] = [f"{repository}@{came}"]


def quiet(*_: str) -> None:
    """Nobody listens."""


def got(engine: Engine, **limits: float) -> Upstream:
    return obtain(engine.client, NAMES, IMAGES, quiet, **limits)


def test_what_is_listed_is_pinned_by_a_digest_of_its_own_and_covers_every_part():
    assert {image for part in OPTIONAL_PARTS.values() for image in part.images} <= set(IMAGES)
    assert len({image.digest for image in IMAGES.values()}) == len(IMAGES)


def test_what_a_registry_has_is_pulled_by_digest_and_given_a_tag_that_tells_its_content():
    engine = Engine()
    assert got(engine) == Upstream(tuple(NAMES), {})
    assert sorted(engine.pulled) == sorted(image.reference for image in IMAGES.values())
    for image in IMAGES.values():
        assert engine.tags[image.tag] == image.reference
        assert image.digest.removeprefix("sha256:")[:12] in image.tag


def test_what_is_here_is_used_and_no_registry_is_asked():
    image = IMAGES["grafana"]
    by_digest = Engine(here={image.reference: [image.reference]})
    assert "grafana" in got(by_digest).had
    by_tag = Engine(here={image.tag: []})
    assert "grafana" in got(by_tag).had
    for engine in (by_digest, by_tag):
        assert image.reference not in engine.pulled


def test_one_that_is_refused_is_left_out_with_the_reason_and_the_others_come():
    refusal = APIError("500", explanation="pull access denied for grafana/loki,\n  repository does not exist")
    upstream = got(Engine({"grafana/loki": refusal, "grafana/alloy": "breaks"}))
    assert set(NAMES) - set(upstream.had) == {"loki", "alloy"}
    assert upstream.left_out == {
        "loki": "pull access denied for grafana/loki, repository does not exist",
        "alloy": "unexpected EOF",
    }


def test_what_has_another_digest_is_not_used():
    other = f"sha256:{'0' * 64}"
    upstream = got(Engine({"grafana/grafana": other}))
    assert "has not the digest" in upstream.left_out["grafana"]
    assert "grafana" not in upstream.had


def test_a_machine_without_a_registry_loses_no_more_than_the_time_limit_for_all_of_them():
    engine = Engine(dict.fromkeys((image.repository for image in IMAGES.values()), "hangs"))
    begun = time.monotonic()
    upstream = got(engine, answer_s=0.3)
    assert time.monotonic() - begun < 2
    engine.release.set()
    assert upstream.had == ()
    assert set(upstream.left_out.values()) == {"no registry answered in time"}


def test_one_that_begins_may_take_longer_than_the_answer_but_not_for_ever():
    engine = Engine({"grafana/grafana": "slow"})
    upstream = got(engine, answer_s=0.3, pull_s=0.6)
    engine.release.set()
    assert list(upstream.left_out) == ["grafana"]
    assert "not here in time" in upstream.left_out["grafana"]


def test_one_that_nobody_pinned_is_left_out():
    upstream = obtain(Engine().client, ["grafana"], {}, quiet)
    assert upstream.left_out == {"grafana": "not in images/upstream.json"}


def test_nothing_is_asked_for_that_nobody_wants():
    engine = Engine()
    assert obtain(engine.client, [], IMAGES, quiet) == Upstream()
    assert engine.pulled == []


def test_a_list_without_digests_is_refused(tmp_path):
    entry = {"repository": "grafana/grafana", "version": "13.2.3", "digest": "latest"}
    (tmp_path / FILE).write_text(json.dumps({"grafana": entry}))
    with pytest.raises(pulumi.InputPropertiesError, match=r"upstream\.json: grafana.*not pinned"):
        listed(tmp_path)
    assert listed(tmp_path / "none") == {}


def test_what_was_had_is_kept_for_whoever_asks_and_asked_for_anew(tmp_path):
    assert Upstream.load(tmp_path) == Upstream()
    upstream = Upstream(("grafana",), {"loki": "no registry answered in time"})
    upstream.save(tmp_path)
    assert Upstream.load(tmp_path) == upstream


@pytest.fixture
def environment(tmp_path):
    layout = TwinLayout.named("test", tmp_path)
    return Environment(Project.find(ROOT), layout, {})


def services(environment):
    return {
        service["image"]
        for file in environment.stack_files.values()
        for service in file.compose["services"].values()
    }


def test_without_the_images_the_twin_is_what_it_is_without_the_parts(environment):
    Upstream((), {"grafana": "no registry answered in time"}).save(environment.layout.folder)
    bare = Environment(environment.project, environment.layout, {"monitoring": {"grafana": None}})
    told, without = (each.config(each.stand_ins, each.upstream.had)[0] for each in (environment, bare))
    assert told["smellpin:images"] == without["smellpin:images"]
    assert services(environment) == services(bare)
    assert environment.parts_left_out == {"grafana": "no image grafana: no registry answered in time"}
    assert environment.parts_had == []


def test_with_its_image_a_part_runs_from_the_tag_that_the_places_are_handed(environment):
    Upstream(("grafana",), {}).save(environment.layout.folder)
    assert IMAGES["grafana"].tag in services(environment)
    assert environment.parts_had == ["grafana"]
    assert environment.parts_left_out == {}


def test_the_rehearsal_checks_a_parts_settings_before_anything_is_had(environment):
    broken = Environment(
        environment.project, environment.layout, {"monitoring": {"grafana": {"root_url": "http://x"}}}
    )
    with pytest.raises(pulumi.InputPropertiesError, match=r"grafana\.root_url"):
        broken.check()


def test_up_says_what_is_left_out_and_goes_on(environment, monkeypatch):
    engine = Engine({"grafana/grafana": APIError("500", explanation="no route to host")})
    monkeypatch.setattr("bicoastal.twin.twin.build", lambda *_: None)
    twin = Twin(engine.client, environment)
    monkeypatch.setattr(
        "bicoastal.twin.twin.Places", lambda *_: SimpleNamespace(start=quiet, swarm=lambda: None)
    )
    said: list[tuple[str, str]] = []
    twin.start(lambda what, state: said.append((what, state)))
    assert ("grafana", "left out: no image grafana: no route to host") in said
    assert twin.grafanas == {}
    engine.registry.clear()
    twin.start(quiet)
    assert set(twin.grafanas) == {"east", "west"}
    assert twin.grafanas["east"] == f"https://{environment.layout.place('east').address}:3000"


def test_an_image_is_named_by_what_it_is():
    image = UpstreamImage("grafana", "grafana/grafana", "13.2.3", f"sha256:{'a' * 64}")
    assert image.reference == f"grafana/grafana@sha256:{'a' * 64}"
    assert image.tag == f"bicoastal/upstream-grafana:13.2.3-{'a' * 12}"


def test_an_engine_that_cannot_say_what_it_has_ends_nothing():
    class Broken(Engine):
        def get(self, name: str) -> Any:
            raise APIError(f"no answer for {name}")

    came = obtain(Broken().client, ["loki"], IMAGES, quiet)
    assert came.had == ()
    assert came.left_out["loki"].startswith("no answer for bicoastal/upstream-loki")
