"""The commands that messages advise act on the twin that is meant, and delete nothing by the way."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer
from docker.errors import DockerException

import bicoastal
from bicoastal.cli import common
from bicoastal.twin.layout import TwinLayout
from bicoastal.twin.place import Place

LIBRARY = Path(bicoastal.__file__).parent
ADVICE = re.compile(r"bicoastal (?:up|down|status|revive|kill|scale|deploy|failback|switchover)\b[^`;.,]*")


def messages(module: Path) -> Iterator[str]:
    """The texts that a module makes, `{}` for what is put in; docstrings are none."""
    tree = ast.parse(module.read_text())
    statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in node.values)
        elif isinstance(node, ast.Constant) and id(node) not in statements | parts:
            yield str(node.value)


@pytest.mark.parametrize("room", ["cli", "operations", "twin"])
def test_a_command_that_a_message_names_has_the_twins_name(room: str) -> None:
    nameless = [
        f"{module.relative_to(LIBRARY)}: {advice}"
        for module in sorted((LIBRARY / room).rglob("*.py"))
        for text in messages(module)
        for advice in ADVICE.findall(text)
        if not advice.rstrip().endswith("{}")
    ]
    assert nameless == []


def test_a_place_that_does_not_answer_names_the_twin_that_it_is_of(tmp_path: Path) -> None:
    layout = TwinLayout.named("shop", tmp_path)
    client: Any = None
    place = Place(client, layout, layout.place("west"))
    with pytest.raises(
        DockerException, match=r"west: its engine does not answer .*: bicoastal revive west shop"
    ):
        place.engine()


def test_whoever_stops_a_command_is_told_how_to_go_on_and_not_to_delete_anything(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(common.Project, "find", lambda _: None)
    monkeypatch.setattr(common.Environment, "of", lambda *_: SimpleNamespace(layout=None))
    monkeypatch.setattr(common.engine, "connect", lambda *_: SimpleNamespace(close=lambda: None))
    monkeypatch.setattr(common, "check_owner", lambda *_: None)
    monkeypatch.setattr(common, "Twin", lambda *_: None)
    with pytest.raises(typer.Exit) as stopped, common.twin_named("shop"):
        raise KeyboardInterrupt
    assert stopped.value.exit_code == 130
    told = " ".join(capsys.readouterr().err.split())
    assert "`bicoastal status shop`" in told
    assert "`bicoastal up shop` goes on from here" in told
    assert "down" not in told
