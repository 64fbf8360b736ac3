"""The script at the edge, run as its runtime would."""

import hashlib
import json
import shutil
import subprocess

import pytest

from infra.edge import PINS_VERSION
from tests.infra.environments import ROOT

SCRIPT = ROOT / "infra" / "workers" / "pins.js"
NODE = shutil.which("node")
DIGESTS = {"2026-08-01": "e28dd593b1f798af900cbb8d4c67454b950208f2cad60799923de28a176385a6"}
"""A version to the SHA-256 of its script."""
HARNESS = """
import script, { widened } from "./pins.mjs";
const asked = [], kept = new Map();
globalThis.caches = { default: {
  match: async (key) => kept.get(key)?.clone(),
  put: async (key, answer) => { kept.set(key, answer); },
} };
let headers = {};
globalThis.fetch = async (request) => {
  asked.push(`${request.method} ${request.url}`);
  return new Response("pins", { status: request.url.includes("fail") ? 503 : 200, headers });
};
const waits = [];
const context = { waitUntil: (promise) => waits.push(promise) };
const ask = async (url, method = "GET", own = {}) => {
  const answer = await script.fetch(new Request(url, { method, headers: own }), {}, context);
  await Promise.all(waits);
  return answer.status;
};
console.log(JSON.stringify(await (async () => { %s })()));
"""


def run(tmp_path, body):
    """What a piece of JavaScript returns with the script at hand."""
    if NODE is None:
        pytest.skip("needs node")
    (tmp_path / "pins.mjs").write_text(SCRIPT.read_text())
    (tmp_path / "test.mjs").write_text(HARNESS % body)
    told = subprocess.run([NODE, "test.mjs"], cwd=tmp_path, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)


def test_a_changed_script_has_another_version():
    digest = hashlib.sha256(SCRIPT.read_bytes()).hexdigest()
    assert DIGESTS.get(PINS_VERSION) == digest, (
        f"{SCRIPT.name} is no longer the script of {PINS_VERSION}, and would have all of its requests at "
        f"once: give it a version of its own in infra/edge.py and a share in `rollout`, and write {digest} "
        "beside that version here"
    )


def test_a_view_is_widened_to_a_grid_and_holds_all_that_was_asked_for(tmp_path):
    boxes = run(
        tmp_path,
        'return ["-74.0137,40.7012,-73.9621,40.7533", "-180,-90,180,90", "170,-10,-170,10"].map(widened);',
    )
    assert boxes[0] == "-74.014,40.701,-73.962,40.754"
    assert [float(bound) for bound in boxes[1].split(",")] == [-180, -90, 180, 90]
    assert [float(bound) for bound in boxes[2].split(",")] == [170, -10, -170, 10]


def test_two_views_of_one_part_of_the_map_are_one_question(tmp_path):
    asked = run(
        tmp_path,
        'await ask("https://api.example.com/api/pins?bbox=-74.01371,40.70123,-73.96211,40.75331");'
        'await ask("https://api.example.com/api/pins?bbox=-74.01372,40.70122,-73.96212,40.75332");'
        "return asked;",
    )
    assert len(asked) == 1


def test_what_is_no_view_goes_to_the_api_as_it_is(tmp_path):
    urls = [
        "https://api.example.com/api/pins/7",
        "https://api.example.com/api/pins?bbox=a,b,c,d",
        "https://api.example.com/api/pins?bbox=,,,",
    ]
    body = "".join(f"await ask({json.dumps(url)});" for url in urls)
    post = 'await ask("https://api.example.com/api/pins?bbox=1,2,3,4", "POST");'
    assert run(tmp_path, f"{body}{post}return asked;") == [
        *(f"GET {url}" for url in urls),
        "POST https://api.example.com/api/pins?bbox=1,2,3,4",
    ]


def test_an_error_is_not_kept(tmp_path):
    asked = run(
        tmp_path,
        'const url = "https://api.example.com/api/pins?bbox=1,2,3,4&fail=1";'
        "await ask(url); await ask(url); return asked;",
    )
    assert len(asked) == 2


VIEW = "https://api.example.com/api/pins?bbox=-74,40,-73,41"
"""What the script is for; its route must lead here."""


def test_a_view_that_was_just_asked_for_is_not_asked_for_again(tmp_path):
    assert len(run(tmp_path, f'await ask("{VIEW}"); await ask("{VIEW}"); return asked;')) == 1


@pytest.mark.parametrize("header", ["private", "no-store", "private, max-age=60"])
def test_what_the_api_keeps_to_itself_is_not_kept(tmp_path, header):
    body = (
        f'headers = {{"cache-control": "{header}"}}; await ask("{VIEW}"); await ask("{VIEW}"); return asked;'
    )
    assert len(run(tmp_path, body)) == 2


@pytest.mark.parametrize("header", ["authorization", "cookie"])
def test_what_somebody_asks_as_himself_is_neither_kept_nor_answered_from_what_was(tmp_path, header):
    body = (
        f'await ask("{VIEW}"); await ask("{VIEW}", "GET", {{"{header}": "a"}});'
        f'await ask("{VIEW}", "GET", {{"{header}": "b"}}); return asked;'
    )
    assert len(run(tmp_path, body)) == 3
