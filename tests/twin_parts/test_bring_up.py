"""Bringing a twin up after a deploy that nobody ended."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from bicoastal.operations.journal import Journal
from bicoastal.operations.lock import exclusively
from bicoastal.operations.refusal import OperationFailed, Refused
from bicoastal.operations.repair import image_setting
from bicoastal.twin import bring_up as module
from bicoastal.twin.bring_up import bring_up
from bicoastal.twin.layout import PLACES
from tests.operations.environments import OLD, deployable

NEW = "shop/api:2"


class FakeTwin:
    """A twin on an environment of fakes; what is declared for it are the images of its colours."""

    def __init__(self, running, settings=None):
        self.running = self.environment = running
        self.layout = SimpleNamespace(folder=running.folder, name="shop")
        self.settings = settings or image_setting("green", NEW)
        self.mends_balancers = False

    def check(self):
        pass

    def reloaded(self):
        try:
            with exclusively(self.running.folder, "test"):
                self.reloaded_under_lock = False
        except Refused:
            self.reloaded_under_lock = True
        return self

    def start(self, progress, only):
        self.shown_at_start = dict(self.running.colours.shown)
        for place in set(self.running.lost).intersection(only or PLACES):
            self.running.regain(place)

    def having(self, settings):
        return FakeTwin(self.running, settings)

    def up(self, progress, report, only):
        self.start(progress, only)
        colours = self.running.colours
        if self.mends_balancers:
            colours.lost.clear()
        for colour, image in self.settings["api"]["images"].items():
            colours.within(only).give(colour, image or OLD)
        return "brought"


@pytest.fixture
def twin(tmp_path, monkeypatch):
    """A twin whose deploy of NEW under green was cut off when all users had come to it."""

    @contextmanager
    def running_colours(running, only=()):
        found = running.colours.within(only)
        found.reach(*set(running.lost).intersection(found.regions))
        yield found

    monkeypatch.setattr(module, "RunningTwin", lambda twin: twin.running)
    monkeypatch.setattr(module, "running_colours", running_colours)
    monkeypatch.setattr(module, "BALANCERS_LIMIT_S", 0)
    running = deployable(tmp_path)
    running.colours.images["green"] = NEW
    running.colours.shown = {"west": "green", "east": "green"}
    Journal(NEW, "blue", "green", None, "users move").save(tmp_path)
    return FakeTwin(running)


def up(twin, *only):
    said = []
    assert bring_up(twin, lambda _, text: said.append(text), lambda _: None, only=only) == "brought"
    assert twin.running.colours.wrong_moments == []
    return said


def test_a_deploy_is_taken_back_in_the_places_that_are_left_and_stays_open(twin):
    twin.running.lose("east")
    said = up(twin, "west")
    assert twin.running.colours.shown == {"west": "blue", "east": "green"}
    assert twin.running.colours.images["green"] == OLD
    assert Journal.load(twin.running.folder).unfinished
    assert "to take it back everywhere: bicoastal up shop" in said


def test_the_next_up_of_all_places_ends_it(twin):
    twin.running.lose("east")
    up(twin, "west")
    twin.running.regain("east")
    up(twin)
    assert set(twin.running.colours.shown.values()) == {"blue"}
    assert twin.running.colours.images["green"] == OLD
    assert not Journal.load(twin.running.folder).unfinished


def test_a_place_that_is_still_lost_is_started_and_its_users_moved_before_the_image_goes(twin):
    twin.running.lose("east")
    up(twin)
    assert twin.shown_at_start == {"west": "blue", "east": "green"}
    assert set(twin.running.colours.shown.values()) == {"blue"}
    assert not Journal.load(twin.running.folder).unfinished


def test_a_place_without_users_takes_no_deploy_back(twin):
    assert up(twin, "witness") == []
    assert set(twin.running.colours.shown.values()) == {"green"}
    assert Journal.load(twin.running.folder).unfinished


def test_an_image_stays_while_its_users_cannot_be_moved(twin):
    twin.running.colours.lost.add("east")
    with pytest.raises(
        OperationFailed, match=r"east: users could not be sent to blue.*green keeps the image"
    ):
        up(twin)
    assert twin.running.colours.shown == {"west": "blue", "east": "green"}
    assert twin.running.colours.images["green"] == NEW
    assert twin.running.colours.wrong_moments == []


def test_balancers_that_up_itself_mends_hold_up_no_way_back(twin):
    twin.running.colours.lost.add("east")
    twin.mends_balancers = True
    up(twin)
    assert set(twin.running.colours.shown.values()) == {"blue"}
    assert twin.running.colours.images["green"] == OLD


def test_settings_are_read_again_when_nobody_else_can_change_them(twin):
    up(twin)
    assert twin.reloaded_under_lock
