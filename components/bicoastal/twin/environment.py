"""Environment `local` of a project, on the places of a twin: everything that is declared, without an engine.

A program that is to run as a twin reads these keys of its project's configuration: `settings` (what people
choose), `topology`, `images`, `authority`, `certificates` (member to certificate), and as secrets
`rotation_key`, `key_<member>` and `<name>_password`.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from ..application.route import NAME as API
from ..cache import RedisNode, redis_nodes
from ..checks.problem import Problem
from ..database import PostgresCluster, voters
from ..edge import EdgeMonitor
from ..ingress import nginx
from ..ingress.nginx import certificate_name
from ..monitoring import serving, watchers
from ..monitoring.serving.identity import CA as AUTHORITY
from ..monitoring.watchers.optional import OptionalPart, declared_parts
from ..plan.ports import port_problems
from ..plan.record import Plan
from ..plan.recorder import record
from ..plan.stack_files import StackFile, stack_files
from ..settings import read, refuse
from ..stack.configuration import KEYS, PASSWORDS
from ..stack.parts import api_certificate_name
from ..stack.rollout import Rollout
from ..topology import PlaceArgs, Topology, TopologyArgs
from . import alert_receiver
from .choices import load, merged, parse, without_nothing
from .credentials import Credentials, ensure
from .edge import PORT, Pool, edge_problems
from .images import tag
from .layout import NotATwinName, PlaceLayout, TwinLayout
from .place import ENGINE_SOCKET, socket_group
from .project import ENVIRONMENT, Project
from .upstream import Upstream, UpstreamImage, listed

CLOUD_REGIONS = {"east": "us-east-1", "west": "us-west-2", "witness": "us-east-2"}
"""What the places of a twin stand for."""
IMAGE_FOLDERS = {
    "etcd": "etcd",
    "postgres": "postgres",
    "haproxy": "haproxy",
    "nginx": "nginx",
    "redis": "redis",
    "api": "sample-api",
    "prometheus": "prometheus",
    "alertmanager": "alertmanager",
    "exporters": "exporters",
}
"""What the program calls an image, and the image's folder."""
MADE_KEYS = tuple(key for key in KEYS if key != "rotation_key")
"""Secrets of the configuration that are made and kept like passwords, under their own names."""
PLACE_IMAGE = "place"
OWNER = "The twin"
PUBLIC_PATH = "/api/pins?bbox=-1,-1,1,1&limit=1"
"""What users ask for, which the watchers therefore ask for at the edge."""
PRIMARY_NAME = "postgres"
REDIS_NAME = "redis"
"""The names under which clients dial the primaries, which members' certificates therefore carry."""


@dataclass(frozen=True)
class Environment:
    """What a twin is to be."""

    project: Project
    layout: TwinLayout
    choices: Mapping[str, Any]
    """Settings that win over the project's in this twin."""
    asked: Mapping[str, Any] = field(default_factory=dict)
    """Of the choices, those that were asked for now; None takes one back."""

    @classmethod
    def of(cls, project: Project, twin: str, choices: Sequence[str] = ()) -> "Environment":
        """The environment of the twin of this name. `choices` are `group.key=value` texts, which win over
        those that the twin has kept from before; `null` takes one back. Raises `NotATwinName`,
        `NotASetting`."""
        _refuse_other_environments(project, twin)
        layout = TwinLayout.named(twin, project.folder)
        return cls(project, layout, {}, parse(choices)).reloaded()

    def reloaded(self) -> "Environment":
        """The same environment with what was asked for over what the twin has kept by now: whoever had the
        twin's lock may have changed it."""
        return replace(self, choices=without_nothing(merged(load(self.layout.folder), self.asked)))

    def for_its_creation(self) -> "Environment":
        """The same environment while nobody uses it yet: everything is made at once, unless the settings say
        in which order."""
        chosen = {"rollout": Rollout.AT_ONCE.value, **self.settings}
        return replace(self, choices={**self.choices, "rollout": chosen["rollout"]})

    def check(self) -> None:
        """Run the program on stand-ins for its secrets, so that a wrong setting is refused before anything is
        made. Raises `pulumi.InputPropertiesError`."""
        refuse(OWNER, list(self._settings_that_are_the_twins()))
        refuse(OWNER, [*port_problems(self.rehearsal), *edge_problems(self.monitor)])

    @cached_property
    def rehearsal(self) -> Plan:
        """What the program declares on the stand-ins, as if all published images were here: nothing is made
        for it."""
        return self._record(self.stand_ins, self.wanted)

    @cached_property
    def stand_ins(self) -> Credentials:
        """What stands for the twin's secrets."""
        return Credentials.stand_ins(self._certified, self._secrets)

    @cached_property
    def plan(self) -> Plan:
        """What the program declares for this twin."""
        return self._record(self.credentials, self.upstream.had)

    @property
    def exports(self) -> Mapping[str, Any]:
        """The program's outputs, such as the failover budget."""
        return self.plan.exports

    @property
    def stack_files(self) -> dict[str, StackFile]:
        """The stack files by place: each is for the engine that its provider names."""
        places = {place.docker_host: name for name, place in self.layout.places.items()}
        return {places[file.host]: file for file in stack_files(self.plan).values()}

    @property
    def http_addresses(self) -> Mapping[str, Sequence[str]]:
        """Each region's balancers, `host:port`."""
        addresses: Mapping[str, Sequence[str]] = self.exports["http_addresses"]
        return addresses

    @property
    def places_by_provider(self) -> dict[str, str]:
        """The place by the logical name of the Docker provider that is for its engine."""
        places = {place.docker_host: name for name, place in self.layout.places.items()}
        return {name: places[file.host] for name, file in stack_files(self.plan).items()}

    @property
    def pools(self) -> list[Pool]:
        """The edge's pools, in its order of preference."""
        return [Pool(region.name, self.http_addresses[region.name]) for region in self.topology.regions]

    @cached_property
    def credentials(self) -> Credentials:
        """The twin's passwords and certificates; made when there are none yet."""
        alone = [api_certificate_name(region.name) for region in self.topology.regions]
        return ensure(self.layout.folder, self._certified, self._secrets, alone)

    def make_credentials(self) -> None:
        """Make the passwords and certificates that there are none of yet."""
        assert self.credentials

    @cached_property
    def images(self) -> Mapping[str, str]:
        """The tag of each image, by the name of its folder."""
        folders = (*IMAGE_FOLDERS.values(), PLACE_IMAGE, alert_receiver.RECEIVER)
        return {folder: tag(self.project.images / folder) for folder in folders}

    @cached_property
    def published(self) -> Mapping[str, UpstreamImage]:
        """The images that others publish, by the program's name for each."""
        return listed(self.project.images)

    @cached_property
    def upstream(self) -> Upstream:
        """Which of them the last `up` could have: the program is told of no other."""
        return Upstream.load(self.layout.folder)

    @property
    def wanted(self) -> list[str]:
        """Those that what is declared needs."""
        return list(dict.fromkeys(name for part in self._optional.values() for name in part.images))

    @property
    def parts_left_out(self) -> Mapping[str, str]:
        """The declared parts that this twin has not, each with the reason in one line."""
        left_out = self.upstream.left_out
        lacking = {
            name: [image for image in part.images if image in left_out]
            for name, part in self._optional.items()
        }
        return {
            name: "; ".join(f"no image {image}: {left_out[image]}" for image in images)
            for name, images in lacking.items()
            if images
        }

    @property
    def parts_had(self) -> list[str]:
        """The declared parts that this twin has."""
        had = self.upstream.had
        return [name for name, part in self._optional.items() if set(part.images) <= set(had)]

    @property
    def _optional(self) -> Mapping[str, OptionalPart]:
        monitoring = self._group("monitoring")
        return declared_parts(monitoring if isinstance(monitoring, Mapping) else {})

    @property
    def receiver_secrets(self) -> alert_receiver.ReceiverSecrets:
        """What the stand-in that is told of alerts asks for."""
        return alert_receiver.ReceiverSecrets.among(self.credentials.passwords)

    @property
    def _certified(self) -> Mapping[str, list[str]]:
        """The members, and who is outside every place, with what their certificates must carry."""
        return {**self.members, alert_receiver.RECEIVER: alert_receiver.certified_names(self.layout)}

    @property
    def _secrets(self) -> Sequence[str]:
        return (*PASSWORDS, *MADE_KEYS, *alert_receiver.SECRETS)

    @cached_property
    def topology(self) -> Topology:
        """The places of the twin, checked."""
        return read(Topology, self._topology_args, "The twin's topology")

    @cached_property
    def database(self) -> PostgresCluster:
        """The Postgres cluster that is declared."""
        return read(PostgresCluster, self._group("database"), "The setting 'database'")

    @property
    def redis_nodes(self) -> list[RedisNode]:
        """The Redis node of each place."""
        return redis_nodes(self.topology)

    @cached_property
    def monitor(self) -> EdgeMonitor:
        """The edge's probes that are declared."""
        return read(EdgeMonitor, self._group("monitor"), "The setting 'monitor'")

    @property
    def members(self) -> Mapping[str, list[str]]:
        """Everyone that needs a certificate, with the names and addresses that it must carry."""
        everyone = [
            *((voter.name, voter.address, PRIMARY_NAME) for voter in voters(self.topology)),
            *((member.name, member.address, PRIMARY_NAME) for member in self.database.members(self.topology)),
            *((node.name, node.address, REDIS_NAME) for node in self.redis_nodes),
        ]
        local = ["127.0.0.1", "localhost"]
        return {
            **{name: [address, *local, dialled] for name, address, dialled in everyone},
            **{certificate_name(region.name): [*local, nginx.NAME] for region in self.topology.regions},
            **{
                serving.certificate_name(place.name): serving.certified_names(place)
                for place in self.topology.places
            },
            **(self._of_tracing if self._group("monitoring").get("tracing") is not None else {}),
        }

    @property
    def _of_tracing(self) -> Mapping[str, list[str]]:
        """Who takes part in tracing: each region's Jaeger, and its API as a client."""
        regions = self.topology.regions
        return {
            **{
                watchers.jaeger_certificate_name(region.name): watchers.jaeger_certified_names(region)
                for region in regions
            },
            **{api_certificate_name(region.name): [API] for region in regions},
        }

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The project's settings for environment `local`, with this twin's choices over them."""
        config, _ = self.project.config(ENVIRONMENT)
        return merged(json.loads(config.get(self._key("settings"), "{}")), self.choices)

    def _settings_that_are_the_twins(self) -> Iterator[Problem]:
        """What a twin computes cannot be chosen, but for the region that is first the primary."""
        own = {"topology": {"primary"}, "images": set(), "credentials": set()}
        for group, free in own.items():
            for key in sorted(set(self._group(group)) - free):
                yield Problem(
                    f"{group}.{key}",
                    "computed for each twin",
                    repr(key),
                    ", ".join(f"{group}.{name}" for name in sorted(free)) or f"nothing in {group}",
                    "leave it out",
                )

    def config(self, credentials: Credentials, had: Collection[str]) -> tuple[dict[str, str], set[str]]:
        """The whole configuration, and which of its keys are secret; `had` are the published images that the
        program is to know."""
        config, secret = self.project.config(ENVIRONMENT)
        certificates = {
            name: pair for name, pair in credentials.certificates.items() if name != alert_receiver.RECEIVER
        }
        public: dict[str, Any] = {
            "settings": {
                key: value for key, value in merged(self._own, self.settings).items() if key != "topology"
            },
            "topology": self._topology_args,
            "images": {
                **{name: self.images[folder] for name, folder in IMAGE_FOLDERS.items()},
                **{name: image.tag for name, image in self.published.items() if name in had},
            },
            "certificates": {name: pair.cert_pem for name, pair in certificates.items()},
        }
        hidden = {
            "rotation_key": credentials.rotation_key,
            **{f"key_{name}": pair.key_pem for name, pair in certificates.items()},
            **{f"{name}_password": credentials.passwords[name] for name in PASSWORDS},
            **{name: credentials.passwords[name] for name in MADE_KEYS},
            **alert_receiver.secrets_of(
                self.layout.receiver_address, alert_receiver.ReceiverSecrets.among(credentials.passwords)
            ),
        }
        config |= {self._key(name): json.dumps(value) for name, value in public.items()}
        config |= {self._key("authority"): credentials.ca_pem}
        config |= {self._key(name): value for name, value in hidden.items()}
        return config, secret | {self._key(name) for name in hidden}

    @property
    def _topology_args(self) -> TopologyArgs:
        east, west, witness = (_place_args(place) for place in self.layout.places.values())
        places: TopologyArgs = {"regions": [east, west], "witness": witness}
        primary = self._group("topology").get("primary")
        return {**places, "primary": primary} if primary else places

    @property
    def _own(self) -> Mapping[str, Any]:
        # Alone it would declare logs.
        engine = {"engine": {"socket": ENGINE_SOCKET, "group": socket_group()}}
        return {
            "ingress": {"trusted_proxies": [f"{self.layout.edge_address}/32"]},
            "monitoring": {
                **({"logs": engine} if "logs" in self._optional else {}),
                "public_urls": [f"http://{self.layout.edge_address}:{PORT}{PUBLIC_PATH}"],
                "routing": {
                    "receivers": alert_receiver.receivers_of(self.layout.receiver_address, AUTHORITY)
                },
            },
        }

    def _group(self, name: str) -> Any:
        return self.settings.get(name) or {}

    def _key(self, name: str) -> str:
        return f"{self.project.name}:{name}"

    def _record(self, credentials: Credentials, had: Collection[str]) -> Plan:
        config, secret_keys = self.config(credentials, had)
        return record(
            self.project.program,
            project=self.project.name,
            stack=ENVIRONMENT,
            config=config,
            secret_keys=secret_keys,
        )


def _refuse_other_environments(project: Project, twin: str) -> None:
    """A twin called `production` would be taken for production."""
    file = project.stack_file_of(twin)
    if twin != ENVIRONMENT and file.is_file():
        problem = Problem(
            "twin",
            f"an environment of its own, by its file {file.name}",
            repr(twin),
            f"{ENVIRONMENT!r}, or a name that no environment has",
            f"this command reaches twins alone: `bicoastal plan {twin}` shows {twin},"
            f" and `pulumi up --stack {twin}` applies it",
        )
        raise NotATwinName(str(problem))


def _place_args(place: PlaceLayout) -> PlaceArgs:
    return {
        "name": place.name,
        "region": CLOUD_REGIONS[place.name],
        "subnet": str(place.subnet),
        "docker_host": place.docker_host,
    }
