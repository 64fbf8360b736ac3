"""The status, live."""

import time
from types import SimpleNamespace

import pytest
from rich.console import Console

from bicoastal.cli import watch


@pytest.fixture
def shown(monkeypatch):
    """What the display shows after looks that do what `outcomes` say; the last one repeats."""
    monkeypatch.setattr(watch, "INTERVAL_S", 0.01)
    monkeypatch.setattr(watch, "status_table", lambda status: f"table of {status}")

    def run(*outcomes):
        left, asked = list(outcomes), []

        def look(twin, cluster):
            asked.append(twin)
            outcome = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setattr(watch, "look", look)
        cluster = SimpleNamespace(close=lambda: None)
        looks = watch._Looks(SimpleNamespace(cluster=lambda: cluster))
        looks.begin()
        deadline = time.monotonic() + 30
        while len(asked) <= len(outcomes) and time.monotonic() < deadline:
            time.sleep(0.01)
        looks.end()
        console = Console(width=100)
        with console.capture() as captured:
            console.print(looks.shown())
        return captured.get()

    return run


def test_the_newest_look_is_shown_with_its_age(shown):
    told = shown("first", "second")
    assert "table of second" in told
    assert "seen 0 s ago" in told


def test_an_error_is_shown_beside_the_last_look_that_succeeded(shown):
    told = shown("first", OSError("east is gone"))
    assert "table of first" in told
    assert "OSError: east is gone" in told


def test_an_error_before_any_look_is_shown(shown):
    assert "OSError: no engine" in shown(OSError("no engine"))


def test_a_look_is_taken_again_after_an_error(shown):
    assert "table of later" in shown(OSError("gone"), "later")
