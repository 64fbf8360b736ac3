"""What must hold for a container service."""

from collections.abc import Iterator, Sequence

from .problem import Problem, shown
from .rules import matching

UNPRIVILEGED_USER = matching(
    r"[1-9]\d{0,8}(:[1-9]\d{0,8})?",
    "a numeric uid, or uid:gid, neither of them 0",
    "give the image a user of its own and name it by number, such as '10001'",
)
CAPABILITY = matching(
    r"CAP_(CHOWN|DAC_OVERRIDE|FOWNER|SETUID|SETGID|NET_BIND_SERVICE|KILL|IPC_LOCK)",
    "CAP_ and CHOWN, DAC_OVERRIDE, FOWNER, SETUID, SETGID, NET_BIND_SERVICE, KILL or IPC_LOCK",
    "a service that needs more does not belong in this component",
)
HOST_PATH = matching(
    r"/(?!(var/)?run/(docker|containerd|podman)[/.])[^\0]+",
    "an absolute path that is not '/', nor the engine's",
    "whoever has the engine's socket is root on the host: name a folder that only tells",
)
SOCKET_PATH = r"/run/([a-z0-9-]+/)?docker\.sock"
ENGINE_SOCKET = matching(
    SOCKET_PATH,
    "the path of an engine's socket below /run",
    "use '/run/docker.sock', unless the hosts' engine listens elsewhere",
)
REASON = matching(
    r"(?s)\S.{11,}", "a sentence", "say why no volume and no file of the service's own would do"
)
CONSTRAINT = matching(
    r"(node\.(id|hostname|role|platform\.os|platform\.arch|labels\.\S+?)|engine\.labels\.\S+?) *[!=]= *\S+",
    "node.id, node.hostname, node.role, node.platform.os, node.platform.arch, node.labels.<name> or "
    "engine.labels.<name>, then == or !=, then a value",
    "write it as Swarm does, such as 'engine.labels.host==0' or 'node.role==worker'",
)


def command_is_there(command: Sequence[str]) -> Iterator[Problem]:
    """A health check runs something."""
    if not command:
        yield Problem(
            "command", "empty", "[]", "a command and its words", "such as ['curl', '-fs', 'http://...']"
        )


def tasks_are_counted_once(replicas: object, by_host: str, fix: str) -> Iterator[Problem]:
    """Either so many tasks run, or one on each host: `by_host` is the input that says the latter."""
    if replicas is not None:
        yield Problem(
            "replicas", f"given together with {by_host}", shown(replicas), f"{by_host} or replicas", fix
        )


def hosts_have_an_engine(
    field: str, place: str, docker_host: str | None, host: str = "host"
) -> Iterator[Problem]:
    """Whether each host has its task is asked at the engine, for Pulumi's provider waits for none."""
    if docker_host is None:
        yield Problem(
            field,
            f"the place {place!r} names no engine to ask whether each {host} has its task",
            "no docker_host",
            "a docker_host for every place",
            "give the topology's places their docker_host, and ssh_options where it is ssh://",
        )


def no_port_twice(ports: Sequence[int]) -> Iterator[Problem]:
    """A host port has one owner."""
    for port in sorted({port for port in ports if ports.count(port) > 1}):
        yield Problem(
            "ports", "a host port is taken twice", str(port), "each port once", "publish another port"
        )


def tls_is_for_one_route(port: int, routes: Sequence[str], others: Sequence[int]) -> Iterator[Problem]:
    """TLS has one port on the host, and so one route behind it. `others` are the host's ports of all else."""
    if len(routes) != 1:
        yield Problem(
            "tls",
            "there is not one published HTTP route for it",
            ", ".join(routes) or "no published route",
            "one published route",
            "publish one route and keep the others to the place's network",
        )
    yield from no_port_twice([port, *others])


def one_set_of_colours(sets: Sequence[Sequence[str]]) -> Iterator[Problem]:
    """All services that come in colours come in the same ones: one of them is live for all."""
    if any(list(colours) != list(sets[0]) for colours in sets):
        yield Problem(
            "http_routes",
            "routes with different colours",
            "; ".join(", ".join(colours) for colours in sets),
            "the same colours in the same order",
            "one colour is live for the whole balancer: give all routes the same ones",
        )


def no_file_twice(field: str, names: Sequence[str]) -> Iterator[Problem]:
    """A file has a name of its own."""
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem(field, "two files have one name", repr(name), "each name once", "rename one")


def has_one_source(field: str, has_text: bool, is_made: bool) -> Iterator[Problem]:
    """A file's text is given, or what holds it already."""
    if has_text == is_made:
        yield Problem(
            field,
            "given together with made" if is_made else "missing",
            "both" if is_made else "neither of the two",
            f"{field} or made",
            f"give {field}, or in made the id and the name of what holds it already",
        )


def names_leave_room(service: str, files: Sequence[str], longest: int) -> Iterator[Problem]:
    """A config's or secret's name is the service's, the file's, and a digest: Docker allows 64 characters."""
    file = max(files, key=len, default="")
    name = f"{service}-{file}"
    if len(name) > longest:
        yield Problem(
            "service_name",
            f"too long for its file {file!r}",
            f"{name!r} ({len(name)} characters)",
            f"at most {longest} characters for both",
            "shorten the service's name or the file's",
        )


def secrets_have_a_key(count: int, has_key: bool) -> Iterator[Problem]:
    """A secret's name is an HMAC: there must be a key for it."""
    if count and not has_key:
        yield Problem(
            "rotation_key",
            "missing",
            "nothing",
            "a secret of 16 to 512 characters",
            "give the stack's rotation key: secrets are named after an HMAC under it",
        )


def host_ports_are_free(claims: Sequence[tuple[str, int, str]]) -> Iterator[Problem]:
    """On one host of a place, each port has one owner. A claim is (host, port, service)."""
    owners: dict[tuple[str, int], str] = {}
    for host, port, service in claims:
        owner = owners.setdefault((host, port), service)
        if owner != service:
            yield Problem(
                "ports",
                f"a host port is taken twice on {host}",
                f"{port} by {owner} and by {service}",
                "each port once per host",
                f"give {service} another port, or pin it to another host",
            )
