"""Promtail, for who still has it."""

from collections.abc import Sequence
from typing import Any, NotRequired

import pulumi

from ...component import Component, ComponentArgs
from ...containers import ContainerService
from ...containers.service_args import LimitsArgs
from ...site import SiteArgs
from ..serving import ports
from ..serving.certificate import WatcherCertificateArgs
from ..serving.identity import WATCHER_CLIENT, as_yaml
from .collecting import BACKOFF_S, RETRIES, CollectorSettings
from .collector import PROMTAIL_IS_OVER
from .engine import EngineArgs
from .labelling import CONTAINER, labelling
from .loki_configuration import SERVER_TLS

USER = 473
DATA = "/var/tmp"  # noqa: S108 a volume in the container, where anybody may write
CONFIGURATION = "/etc/promtail/bicoastal.yaml"


class PromtailArgs(ComponentArgs):
    """What a place's Promtails are made of."""

    site: SiteArgs
    """Where they run: on each numbered host of the place. It needs the place's `docker_host`."""
    image: pulumi.Input[str]
    """The image with Promtail 3.5, pinned; not 3.2.0, which ends over what it finds at the engine."""
    certificate: WatcherCertificateArgs
    """Its place's, naming its hosts' addresses, `localhost` and `monitor`."""
    workers: NotRequired[bool]
    """Whether they run on every worker instead. Default: false."""
    engine: NotRequired[EngineArgs]
    """How they reach the engine of their host. Default: `/run/docker.sock`, as group 2375."""
    limits: NotRequired[LimitsArgs]
    """What each may use. Default: 256 MiB and half a core."""


class Promtail(Component[CollectorSettings]):
    """A place's Promtails, one on each host: they do with logs what `Alloy` does, under the same labels, and
    tell nothing of containers. Promtail is past its end of life since 2026-03-02, and each plan warns of it.

    All else is as `Alloy` says, the engine's socket too. How far it has read is the volume
    `<stack>_promtail-data` on each host.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    service_name: pulumi.Output[str]
    """The service's name in Swarm."""

    def __init__(self, name: str, args: PromtailArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts, CollectorSettings)
        pulumi.log.warn(f"{name}: {PROMTAIL_IS_OVER}", self)
        settings, site = self.settings, self.settings.site
        text = as_yaml(
            promtail_configuration(site.stack, site.place, settings.loki_url, settings.engine.socket)
        )
        service = ContainerService(
            self.child_name("collector"),
            self.child_args(
                "collector",
                settings.service_on_every_host(
                    "promtail",
                    USER,
                    [{"name": "configuration", "path": CONFIGURATION, "content": text}],
                    command=["/usr/bin/promtail", f"-config.file={CONFIGURATION}", "-config.expand-env=true"],
                    volumes=[{"name": site.swarm_name("promtail-data"), "path": DATA}],
                ),
            ),
            opts=self.child_opts("collector"),
        )
        self.service_name = service.service_name
        self.register_outputs({"service_name": self.service_name})

    @classmethod
    def children_of(cls, settings: CollectorSettings) -> Sequence[str]:
        return ("collector",)


def promtail_configuration(stack: str, place: str, url: str, socket: str) -> dict[str, Any]:
    """The configuration of a Promtail in this place, which sends to the Loki at `url`."""
    return {
        "server": {
            "http_listen_port": ports.COLLECTOR,
            "http_tls_config": SERVER_TLS,
            "tls_min_version": "VersionTLS12",
            "grpc_listen_address": "127.0.0.1",
            "grpc_listen_port": 0,
            "log_level": "warn",
        },
        "positions": {"filename": f"{DATA}/positions.yaml"},
        "clients": [
            {
                "url": url,
                "tls_config": WATCHER_CLIENT,
                "batchsize": 1 << 20,
                "backoff_config": {"max_period": f"{BACKOFF_S}s", "max_retries": RETRIES},
                "external_labels": {"place": place, "host": "${HOST}"},
            }
        ],
        "scrape_configs": [
            {
                "job_name": "containers",
                "docker_sd_configs": [{"host": f"unix://{socket}", "refresh_interval": "10s"}],
                "relabel_configs": labelling(stack),
                "pipeline_stages": [{"structured_metadata": {CONTAINER: None}}],
            }
        ],
    }
