"""A quiet day in which nothing may fire, and a bad one with exactly the alerts that it must have."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bicoastal.monitoring.causes import WATCHDOG
from bicoastal.monitoring.rules import rules_file
from bicoastal.monitoring.text import yaml_text
from infra.monitoring import monitoring
from tests.monitoring.causes.series import MINUTES, PLACES, Series, name, target
from tests.monitoring.causes.world import probe, quiet_day

GROUPS = [group for in_file in monitoring().rules.values() for group in in_file]
"""All that SmellPin is watched by, on causes and on what it promises."""
FIRING = f'ALERTS{{alertstate="firing", alertname!="{WATCHDOG}"}}'


@dataclass(frozen=True)
class Event:
    """What goes wrong for some minutes, and which alerts fire at their end."""

    from_minute: int
    minutes: int
    values: Mapping[str, float]
    """What each series is meanwhile; before and after it is as on the quiet day."""
    fires: frozenset[str] = frozenset()


def _member(place: str) -> dict[str, str]:
    member = f"{place}-postgres-1"
    return {**target("patroni", place, 1, scope="main"), "name": member, "member": member}


def _primary_is_lost(*places: str) -> dict[str, float]:
    unlocked = {name("patroni_cluster_unlocked", **_member(place)): 1.0 for place in places}
    return {**unlocked, name("patroni_primary", **_member("east")): 0.0}


def _probes(metric: str, kinds: Iterable[str], place: str, value: float) -> dict[str, float]:
    return {
        name(metric, **probe(kind, place, asked)): value
        for kind in kinds
        for asked in PLACES
        if not (kind == "peer" and place == asked)
    }


def _burns(*windows: str) -> frozenset[str]:
    """Uptime's alerts: the long windows remember an outage for hours, and so do the short ones of these."""
    return frozenset(f"UptimeBudgetBurn{window}" for window in windows)


def events() -> dict[str, Event]:
    """The bad day."""
    live = {**target("haproxy", "east"), "proxy": "api-blue"}
    disk = {"device": "/dev/sda1", "device_error": "", "fstype": "ext4", "mountpoint": "/"}
    full = name("node_filesystem_avail_bytes", **disk, **target("node", "east"))
    certificates = _probes("probe_ssl_earliest_cert_expiry", ["public"], "edge", 100_000)
    outage = _probes("probe_success", ["public"], "edge", 0)
    return {
        "a failover within its budget": Event(60, 1, _primary_is_lost("east", "west")),
        "the live colour is down": Event(
            120, 10, {name("haproxy_backend_active_servers", **live): 0}, frozenset({"ApiColourDown"})
        ),
        "replication to the west is cut": Event(
            180,
            20,
            {name("patroni_postgres_streaming", **_member("west")): 0},
            frozenset({"PostgresNotStreaming"}),
        ),
        "a disk is almost full": Event(240, 20, {full: 4e9}, frozenset({"HostDiskAlmostFull"})),
        "an exporter is gone": Event(
            330, 10, {name("up", **target("postgres", "east")): 0}, frozenset({"PostgresExporterDown"})
        ),
        "the public certificate nears its end": Event(
            390, 10, certificates, frozenset({"PublicCertificateEnds", "PublicCertificateEndsNow"})
        ),
        "nobody takes the primary's place": Event(
            450, 10, _primary_is_lost("east", "west"), frozenset({"PostgresNoPrimary"})
        ),
        "one place alone does not reach the product": Event(
            500,
            10,
            {next(iter(outage)): 0},
            frozenset({"PublicAddressUnreachedFromPlace"}),
        ),
        "nobody reaches the product": Event(540, 2, outage, frozenset({"PublicAddressDown"}) | _burns("1h")),
        "the west is lost": Event(
            600,
            4,
            _probes("probe_success", ["region", "peer"], "west", 0),
            frozenset({"RegionLost", "EdgePoolDown"}) | _burns("1d", "3d"),
        ),
        "the witness is lost": Event(
            660,
            5,
            _probes("probe_success", ["peer"], "witness", 0),
            frozenset({"WitnessLost"}) | _burns("1d", "3d"),
        ),
    }


def bad_day() -> Series:
    """The quiet day, with all that goes wrong in the bad one."""
    found = quiet_day()
    for event in events().values():
        for series, value in event.values.items():
            found[series] = _changed(found[series], event, value)
    return found


def _changed(values: str, event: Event, value: float) -> str:
    """The values of a gauge, changed within the event: whole runs of one value, as promtool writes them."""
    runs = []
    at = 0
    for good, more in re.findall(r"([\d.e]+)(?:-[\d.e]+)?x(\d+)", values):
        length = int(more) + 1
        for begin, end, run in (
            (at, min(at + length, event.from_minute), good),
            (max(at, event.from_minute), min(at + length, event.from_minute + event.minutes), f"{value:g}"),
            (max(at, event.from_minute + event.minutes), at + length, good),
        ):
            if end > begin:
                runs.append(f"{run}x{end - begin - 1}")
        at += length
    return " ".join(runs)


def files() -> dict[str, str]:
    """The rules and the tests of both days, by the files' names."""
    found = list(events().values())
    whole = f"group by (alertname) (max_over_time({FIRING}[1d]))"
    everything = frozenset[str]().union(*(event.fires for event in found))
    at_their_ends = [
        _asked(f"group by (alertname) ({FIRING})", event.from_minute + event.minutes - 1, event.fires)
        for event in found
    ]
    tests = [
        _day("a quiet day", quiet_day(), [_asked(whole, MINUTES, frozenset())]),
        _day("a bad day", bad_day(), [*at_their_ends, _asked(whole, MINUTES, everything)]),
    ]
    return {
        "rules.yaml": rules_file(GROUPS, "https://docs.example.com/runbooks"),
        "tests.yaml": yaml_text({"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": tests}),
    }


def _asked(query: str, minute: int, fires: frozenset[str]) -> dict[str, object]:
    samples = [{"labels": f'{{alertname="{alert}"}}', "value": 1} for alert in sorted(fires)]
    return {"expr": query, "eval_time": f"{minute}m", "exp_samples": samples}


def _day(what: str, series: Series, asked: list[dict[str, object]]) -> dict[str, object]:
    return {
        "name": what,
        "interval": "1m",
        "input_series": [{"series": each, "values": values} for each, values in series.items()],
        "promql_expr_test": asked,
    }
