"""Whose a twin is."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bicoastal.twin.layout import TwinLayout
from bicoastal.twin.ownership import NotOurTwin, check_credentials, check_owner


def engine(*, owners: tuple[str, ...] = (), volumes: tuple[str, ...] = ()) -> Any:
    """An engine with one container of the twin per owner, and these volumes of it."""
    containers = [SimpleNamespace(labels={"io.bicoastal.project": owner}) for owner in owners]
    return SimpleNamespace(
        containers=SimpleNamespace(list=lambda **_: containers),
        volumes=SimpleNamespace(list=lambda **_: list(volumes)),
    )


@pytest.fixture
def layout(tmp_path: Path) -> TwinLayout:
    return TwinLayout.named("local", tmp_path)


def test_a_twin_of_another_project_is_left_alone(layout: TwinLayout, tmp_path: Path) -> None:
    other = tmp_path / "another-checkout"
    other.mkdir()
    with pytest.raises(NotOurTwin, match=r"another-checkout.*'local'.*another twin name"):
        check_owner(engine(owners=(str(other),)), layout)


def test_our_own_twin_and_one_whose_project_is_gone_may_be_changed(
    layout: TwinLayout, tmp_path: Path
) -> None:
    check_owner(engine(owners=(str(tmp_path), str(tmp_path / "deleted"), "")), layout)


def test_data_without_its_credentials_is_not_given_new_ones(layout: TwinLayout) -> None:
    check_credentials(engine(), layout)
    with pytest.raises(NotOurTwin, match=r"credentials are gone.*bicoastal down local"):
        check_credentials(engine(volumes=("data",)), layout)
    (layout.folder / "credentials").mkdir(parents=True)
    check_credentials(engine(volumes=("data",)), layout)
