"""What a deploy has done so far, kept on disk."""

import os
from pathlib import Path

import pytest

from bicoastal.operations.journal import FILE, Journal
from bicoastal.operations.refusal import Refused

BEGUN = Journal("shop/api:2", "blue", "green", None)


def test_a_journal_comes_back_as_it_was_kept(tmp_path):
    assert Journal.load(tmp_path) is None
    for journal in (BEGUN, BEGUN.at("users move"), BEGUN.done("green")):
        journal.save(tmp_path)
        assert Journal.load(tmp_path) == journal
    assert [file.name for file in tmp_path.iterdir()] == [FILE]
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_a_journal_is_on_the_disk_before_it_takes_the_place_of_the_last_one(tmp_path, monkeypatch):
    BEGUN.save(tmp_path)
    on_disk = []

    def fsync(handle):
        on_disk.append((Path(f"/proc/self/fd/{handle}").readlink(), Journal.load(tmp_path).step))

    monkeypatch.setattr(os, "fsync", fsync)
    BEGUN.at("users move").save(tmp_path)
    (_, before), (folder, after) = on_disk
    assert (before, folder, after) == ("begun", tmp_path, "users move")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"image": "i", "live": "red", "idle": "green", "previous": null}',
        '{"image": "i", "live": "blue", "idle": ["green"], "previous": null}',
        '{"image": "i", "live": "blue", "idle": "green", "previous": 3}',
    ],
)
def test_what_is_no_journal_is_refused_with_what_to_do(tmp_path, text):
    (tmp_path / FILE).write_text(text)
    with pytest.raises(Refused, match=r"cannot be read: .*deploy\.json.*remove the file"):
        Journal.load(tmp_path)
