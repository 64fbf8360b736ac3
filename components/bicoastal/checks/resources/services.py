"""Services of Docker Swarm, and containers without one: what a container may and may not."""

import re
from collections.abc import Iterator
from typing import Any

from ..problem import Problem, shown
from ..services import host_ports_are_free
from .check import Severity, of_resource, of_whole
from .declared import HIDDEN, Declared, Resources, at, number, texts, truth
from .rules import is_off, is_positive, is_there, must, must_in
from .secrecy import has_password, is_reference

SERVICE = "docker:index/service:Service"
PLAIN = "docker:index/container:Container"
"""A container of one engine, which no Swarm looks after."""
CONTAINER = "taskSpec.containerSpec"
_PLAIN_NAMES = {"capDrops": "capabilities.drops", "capAdds": "capabilities.adds", "env": "envs"}
_PINNED = re.compile(r".+@sha256:[0-9a-f]{64}|.+:([\w.]+-)?(?!20\d{10}$|20\d{12}$)[0-9a-f]{12,64}")
"""A digest, or a tag with a hash; one of twelve or fourteen digits is a date."""
_ENDED = re.compile(r"(^|/)promtail(:|@|$)")
_STRONG = {"ALL", "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO", "SYS_BOOT", "NET_ADMIN", "BPF"}
_STRONG |= {"DAC_READ_SEARCH", "PERFMON", "SYS_TIME", "MAC_ADMIN", "NET_RAW"}
_OPTION = re.compile(
    r"--?([\w-]*(passw(or)?d|secret|api-?key|(access|api|auth)-?token)|token)=(?!/|$)", re.IGNORECASE
)
"""Not etcd's `--initial-cluster-token`, say, which is a name."""
_SOUNDS_SECRET = re.compile(
    r"PASSW|(^|_)(PG)?PASS(_|$)|(^|_)PWD$|SECRET|TOKEN|CREDENTIAL|PRIVATE_?KEY|API_?KEY|ACCESS_KEY",
    re.IGNORECASE,
)
_NAMES_A_PLACE = re.compile(r"_(FILE|PATH|NAME|URL|TTL|DIR)$", re.IGNORECASE)


def of_container(resource: Declared, path: str) -> str:
    """Where a property of the container stands, for a service or a container by itself."""
    return _PLAIN_NAMES.get(path, path) if resource.type == PLAIN else f"{CONTAINER}.{path}"


def _ports(resource: Declared) -> Iterator[tuple[str, Any]]:
    yield from resource.each("endpointSpec.ports")


@of_resource("docker-health-check", Severity.HIGH, SERVICE, PLAIN)
def service_says_whether_it_serves(resource: Declared) -> Iterator[Problem]:
    """A service has a health check.

    Swarm replaces what has ended, and not what hangs; without one an update is done when the process has
    begun: CIS Docker 4.6 and 5.27.
    """
    yield from must(
        resource,
        of_container(resource, "healthcheck.tests"),
        lambda tests: is_there(tests) and tests != ["NONE"],
        "nobody asks whether it serves",
        "a command",
        "healthcheck with tests=['CMD', 'curl', '-fsS', 'http://127.0.0.1:8000/health']",
    )


@of_resource("docker-memory-limit", Severity.HIGH, SERVICE, PLAIN)
def memory_is_limited(resource: Declared) -> Iterator[Problem]:
    """A service's memory is limited.

    One that leaks takes its host's other services along: CIS Docker 5.11.
    """
    yield from must(
        resource,
        "memory" if resource.type == PLAIN else "taskSpec.resources.limits.memoryBytes",
        is_positive,
        "all of its host's",
        "a number",
        "resources with limits memory_bytes; for a container by itself, memory in MB",
    )


@of_resource("docker-cpu-limit", Severity.MEDIUM, SERVICE)
def cpu_is_limited(resource: Declared) -> Iterator[Problem]:
    """A service's share of the CPU is limited.

    One that spins starves the health checks of the rest, which are then replaced one by one: CIS Docker
    5.12.
    """
    yield from must(
        resource,
        "taskSpec.resources.limits.nanoCpus",
        is_positive,
        "all of its host's",
        "a number of billionths of a CPU",
        "resources with limits nano_cpus",
    )


@of_resource("docker-read-only", Severity.HIGH, SERVICE, PLAIN)
def root_is_read_only(resource: Declared) -> Iterator[Problem]:
    """A service's root file system is read-only.

    What breaks in has nowhere to put its tools, and nothing but mounts can hold data by mistake: CIS Docker
    5.13.
    """
    words = ("anything can be changed", "true", "read_only=True, with a tmpfs for what must be written")
    yield from must(resource, of_container(resource, "readOnly"), truth, *words, default=False)


@of_resource("docker-capabilities-dropped", Severity.HIGH, SERVICE, PLAIN)
def capabilities_are_dropped(resource: Declared) -> Iterator[Problem]:
    """A service drops all capabilities and adds back what it needs.

    The engine's default set holds what a break-out begins with: CIS Docker 5.4.
    """
    yield from must(
        resource,
        of_container(resource, "capDrops"),
        lambda dropped: (
            isinstance(dropped, list) and any(str(one).upper() in ("ALL", "CAP_ALL") for one in dropped)
        ),
        "the engine's defaults are kept",
        "ALL",
        "cap_drops=['ALL'], and cap_adds with the few that are needed",
    )


@of_resource("docker-capability-added", Severity.CRITICAL, SERVICE, PLAIN)
def no_capability_opens_the_host(resource: Declared) -> Iterator[Problem]:
    """A service is given no capability that opens its host.

    With `SYS_ADMIN` or `NET_ADMIN` a container is as good as root outside of it: CIS Docker 5.4.
    """
    path = of_container(resource, "capAdds")
    for added in texts(resource.get(path)):
        if added.upper().removeprefix("CAP_") in _STRONG:
            yield Problem(
                path,
                "it opens the host",
                shown(added),
                "such as CAP_CHOWN or CAP_NET_BIND_SERVICE",
                "let a program on the host do that, and not a container",
            )


@of_resource("docker-user", Severity.HIGH, SERVICE, PLAIN)
def service_is_not_root(resource: Declared) -> Iterator[Problem]:
    """A service runs as a user of its own.

    Root in a container is root on the host after one mistake of the kernel: CIS Docker 4.1.
    """
    yield from must(
        resource,
        of_container(resource, "user"),
        lambda user: str(user or "").partition(":")[0].lstrip("+0") not in ("", "root"),
        "it runs as root, or as the image says",
        "a number other than 0",
        "user='10001:10001'",
    )


@of_resource("docker-image-pinned", Severity.HIGH, SERVICE, PLAIN)
def image_is_pinned(resource: Declared) -> Iterator[Problem]:
    """A service's image is pinned by its content.

    What a tag means is decided by whoever pushes next, also after a host was lost and pulls anew: CIS Docker
    5.28.
    """
    yield from must(
        resource,
        of_container(resource, "image"),
        lambda image: _PINNED.fullmatch(str(image)) is not None,
        "a tag that can be moved",
        "a digest, or a tag made of the content's hash",
        "image='registry.example.com/api@sha256:...'",
    )


@of_resource("docker-end-of-life", Severity.MEDIUM, SERVICE, PLAIN)
def program_is_still_mended(resource: Declared) -> Iterator[Problem]:
    """No service runs a program that nobody mends any more.

    What is found in it stays open. Promtail ended on 2026-03-02; Grafana Alloy takes its place.
    """
    yield from must(
        resource,
        of_container(resource, "image"),
        lambda image: _ENDED.search(str(image)) is None,
        "it is past its end of life",
        "what takes its place",
        "Grafana Alloy instead of Promtail",
        default="",
    )


@of_resource("docker-secret-in-env", Severity.HIGH, SERVICE, PLAIN)
def environment_holds_no_secret(resource: Declared) -> Iterator[Problem]:
    """A service's environment and command line hold no secret.

    `docker service inspect`, every child process and most crash reports show it: CIS Docker 7.4.
    """
    lines = ("command", "entrypoints") if resource.type == PLAIN else ("args", "commands")
    for path in (of_container(resource, line) for line in lines):
        words = resource.get(path)
        for number_, word in enumerate(words if isinstance(words, list) else ()):
            if word is HIDDEN or (isinstance(word, str) and (_OPTION.match(word) or has_password(word))):
                yield Problem(
                    f"{path}[{number_}]",
                    "a secret on the command line",
                    "a hidden value",
                    "the path of a file",
                    "mount a docker.Secret, and let the program read it",
                )
    where = of_container(resource, "env")
    for name, value in _environment(resource.get(where)):
        sounds = _SOUNDS_SECRET.search(name) and not _NAMES_A_PLACE.search(name)
        is_path = isinstance(value, str) and value.startswith("/")
        named = sounds and isinstance(value, str) and value and not is_path and not is_reference(value)
        if value is HIDDEN or named or (isinstance(value, str) and has_password(value)):
            yield Problem(
                f"{where}.{name}",
                "a secret in the environment",
                "a hidden value",
                "the path of a file",
                "mount a docker.Secret, and let the program read it",
            )


def _environment(env: object) -> list[tuple[str, Any]]:
    """Names and values; a container by itself has them as `NAME=value`."""
    if isinstance(env, dict):
        return sorted(env.items())
    pairs = (word.partition("=") for word in texts(env))
    hidden = [("", HIDDEN)] if isinstance(env, list) and HIDDEN in env else []
    return hidden + sorted((name, value) for name, _, value in pairs)


@of_resource("docker-privileged", Severity.CRITICAL, PLAIN)
def container_is_kept_apart(resource: Declared) -> Iterator[Problem]:
    """A container has no privileges on its host, and none of the host's namespaces.

    A privileged one is root outside of it, and one in the host's network or among its processes reaches what
    was never opened to it: CIS Docker 5.5, 5.10, 5.16 and 5.17.
    """
    fix = "leave it out, and give the one capability or port that is needed"
    yield from must(resource, "privileged", is_off, "it is root on its host", "false", fix)
    for path in ("networkMode", "pidMode", "ipcMode", "usernsMode"):
        yield from must(
            resource, path, lambda mode: mode != "host", "it is not apart from its host", "its own", fix
        )


@of_resource("docker-log-rotation", Severity.MEDIUM, SERVICE)
def logs_are_rotated(resource: Declared) -> Iterator[Problem]:
    """A service's logs are rotated, or sent elsewhere.

    The engine's default keeps all until the disk is full, and then everything on the host stops: CIS Docker
    2.13.
    """
    driver = resource.get("taskSpec.logDriver.name", "json-file")
    if driver in ("json-file", "local"):
        yield from must(
            resource,
            "taskSpec.logDriver.options",
            lambda options: driver == "local" or _has_a_size(options),
            "they fill the disk",
            "max-size and max-file",
            "log_driver json-file with options max-size '10m' and max-file '3'",
        )


def _has_a_size(options: object) -> bool:
    return isinstance(options, dict) and str(options.get("max-size", "")) not in ("", "0", "-1")


@of_resource("docker-rollback", Severity.MEDIUM, SERVICE)
def failed_update_is_taken_back(resource: Declared) -> Iterator[Problem]:
    """A failed update is taken back.

    By default it stops half way, and the service stays what it then is: Docker, "docker service update".
    """
    yield from must(
        resource,
        "updateConfig.failureAction",
        lambda action: action == "rollback",
        "it stays half way",
        "rollback",
        "update_config with failure_action='rollback'",
        default="pause",
    )


@of_resource("docker-update-awaited", Severity.MEDIUM, SERVICE)
def update_is_waited_for(resource: Declared) -> Iterator[Problem]:
    """An update is waited for.

    Without `converge_config`, Pulumi is done while the tasks still crash. A global service cannot have it.
    """
    if not is_there(resource.get("mode.global")):
        words = ("it is green while tasks crash", "a delay and a timeout", "converge_config with a timeout")
        yield from must(resource, "convergeConfig", is_there, *words)


@of_resource("docker-host-ports", Severity.MEDIUM, SERVICE)
def ports_are_the_hosts(resource: Declared) -> Iterator[Problem]:
    """A service publishes its ports on the host that it runs on.

    The routing mesh opens them on every host, hides the caller's address and sends it to tasks that are
    dead.
    """
    for path, port in _ports(resource):
        where, words = f"{path}.publishMode", ("on every host", "host", "publish_mode='host'")
        yield from must_in(port, "publishMode", where, lambda mode: mode == "host", *words, default="ingress")


@of_resource("docker-start-first-ports", Severity.HIGH, SERVICE)
def one_that_holds_a_port_stops_first(resource: Declared) -> Iterator[Problem]:
    """A service that holds a port of its host stops before its successor starts.

    The new task waits for the port and the old one for the new: the update never ends.
    """
    held = [path for path, port in _ports(resource) if at(port, "publishMode") == "host"]
    if held:
        yield from must(
            resource,
            "updateConfig.order",
            lambda order: order != "start-first",
            "the update never ends",
            "stop-first",
            "order='stop-first', and more than one service",
        )


@of_resource("docker-dnsrr", Severity.MEDIUM, SERVICE)
def callers_see_the_tasks(resource: Declared) -> Iterator[Problem]:
    """A service's name leads to its tasks, and not to a virtual address.

    A virtual address hides which task is dead from whoever balances, and needs IPVS, which not every kernel
    has.
    """
    yield from must(
        resource,
        "endpointSpec.mode",
        lambda mode: mode == "dnsrr",
        "a virtual address",
        "dnsrr",
        "endpoint_spec with mode='dnsrr'",
        default="vip",
    )


@of_resource("docker-grace", Severity.LOW, SERVICE)
def service_may_finish(resource: Declared) -> Iterator[Problem]:
    """A service says how long it may take to end.

    After 10 s it is killed: a database recovers, and a request is cut off.
    """
    yield from must(
        resource,
        f"{CONTAINER}.stopGracePeriod",
        is_there,
        "killed after 10 s",
        "such as 30s",
        "stop_grace_period='30s'",
    )


@of_whole("docker-port-taken-twice", Severity.HIGH, SERVICE)
def host_port_has_one_owner(resources: Resources) -> Iterator[tuple[Declared, Problem]]:
    """On one host of a place, each port has one owner.

    The second service is never started.
    """
    claims = [
        (_host(service), int(taken), str(service.get("name", service.name)), service)
        for service in resources.of(SERVICE)
        for _, port in _ports(service)
        if at(port, "publishMode") == "host" and (taken := number(at(port, "publishedPort")))
    ]
    owners: dict[tuple[str, int], str] = {}
    # Services register in an order that changes from run to run.
    for host, port, name, service in sorted(claims, key=lambda claim: claim[:3]):
        owner = owners.setdefault((host, port), name)
        for problem in host_ports_are_free([(host, port, owner), (host, port, name)]):
            yield service, problem


def _host(service: Declared) -> str:
    """Where the service runs: its place's engine, and the placement within."""
    place = (service.provider or "").rpartition("::")[2]
    return " ".join([place, *texts(service.get("taskSpec.placement.constraints", []))])
