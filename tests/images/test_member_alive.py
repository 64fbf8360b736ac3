"""The health of a Postgres member, told by the image's script from what its Patroni says."""

import json
import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "images" / "postgres" / "member-alive"
CURL = """#!/bin/sh
for word; do
  case $word in https://*)
    file="$ANSWERS/${word##*/}"
    [ -e "$file" ] || exit "$SILENCE"
    cat "$file"
  esac
done
"""
HISTORY = [
    [11, 117440672, "no recovery target specified", "2026-11-26T06:47:39.972169+00:00", "east-postgres-2"],
    [12, 118225456, "no recovery target specified", "2026-11-26T06:49:12.340167+00:00", "west-postgres-1"],
]


@pytest.fixture
def alive(tmp_path):
    """Runs the script against a Patroni that gives these answers; `silence` is curl's exit code otherwise."""
    curl = tmp_path / "curl"
    curl.write_text(CURL)
    curl.chmod(0o755)

    def run(silence=22, **answers):
        for name, answer in answers.items():
            (tmp_path / name).write_text(json.dumps(answer))
        paths = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "ANSWERS": str(tmp_path), "REST_PORT": "8008"}
        return subprocess.run(
            [SCRIPT], env={**paths, "SILENCE": str(silence)}, capture_output=True, text=True, check=False
        )

    return run


def standby(replayed, timeline=12, **more):
    return {"state": "running", "xlog": {"replayed_location": replayed}, "timeline": timeline, **more}


def test_a_standby_that_has_left_the_clusters_history_is_not_healthy_and_says_why(alive):
    told = alive(liveness="", patroni=standby(118226512), history=HISTORY)
    assert told.returncode == 1
    assert told.stderr == (
        "this standby has replayed timeline 12 up to 118226512, the cluster left it at 118225456\n"
    )


@pytest.mark.parametrize(
    "told",
    [
        standby(118225456),
        standby(118225400),
        standby(118226512, timeline=13),
        standby(118226512, replication_state="streaming"),
        {"state": "running", "role": "primary", "xlog": {"location": 118226512}, "timeline": 12},
        {"state": "starting"},
    ],
)
def test_whoever_may_still_follow_is_healthy(alive, told):
    assert alive(liveness="", patroni=told, history=HISTORY).returncode == 0


def test_a_member_that_waits_for_the_voters_listens_to_nobody_and_is_healthy(alive):
    assert alive(silence=7).returncode == 0


def test_a_member_whose_patroni_does_not_answer_is_not_healthy(alive):
    assert alive(silence=28).returncode == 1


def test_a_postgres_that_is_too_busy_to_tell_is_healthy(alive):
    assert alive(silence=28, liveness="").returncode == 0


def test_a_cluster_without_a_history_is_healthy(alive):
    assert alive(liveness="", patroni=standby(118226512, timeline=1), history=[]).returncode == 0
    assert alive(liveness="", patroni=standby(118226512, timeline=1)).returncode == 0
