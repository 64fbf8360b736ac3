"""A service of Swarm, and the engine that it runs on."""

from dataclasses import replace

from bicoastal.checks.resources import HIDDEN

from .sample import changed, declared, sample

DIGEST = f"registry.example.com/api@sha256:{'0a' * 32}"
SERVICE = {
    "name": "shop_api",
    "convergeConfig": {"delay": "1s", "timeout": "5m"},
    "endpointSpec": {
        "mode": "dnsrr",
        "ports": [{"publishMode": "host", "publishedPort": 443, "targetPort": 8080}],
    },
    "updateConfig": {"failureAction": "rollback", "order": "stop-first"},
    "taskSpec": {
        "containerSpec": {
            "image": DIGEST,
            "user": "10001:10001",
            "readOnly": True,
            "capDrops": ["ALL"],
            "capAdds": ["CAP_CHOWN"],
            "env": {"COLOUR": "blue", "TOKEN_FILE": "x", "DB_PASSWORD": "/run/secrets/password"},
            "healthcheck": {"tests": ["CMD", "true"]},
            "stopGracePeriod": "30s",
            "mounts": [
                {"type": "volume", "source": "shop-data", "target": "/data"},
                {"type": "tmpfs", "target": "/tmp", "tmpfsOptions": {"sizeBytes": 1048576}},
                {"type": "bind", "source": "/srv/shop", "target": "/srv"},
            ],
        },
        "resources": {"limits": {"memoryBytes": 134217728, "nanoCpus": 1000000000}},
        "logDriver": {"name": "json-file", "options": {"max-size": "10m", "max-file": "3"}},
        "placement": {"constraints": ["engine.labels.host==0"]},
        "networksAdvanceds": [{"id": "<network.id>"}],
    },
}
ALONE = {
    "image": DIGEST,
    "user": "10001",
    "readOnly": True,
    "capabilities": {"drops": ["ALL"], "adds": ["CAP_CHOWN"]},
    "memory": 128,
    "envs": ["COLOUR=blue", "TOKEN_FILE=x"],
    "command": ["serve", "--port=80"],
    "healthcheck": {"tests": ["CMD", "true"]},
    "mounts": [{"type": "bind", "source": "/srv/shop", "target": "/srv"}],
    "volumes": [{"hostPath": "/srv/more", "containerPath": "/more"}],
}
DOCKER = sample(
    declared("docker:index/service:Service", "service", SERVICE, provider="urn::east"),
    declared("docker:index/service:Service", "west", {**SERVICE, "name": "shop_west"}, provider="urn::west"),
    declared(
        "docker:index/service:Service",
        "global",
        {
            **{key: SERVICE[key] for key in ("updateConfig", "taskSpec")},
            "name": "shop_each",
            "endpointSpec": {"mode": "dnsrr"},
            "mode": {"global": True},
        },
        provider="urn::east",
    ),
    declared("docker:index/network:Network", "network", {"driver": "overlay", "options": {"encrypted": ""}}),
    declared("docker:index/network:Network", "inner", {"driver": "overlay", "internal": True}),
    declared("docker:index/network:Network", "bridge", {"driver": "bridge"}),
    declared("docker:index/container:Container", "alone", ALONE),
    declared("docker:index/volume:Volume", "volume", {"name": "shop-data"}),
    declared(
        "docker:index/secret:Secret",
        "secret",
        {"name": "shop_key-1a2b", "data": HIDDEN},
        delete_before_replace=False,
    ),
    declared(
        "docker:index/serviceConfig:ServiceConfig",
        "config",
        {"name": "shop_conf-1a2b", "dataRaw": "a"},
        delete_before_replace=False,
    ),
    declared("docker:index/secret:Secret", "named-by-pulumi", {"data": HIDDEN}),
    declared("pulumi:providers:docker", "engine", {"host": "ssh://ops@10.1.0.10", "sshOpts": '["-4"]'}),
)
_CONTAINER = "taskSpec.containerSpec"


def but(path, value):
    return DOCKER.but("service", path, value)


def first_deleted(name):
    return [replace(one, delete_before_replace=None) if one.name == name else one for one in DOCKER.resources]


def mounted(source):
    return but(f"{_CONTAINER}.mounts.2", {"type": "bind", "source": source, "target": "/host"})


def with_socket(source="/run/docker.sock", *, read_only=True, label="engine-socket", reason="it reads logs"):
    """A service that is given the engine's socket, and says why."""
    mount = {"type": "bind", "source": source, "target": source, "readOnly": read_only}
    changes = {f"{_CONTAINER}.mounts.2": mount, "labels": [{"label": label, "value": reason}]}
    service = DOCKER.resources[0]
    for path, value in changes.items():
        service = changed(service, path, value)
    return [service, *DOCKER.resources[1:]]


DOCKER_SILENT = [
    ("docker-engine-socket", with_socket()),
    ("docker-sensitive-mount", with_socket()),
    # Where a host in a container has its engine.
    ("docker-sensitive-mount", with_socket("/run/place/docker.sock")),
    *(
        ("docker-sensitive-mount", with_socket(folder, label="other"))
        for folder in ("/sys/fs/cgroup", "/var/lib/docker/image/overlay2/layerdb/mounts")
    ),
    ("docker-placement", DOCKER.but("global", "taskSpec.placement", None)),
    (
        "docker-secret-in-env",
        but(f"{_CONTAINER}.env", {"DATABASE_URL": "postgres://shop:${PASSWORD}@db/shop", "COMPASS": "north"}),
    ),
    (
        "docker-secret-in-env",
        but(f"{_CONTAINER}.args", ["--token=/run/secrets/token", "--initial-cluster-token=x"]),
    ),
]
DOCKER_FOUND = [
    *(
        (f"docker-{check}", DOCKER.but("alone", path, value))
        for check, path, value in (
            ("health-check", "healthcheck", None),
            ("memory-limit", "memory", None),
            ("read-only", "readOnly", None),
            ("capabilities-dropped", "capabilities.drops", ["MKNOD"]),
            ("capability-added", "capabilities.adds", ["SYS_ADMIN"]),
            ("user", "user", None),
            ("image-pinned", "image", "nginx:latest"),
            ("end-of-life", "image", "grafana/promtail:0123456789ab"),
            ("secret-in-env", "envs", ["DB_PASSWORD=planted"]),
            ("secret-in-env", "envs", [HIDDEN]),
            ("secret-in-env", "command", ["serve", "--password=planted"]),
            ("privileged", "privileged", True),
            ("privileged", "networkMode", "host"),
            ("privileged", "pidMode", "host"),
            ("engine-socket", "volumes.0.hostPath", "/var/run/docker.sock"),
            ("engine-socket", "mounts.0.source", "/run/docker.sock"),
            ("sensitive-mount", "volumes.0.hostPath", "/var"),
        )
    ),
    ("docker-health-check", but(f"{_CONTAINER}.healthcheck", None)),
    ("docker-health-check", but(f"{_CONTAINER}.healthcheck.tests", ["NONE"])),
    ("docker-memory-limit", but("taskSpec.resources.limits.memoryBytes", None)),
    ("docker-cpu-limit", but("taskSpec.resources.limits.nanoCpus", 0)),
    ("docker-read-only", but(f"{_CONTAINER}.readOnly", False)),
    ("docker-read-only", but(f"{_CONTAINER}.readOnly", None)),
    ("docker-capabilities-dropped", but(f"{_CONTAINER}.capDrops", ["CAP_MKNOD"])),
    ("docker-capabilities-dropped", but(f"{_CONTAINER}.capDrops", None)),
    ("docker-capability-added", but(f"{_CONTAINER}.capAdds", ["CAP_SYS_ADMIN"])),
    ("docker-user", but(f"{_CONTAINER}.user", None)),
    *(("docker-user", but(f"{_CONTAINER}.user", user)) for user in ("0:10001", "00", "root:app", ":1000")),
    ("docker-image-pinned", but(f"{_CONTAINER}.image", "registry.example.com/api:latest")),
    ("docker-end-of-life", but(f"{_CONTAINER}.image", f"registry.example.com/promtail@sha256:{'0a' * 32}")),
    *(
        ("docker-image-pinned", but(f"{_CONTAINER}.image", f"registry.example.com/api{tag}"))
        for tag in ("", ":1.27", ":20260101", ":5000/api", ":202601011200", ":v2-20260101120000")
    ),
    ("docker-secret-in-env", but(f"{_CONTAINER}.env", {"DB_PASSWORD": "planted"})),
    ("docker-secret-in-env", but(f"{_CONTAINER}.env", {"DSN": HIDDEN})),
    *(
        ("docker-secret-in-env", but(f"{_CONTAINER}.env", {name: value}))
        for name, value in (
            ("DATABASE_URL", "postgres://shop:planted@db:5432/shop"),
            ("REDIS_URL", "redis://:planted@cache:6379"),
            ("DB_PASS", "planted"),
            ("PGPASSWORD", "planted"),
            ("DB_PWD", "planted"),
        )
    ),
    *(
        ("docker-secret-in-env", but(f"{_CONTAINER}.{part}", words))
        for part, words in (
            ("args", ["serve", "--db-password=planted"]),
            ("commands", ["run", HIDDEN]),
            ("args", ["postgres://shop:planted@db/shop"]),
        )
    ),
    ("docker-log-rotation", but("taskSpec.logDriver", None)),
    ("docker-log-rotation", but("taskSpec.logDriver.options", {"max-size": "-1"})),
    ("docker-log-rotation", but("taskSpec.logDriver.options", {"max-file": "3"})),
    ("docker-rollback", but("updateConfig.failureAction", "continue")),
    ("docker-rollback", but("updateConfig", None)),
    ("docker-update-awaited", but("convergeConfig", None)),
    ("docker-host-ports", but("endpointSpec.ports.0.publishMode", None)),
    ("docker-start-first-ports", but("updateConfig.order", "start-first")),
    ("docker-dnsrr", but("endpointSpec.mode", "vip")),
    ("docker-placement", but("taskSpec.placement", None)),
    *(
        ("docker-placement", but("taskSpec.placement.constraints", [constraint]))
        for constraint in ("node.role==manager", "engine.labels.host!=0", "node.platform.os==linux")
    ),
    *(
        ("docker-engine-socket", mounted(socket))
        for socket in ("/var/run/docker.sock", "//var/run/docker.sock", "/run/../run//docker.sock/")
    ),
    ("docker-engine-socket", with_socket(read_only=False)),
    ("docker-engine-socket", with_socket(label="other")),
    ("docker-engine-socket", with_socket(reason="")),
    ("docker-engine-socket", with_socket("/run/containerd/containerd.sock")),
    ("docker-sensitive-mount", with_socket("/run/place")),
    ("docker-sensitive-mount", with_socket("/run/place/docker.sock", read_only=False)),
    ("docker-sensitive-mount", with_socket("/var/lib/docker/image", label="other")),
    *(
        ("docker-sensitive-mount", mounted(folder))
        for folder in ("/", "/etc", "/proc", "/var/lib/docker/x", "/var", "/var/lib/", "/srv/../etc", "//")
    ),
    (
        "docker-sensitive-mount",
        DOCKER.but("volume", "driverOpts", {"o": "bind", "type": "none", "device": "/etc"}),
    ),
    (
        "docker-engine-socket",
        DOCKER.but("volume", "driverOpts", {"o": "bind,ro", "device": "/var/run/docker.sock"}),
    ),
    (
        "docker-sensitive-mount",
        but(
            f"{_CONTAINER}.mounts.0",
            {
                "type": "volume",
                "source": "x",
                "volumeOptions": {"driverOptions": {"o": "bind", "device": "/root"}},
            },
        ),
    ),
    # What tells of the host, but for writing.
    *(("docker-sensitive-mount", mounted(folder)) for folder in ("/sys", "/proc/stat", "/proc/1/net")),
    ("docker-tmpfs-size", but(f"{_CONTAINER}.mounts.1.tmpfsOptions", None)),
    ("docker-grace", but(f"{_CONTAINER}.stopGracePeriod", None)),
    (
        "docker-port-taken-twice",
        DOCKER.and_also(
            replace(changed(DOCKER.resources[0], "name", "shop_again"), name="again"),
        ),
    ),
    ("docker-network-encrypted", DOCKER.but("network", "options", None)),
    ("docker-engine-reached-safely", DOCKER.but("engine", "host", "tcp://10.1.0.10:2375")),
    *(
        ("docker-engine-key-checked", DOCKER.but("engine", "sshOpts", options))
        for options in (
            '["-o", "StrictHostKeyChecking=no"]',
            '["-o", "StrictHostKeyChecking no"]',
            '["-oStrictHostKeyChecking=off"]',
            '["-o", "UserKnownHostsFile=/dev/null"]',
        )
    ),
    ("docker-rotated-before-removed", first_deleted("secret")),
    ("docker-rotated-before-removed", first_deleted("config")),
    ("docker-secret-as-config", DOCKER.but("config", "dataRaw", HIDDEN)),
]
