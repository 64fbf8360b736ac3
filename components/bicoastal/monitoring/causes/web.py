"""Nginx, as HAProxy sees its tasks: Nginx' own page of figures knows neither status codes nor latency."""

from functools import partial

from ..rules import RuleGroup
from .cause import LOGS, SERVICES, cause
from .parts import Parts
from .thresholds import Thresholds

PART = "nginx"
BACKEND = "nginx"
_cause = partial(cause, part=PART)
_AT = {"instance": "10.0.0.1:8404", "job": "haproxy", "place": "east"}
_TARGET = f'proxy="{BACKEND}", instance="10.0.0.1:8404", job="haproxy", place="east"'


def web(t: Thresholds, parts: Parts) -> RuleGroup:
    """Rules on web proxies."""
    servers = f"haproxy_backend_active_servers{{{_TARGET}}}"
    one = f'haproxy_server_status{{server="nginx-1", state="DOWN", {_TARGET}}}'
    answers = f'haproxy_backend_http_responses_total{{proxy="{BACKEND}"'
    behind = 'haproxy_backend_http_responses_total{proxy=~"api-(blue|green)"'

    def rate(series: str, code: str = "") -> str:
        return f"sum by (place) (rate({series}{code}}}[5m]))"

    failed = ', code="5xx"'
    look = [SERVICES, LOGS]
    at = 'instance="10.0.0.1:8404", job="haproxy", place="east"'
    return RuleGroup(
        name=PART,
        rules=[
            _cause(
                "WebProxyDown",
                expr=f'haproxy_backend_active_servers{{proxy="{BACKEND}"}} == 0',
                hold_s=30,
                summary="No web proxy in {{ $labels.place }} answers {{ $labels.instance }}",
                description="All of Nginx' tasks fail the balancer's check, for 30 s.",
                means="The region says that it cannot serve, and the edge sends users to the other one.",
                look=look,
                act=[
                    "`docker service rollback SERVICE` if it was changed.",
                    "`docker service update --force SERVICE`.",
                ],
                given={servers: "2x20 0x400"},
                fires=[{**_AT, "proxy": BACKEND}],
                otherwise={servers: "2x20 1x400"},
            ),
            _cause(
                "WebProxyTasksMissing",
                expr=f'haproxy_backend_active_servers{{proxy="{BACKEND}"}} < {parts.web_tasks}',
                hold_s=600,
                summary="Web proxies are missing in {{ $labels.place }}",
                description=(
                    f"{{{{ $value }}}} of {parts.web_tasks} answer {{{{ $labels.instance }}}}, for 10 min."
                ),
                means="Users feel nothing until the others are lost, too.",
                look=look,
                act=["Find why tasks are not started: memory, placement, image."],
                given={servers: f"{parts.web_tasks}x20 {parts.web_tasks - 1}x400"},
                fires=[{**_AT, "proxy": BACKEND}],
                otherwise={servers: f"{parts.web_tasks}x20 {parts.web_tasks - 1}x5 {parts.web_tasks}x400"},
            ),
            _cause(
                "WebProxyTaskFails",
                expr=f'haproxy_server_status{{proxy="{BACKEND}", state="DOWN"}} == 1',
                hold_s=300,
                summary="{{ $labels.server }} in {{ $labels.place }} runs, and fails the check",
                description=(
                    "Its name is known, so its task runs, but {{ $labels.instance }} gets no good answer."
                ),
                means="Swarm takes it for healthy. It serves nobody.",
                look=look,
                act=["`docker service update --force SERVICE`; Nginx is restarted, never reloaded."],
                given={one: "0x20 1x400"},
                fires=[{**_AT, "proxy": BACKEND, "server": "nginx-1", "state": "DOWN"}],
                otherwise={one: "0x20 1x10 0x400"},
            ),
            _cause(
                "WebProxyErrors",
                # What Nginx answers beyond what the API behind it answered.
                expr=f"({rate(answers, failed)} - ({rate(behind, failed)} or 0 * {rate(answers)})) "
                f"/ ({rate(answers)} > {t.requests_per_s:g}) > {t.errors:g}",
                hold_s=300,
                summary="Web proxies in {{ $labels.place }} answer with errors of their own",
                description=(
                    "{{ $value | humanizePercentage }} of the answers are 5xx that the API did not give."
                ),
                means="The API is not reached, is too slow for Nginx, or a rule of the WAF fails.",
                look=[*look, "Nginx' error log names the upstream or the rule."],
                act=["Is the API's route served? See ApiColourDown.", "Take the last change of rules back."],
                given={
                    f'{answers}, code="2xx", {at}}}': "0+100x400",
                    f'{answers}, code="5xx", {at}}}': f"0+{100 * t.errors * 2:g}x400",
                },
                fires=[{"place": "east"}],
                otherwise={
                    f'haproxy_backend_http_responses_total{{proxy="api-blue", code="5xx", {at}}}': (
                        f"0+{100 * t.errors * 2:g}x400"
                    )
                },
            ),
        ],
    )
