"""Images to deploy on trial: the sample API as it is, and with each of the ways in which one is bad."""

import io
import json
from collections.abc import Sequence

from ..twin import Twin

REPOSITORY = "bicoastal/trial"
GOOD = "good"
BAD = ("exits-at-once", "exits-after-40-s", "never-ready")
_NEVER_READY = """
import http.server
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == '/health' else 503)
        self.end_headers()
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer(('', 8000), Answer).serve_forever()
"""
_COMMANDS: dict[str, Sequence[str]] = {
    "exits-at-once": ("sh", "-c", "echo 'no such setting: COLOR' >&2; exit 3"),
    "exits-after-40-s": ("sh", "-c", "timeout 40 python3 -m sample_api; echo 'gave up' >&2; exit 4"),
    "never-ready": ("python3", "-c", _NEVER_READY),
}


def build_trial(twin: Twin, kind: str, run: str) -> str:
    """Build the image of this kind upon the twin's own API, different in every `run`; its name."""
    lines = [f"FROM {twin.environment.images['sample-api']}", f"ENV TRIAL={run}"]
    if kind in _COMMANDS:
        lines.append(f"ENTRYPOINT {json.dumps(_COMMANDS[kind])}")
    name = f"{REPOSITORY}-{kind}:{run}"
    twin.client.images.build(fileobj=io.BytesIO("\n".join(lines).encode()), tag=name, rm=True, forcerm=True)
    return name


def remove_trials(twin: Twin, run: str) -> None:
    """Forget the images of this run, under each name that a deploy gave them."""
    for kind in (GOOD, *BAD):
        for image in twin.client.images.list(filters={"reference": f"{REPOSITORY}-{kind}:{run}"}):
            for tag in image.tags:
                twin.client.images.remove(tag)
