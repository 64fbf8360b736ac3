"""Docker engines, and what services share on them: networks, configs, secrets."""

import re
from collections.abc import Iterator

from ..problem import Problem, shown
from .check import Severity, of_resource
from .declared import HIDDEN, Declared, can_be_judged, texts, truth
from .rules import is_there, must

ENGINE = "pulumi:providers:docker"
NETWORK = "docker:index/network:Network"
ROTATED = ("docker:index/secret:Secret", "docker:index/serviceConfig:ServiceConfig")
_UNCHECKED = re.compile(
    r"StrictHostKeyChecking[ =]*(no|off)\b|UserKnownHostsFile[ =]*/dev/null", re.IGNORECASE
)
_ENCRYPTED = "encrypted"


@of_resource("docker-engine-reached-safely", Severity.CRITICAL, ENGINE)
def engine_is_reached_safely(resource: Declared) -> Iterator[Problem]:
    """An engine is reached over SSH, a local socket or TLS.

    Plain TCP is root on the host for whoever reaches the port: Docker, "Protect the Docker daemon socket".
    """
    host = resource.get("host")
    certified = is_there(resource.get("certMaterial")) or is_there(resource.get("certPath"))
    if isinstance(host, str) and host.startswith(("tcp://", "http://")) and not certified:
        yield Problem(
            "host",
            "root for whoever reaches the port",
            shown(host),
            "ssh://user@host or unix:///path",
            "reach it over SSH, or give the provider certificates",
        )


@of_resource("docker-engine-key-checked", Severity.HIGH, ENGINE)
def engine_proves_who_it_is(resource: Declared) -> Iterator[Problem]:
    """An engine reached over SSH proves who it is.

    Secrets are sent to whoever answers in its place otherwise.
    """
    found = _UNCHECKED.search(" ".join(texts(resource.get("sshOpts"))))
    if found:
        yield Problem(
            "sshOpts",
            "anyone may answer",
            found[0],
            "StrictHostKeyChecking=yes with a file of known hosts",
            "publish the host's key, and name the file with UserKnownHostsFile",
        )


@of_resource("docker-network-encrypted", Severity.LOW, NETWORK)
def network_between_hosts_is_encrypted(resource: Declared) -> Iterator[Problem]:
    """A network between hosts is encrypted, or leads nowhere else.

    What containers say to each other crosses the hosts' network in the open: CIS Docker 7.3. Low, because
    the provider replaces an encrypted network at every run unless its `options` are ignored, and because
    inside of a VPC only AWS is on the way: what is secret between services goes by TLS of their own.
    """
    internal = resource.get("internal", False)
    if resource.get("driver") == "overlay" and can_be_judged(internal) and not truth(internal):
        yield from must(
            resource,
            "options",
            lambda options: isinstance(options, dict) and _ENCRYPTED in options,
            "in the open between hosts",
            "options {'encrypted': ''}, or internal",
            "options={'encrypted': ''} with ignore_changes=['options']",
        )


@of_resource("docker-rotated-before-removed", Severity.HIGH, *ROTATED)
def new_one_comes_before_the_old_one_goes(resource: Declared) -> Iterator[Problem]:
    """A secret or config with a name is replaced by its successor before it goes.

    With a name given, the provider deletes first, and Docker refuses to delete what a service uses.
    """
    if is_there(resource.get("name")) and resource.delete_before_replace is not False:
        yield Problem(
            "delete_before_replace",
            "the old one is to go first, which Docker refuses",
            "the provider's default" if resource.delete_before_replace is None else "true",
            "false",
            "ResourceOptions(delete_before_replace=False), and a digest of the content in the name",
        )


@of_resource("docker-secret-as-config", Severity.HIGH, ROTATED[1])
def secret_is_no_config(resource: Declared) -> Iterator[Problem]:
    """What is secret is a secret of Swarm, and not a config.

    A config is read back in the open by everyone who may inspect the Swarm: CIS Docker 7.4.
    """
    for path in ("data", "dataRaw"):
        if resource.get(path) is HIDDEN:
            yield Problem(path, "a secret in a config", "a secret", "plain text", "use a docker.Secret")
