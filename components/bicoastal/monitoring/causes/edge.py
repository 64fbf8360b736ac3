"""What is seen from outside: public addresses, the regions behind them, the places and the ways between them.

Probes are asked every 30 s from all places, and give up after 5 s.
"""

from dataclasses import replace
from functools import partial

from ..rules import EVALUATION_S, Alert, Recording, RuleGroup
from ..severity import Severity
from ..trials import Trial
from .cause import MORE_TASKS, PRIMARY_MOVES, STATUS, cause
from .parts import Parts

PART = "edge"
ADDRESS_DOWN = "PublicAddressDown"
REGION_LOST = "RegionLost"
WITNESS_LOST = "WitnessLost"
OUTAGE_PATH = (ADDRESS_DOWN,)
"""Alerts that tell of a total outage: they wait for nothing."""

ANSWERS = "probe:answers:bool"
"""What the probes of public addresses say, of each place that asks from its first answer on: what is being
brought up for the first time is not lost. Prometheus remembers it for a day in which it does not run."""
REACHED = "probe:reached:bool"
"""What most places say of a public address: a place whose own way is cut is no outage. Half where they are
divided evenly."""

PROBE_S = 30
PROBE_TIMEOUT_S = 5
GROUP_WAIT_S = 5
PEER_WAIT_S = 15
DELIVERY_S = 10
OUTAGE_LIMIT_S = 120
"""Seconds within which a total outage must page."""

_cause = partial(cause, part=PART)
_PUBLIC = 'probe="public"'
_URL = "https://api.example.com/"
_FAILOVER = "docs/failover.md: who decides what, and how long it takes."


def outage_page_s() -> dict[str, int]:
    """The seconds from a total outage to its page at worst, term by term; their sum must stay under the
    limit.

    The outage may begin just after a probe: the next one comes a whole interval later, and waits for its
    timeout. All places ask at the same pace, so the last place's word comes no later. Prometheus looks at
    the rule once in an evaluation; the rule has no `for`. Alertmanager waits for others of the group; when
    the first of its servers is lost with a region, the second one waits for it once. The vendor then calls
    the phone.
    """
    return {
        "until the next probe": PROBE_S,
        "its timeout": PROBE_TIMEOUT_S,
        "until the next evaluation": EVALUATION_S,
        "group_wait": GROUP_WAIT_S,
        "the first Alertmanager is lost": PEER_WAIT_S,
        "delivery to the vendor": DELIVERY_S,
    }


def edge(parts: Parts) -> RuleGroup:
    """Rules on what is seen from outside."""
    witness = [_witness_lost(parts.witness)] if parts.witness else []
    return RuleGroup(
        name=PART,
        rules=[
            _answers(),
            _reached(),
            _address_down(),
            _address_down_from_one(),
            _never_answered(),
            _unprobed(),
            _region_lost(parts),
            *witness,
            _pool_down(),
            _way_cut(),
            _peer(),
        ],
    )


def _public(place: str, instance: str = _URL) -> str:
    return (
        f'probe_success{{instance="{instance}", job="probe", place="edge", probe="public", from="{place}"}}'
    )


def _region(place: str, asked: str, number: int = 1) -> str:
    member = f"{place}-haproxy-{number}"
    labels = f'instance="http://{member}/", member="{member}", job="probe", place="{place}"'
    return f'probe_success{{{labels}, probe="region", from="{asked}"}}'


def _peer_of(place: str, asked: str) -> str:
    labels = f'instance="{place}:2379", member="{place}-etcd-1", job="probe", place="{place}"'
    return f'probe_success{{{labels}, probe="peer", from="{asked}"}}'


def _answers() -> Recording:
    probes = f"probe_success{{{_PUBLIC}}}"
    # By place and not by address: one that is changed is watched at once.
    before = f"last_over_time({ANSWERS}[1d])"
    return Recording(record=ANSWERS, expr=f"{probes} == 1 or {probes} and on (from) {before}")


def _reached() -> Recording:
    return Recording(record=REACHED, expr=f"quantile by (instance, job, place, probe) (0.5, {ANSWERS})")


def _address_down() -> Alert:
    return _cause(
        ADDRESS_DOWN,
        severity=Severity.CRITICAL,
        # No `for`: places that ask independently of one another are what makes it certain.
        expr=f"max by (instance) ({ANSWERS}) == 0",
        summary="{{ $labels.instance }} does not answer, wherever it is asked from",
        description="The last probe from every place failed.",
        means=(
            "Nobody can use the product. During a failover this is so for some seconds; then it ends "
            "by itself."
        ),
        look=[
            STATUS,
            "`curl -v ADDRESS` from outside: a name, a certificate, the edge's own error page, or ours?",
            "Is a region lost, or has Postgres no primary? Their alerts fire beside this one.",
        ],
        act=[
            (
                "No primary: PostgresNoPrimary. A region is lost: RegionLost; users follow within the "
                "failover budget."
            ),
            (
                "Both regions answer and the edge does not: its vendor's status page, then its pools and "
                "their health."
            ),
            "After a deploy: `live-colour` in every balancer's container goes back.",
        ],
        given={_public(place): "1x20 0x400" for place in ("east", "west", "witness")},
        fires=[{"instance": _URL}],
        otherwise={_public("witness"): "1x420"},
        # The first bad value is at 315 s: it must fire at once.
        after_s=315,
    )


def _address_down_from_one() -> Alert:
    return _cause(
        "PublicAddressUnreachedFromPlace",
        expr='probe_success{probe="public"} == 0 '
        'and on (instance) max by (instance) (probe_success{probe="public"}) == 1',
        hold_s=180,
        summary="{{ $labels.instance }} does not answer when asked from {{ $labels.from }}",
        description="For 3 min; other places reach it.",
        means="Either that place has no way out, or a part of the edge is ill: some users are locked out.",
        look=["`curl -v ADDRESS` on a host of that place.", "The edge vendor's status page."],
        act=[
            "Has the edge new networks? `bicoastal edge-ranges --check`.",
            "Else it is the place's way out.",
        ],
        given={_public("east"): "1x20 0x400", _public("west"): "1x420"},
        fires=[{"instance": _URL, "job": "probe", "place": "edge", "probe": "public", "from": "east"}],
        otherwise={_public("east"): "1x20 0x8 1x400"},
    )


def _never_answered() -> Alert:
    unanswered = f"max by (instance) (probe_success{{{_PUBLIC}}}) == 0"
    return _cause(
        "PublicAddressNeverAnswered",
        expr=f"{unanswered} unless on (instance) {ANSWERS}",
        hold_s=900,
        summary="{{ $labels.instance }} has not answered once yet",
        description="For 15 min, and no other has: nobody is paged until one does.",
        means="The environment does not serve yet, or the address is not the one that users have.",
        look=[
            "`dig` its name, `curl -v ADDRESS`: is it there at all?",
            "Did `pulumi up` come to its end? The edge is made after the regions.",
        ],
        act=[
            "Bring up what serves it, or declare the address that users have.",
            "Has a Prometheus lost its history in an outage? Then the others tell PublicAddressDown.",
        ],
        given={_public(place): "0x240" for place in ("east", "west")},
        fires=[{"instance": _URL}],
        otherwise={_public("west"): "0x20 1x3 0x217"},
        after_s=1200,
    )


def _unprobed() -> Alert:
    return _cause(
        "PublicAddressesUnprobed",
        expr='absent(probe_success{probe="public"})',
        hold_s=120,
        summary="Nobody asks the public addresses",
        description="No blackbox exporter has given a result for 2 min.",
        means="A total outage would not be noticed here.",
        look=["BlackboxDown.", "Does this Prometheus reach the blackbox exporters of any place?"],
        act=["Start them anew; mend the way to them."],
        given={_public("east"): "1x20 stale"},
        fires=[{"probe": "public"}],
        otherwise={_public("east"): "1x420"},
    )


def _region_lost(parts: Parts) -> Alert:
    """Critical, though users follow to the other region: whatever happens next ends in an outage. Without a
    witness the promotion is by hand, and somebody must do it now."""
    first, second = parts.regions[0], parts.regions[-1]
    asked = parts.witness or second
    regions = "|".join(parts.regions)
    silent = f'max by (place) (probe_success{{probe=~"region|peer", place=~"{regions}"}}) == 0'
    lost = _cause(
        REGION_LOST,
        severity=Severity.CRITICAL,
        # Whoever has nothing in it to ask is in it himself, and hears only of its balancers.
        expr=f'{silent} and on (place) probe_success{{probe="peer"}}',
        # As long as a cut that Patroni waits out, too.
        hold_s=30,
        summary="Region {{ $labels.place }} is lost",
        description="None of its balancers and members has answered for 30 s, wherever they are asked from.",
        means="Users are sent to the other region within the failover budget. There is no second region now.",
        look=[STATUS, "The cloud's own status page of that region.", _FAILOVER],
        act=[
            "Is the other region primary and serving? If not, go on with PostgresNoPrimary.",
            "Do not apply to both regions: docs/operations.md, one region while the other is dead.",
            f"Is the one that is left short, {MORE_TASKS}, to it alone, as that page says.",
            f"When it is back, members follow by themselves; then move the primary home: {PRIMARY_MOVES}.",
        ],
        given={
            _region(first, second): "1x20 0x400",
            _peer_of(first, second): "1x20 0x400",
            _region(first, asked, 2): "1x20 0x400",
            _region(second, second): "1x420",
        },
        fires=[{"place": first}],
        # Only the way between the regions is cut: the witness sees it.
        otherwise={_region(first, asked, 2): "1x420"},
    )
    inside = Trial(series={_region(first, first): "1x20 0x400"}, at_s=3000, interval_s=15)
    return replace(lost, also_quiet=[inside])


def _witness_lost(witness: str) -> Alert:
    return _cause(
        WITNESS_LOST,
        expr=f'max by (place) (probe_success{{probe="peer", place="{witness}"}}) == 0',
        hold_s=120,
        summary="The witness is lost",
        description="None of its members has answered for 2 min.",
        means="Nothing changes for users. But when a region is lost now, nobody is promoted.",
        look=[STATUS],
        act=["Bring it back soon: docs/operations.md, a host is replaced."],
        given={_peer_of(witness, "east"): "1x20 0x400"},
        fires=[{"place": witness}],
        otherwise={_peer_of(witness, "east"): "1x20 0x4 1x400"},
    )


def _pool_down() -> Alert:
    fires = {"instance": "http://east-haproxy-1/", "member": "east-haproxy-1", "place": "east"}
    return _cause(
        "EdgePoolDown",
        expr='max by (instance, member, place) (probe_success{probe="region"}) == 0',
        hold_s=60,
        summary="Balancer {{ $labels.member }} in {{ $labels.place }} serves nobody",
        description="It gives no good answer, wherever it is asked from, for 60 s.",
        means=(
            "The edge takes it out of its region's pool, and the region, too, if it is the last one. It is "
            "asked what the edge asks, from inside: of the way in the edge itself tells, by mail."
        ),
        look=["`curl -i ADDRESS/region-health`: 200 or 503 `secondary` is good.", STATUS],
        act=[
            "503 `api`: ApiColourDown. 503 `no primary`: PostgresNoPrimary. Nothing: BalancerDown, HostDown."
        ],
        given={_region("east", "west"): "1x20 0x400", _region("east", "witness"): "1x20 0x400"},
        fires=[fires],
        otherwise={_region("east", "witness"): "1x420"},
    )


def _way_cut() -> Alert:
    by = 'max by (from, place) (probe_success{probe=~"region|peer"}) == 0'
    # What answers nobody says nothing of the way to it.
    others = 'max by (instance) (probe_success{probe=~"region|peer"}) == 1'
    here = f'probe_success{{probe=~"region|peer"}} == 0 and on (instance) {others}'
    cut = _cause(
        "PlacesCutApart",
        expr=f"{by} and on (from, place) ({here})",
        hold_s=60,
        summary="{{ $labels.from }} does not reach {{ $labels.place }}",
        description="None of its members answers, while another place reaches them, for 60 s.",
        means="Copies beyond the cut do not follow; commits go on with those at home. With a witness "
        "there is no "
        "failover.",
        look=[STATUS, "The peering or transit between the two networks, its routes and security groups."],
        act=["Give the way back. Nothing has to be done to the database: it catches up."],
        given={_region("east", "west"): "1x20 0x400", _region("east", "witness"): "1x420"},
        fires=[{"from": "west", "place": "east"}],
        otherwise={_peer_of("east", "west"): "1x420"},
    )
    serves_nobody = {
        _region("east", "west"): "1x20 0x400",
        _region("east", "witness"): "1x20 0x400",
        _peer_of("east", "west"): "1x420",
    }
    return replace(cut, also_quiet=[Trial(series=serves_nobody, at_s=3000, interval_s=15)])


def _peer() -> Alert:
    labels = {
        "instance": "east:2379",
        "member": "east-etcd-1",
        "job": "probe",
        "place": "east",
        "probe": "peer",
    }
    whole = 'max by (from, place) (probe_success{probe=~"region|peer"}) == 1'
    return _cause(
        "PeerUnreached",
        expr=f'probe_success{{probe="peer"}} == 0 and on (from, place) {whole}',
        hold_s=120,
        summary="{{ $labels.member }} in {{ $labels.place }} does not answer {{ $labels.from }}",
        description="For 2 min; others in that place do.",
        means="It is down, or one port or certificate between the places is wrong.",
        look=[STATUS, "Is it up in its own place? Its alert there says so."],
        act=["Start it anew, or mend the security group or its certificate."],
        given={_peer_of("east", "west"): "1x20 0x400", _region("east", "west"): "1x420"},
        fires=[{**labels, "from": "west"}],
        otherwise={_peer_of("east", "west"): "1x20 0x4 1x400"},
    )
