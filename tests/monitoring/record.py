"""Record what everything that is watched in a running twin tells: `python -m tests.monitoring.record TWIN`.

Every target of both regions' Prometheus is asked as Prometheus asks it, from where it runs and with its
certificate; what several targets of one job tell alike is kept once.
"""

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import docker
from docker.models.containers import Container

from bicoastal.monitoring.serving.identity import CA, CERTIFICATE, KEY
from bicoastal.monitoring.serving.ports import PROMETHEUS
from bicoastal.twin.environment import Environment
from bicoastal.twin.project import Project
from bicoastal.twin.twin import Twin

RECORDED = Path(__file__).parent / "recorded"
PROBES = {"http": "probe_http", "https": "probe_http", "": "probe_tcp"}
"""The page of a probe, by the protocol of its target."""
ELSEWHERE = {"loki"}
"""`tests.monitoring.logs.record` records it, with lines that it refuses."""
SERIES = re.compile(r"[^#\s{]+(\{.*\})?")


def main(name: str) -> None:
    """Write the page of each job."""
    client = docker.from_env()
    twin = Twin(client, Environment.of(Project.find(Path.cwd()), name))
    regions = [region.name for region in twin.environment.topology.regions]
    pages: dict[str, list[str]] = defaultdict(list)
    with twin.engines(regions) as engines:
        for region in regions:
            watcher = next(c for c in engines[region].containers.list() if "_prometheus-1." in c.name)
            for target in _targets(watcher):
                if _page(target) in ELSEWHERE:
                    continue
                pages[_page(target)] += _asked(watcher, target["scrapeUrl"]).splitlines()
    for page, lines in sorted(pages.items()):
        kept = list(once(lines))
        (RECORDED / f"{page}.prom").write_text("\n".join(kept) + "\n")
        sys.stdout.write(f"{page}.prom: {sum(not line.startswith('#') for line in kept)} series\n")


def _targets(watcher: Container) -> list[dict[str, Any]]:
    told = json.loads(_asked(watcher, f"https://localhost:{PROMETHEUS}/api/v1/targets?state=active"))
    return sorted(told["data"]["activeTargets"], key=lambda target: target["scrapeUrl"])


def _page(target: Mapping[str, Any]) -> str:
    labels = target["labels"]
    if labels["job"] != "probe":
        return str(labels["job"])
    protocol, separated, _ = labels["instance"].partition("://")
    return PROBES[protocol if separated else ""]


def _asked(watcher: Container, url: str) -> str:
    proof = ("--cacert", CA, "--cert", CERTIFICATE, "--key", KEY)
    code, said = watcher.exec_run(["curl", "--silent", "--fail", "--globoff", *proof, url])
    if code:
        sys.exit(f"{url} does not answer: curl's exit code {code}")
    return str(said.decode())


def once(lines: list[str]) -> Iterator[str]:
    """Each line of a comment, and each series with the value that was told first."""
    seen = set()
    for line in lines:
        found = SERIES.match(line)
        key = found[0] if found else line
        if line and key not in seen:
            seen.add(key)
            yield line


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.monitoring.record TWIN")
    main(sys.argv[1])
