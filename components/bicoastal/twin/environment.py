"""What the twin adds to the project's settings for environment `local`: its own places, images, secrets.

A program that is to run as a twin reads these keys of its project's configuration: `settings` (what people
choose), `topology`, `images`, `authority`, `certificates` (member to certificate), and as secrets
`rotation_key`, `key_<member>` and `<name>_password`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..database import PostgresCluster, voters
from ..plan.recorder import read_stack_config
from ..settings import read
from ..stack.configuration import PASSWORDS
from ..topology import PlaceArgs, Topology, TopologyArgs
from .choices import merged
from .credentials import Credentials
from .layout import PlaceLayout, TwinLayout
from .project import Project

CLOUD_REGIONS = {"east": "us-east-1", "west": "us-west-2", "witness": "us-east-2"}
"""What the places of a twin stand for."""
IMAGE_FOLDERS = {"etcd": "etcd", "postgres": "postgres", "haproxy": "haproxy", "api": "sample-api"}
"""What the program calls an image, and the image's folder."""
PRIMARY_NAME = "postgres"
"""The name under which clients dial the primary, which members' certificates therefore carry."""


@dataclass(frozen=True)
class Environment:
    """Environment `local` of a project, on the places of a twin."""

    project: Project
    layout: TwinLayout
    choices: Mapping[str, Any]
    """Settings that win over the project's in this twin."""

    @property
    def topology_args(self) -> TopologyArgs:
        """The places of the twin, as the program takes them."""
        east, west, witness = (_place_args(place) for place in self.layout.places.values())
        return {"regions": [east, west], "witness": witness}

    @property
    def topology(self) -> Topology:
        """The places of the twin, checked."""
        return read(Topology, self.topology_args, "The twin's topology")

    @property
    def database(self) -> PostgresCluster:
        """The Postgres cluster that the project declares for environment `local`."""
        return read(PostgresCluster, self.declared("database"), f"{self.project.stack_file.name}: database")

    def declared(self, name: str) -> dict[str, Any]:
        """The group of settings of this name; empty when none is declared."""
        group: dict[str, Any] = self.settings.get(name, {})
        return group

    @property
    def settings(self) -> dict[str, Any]:
        """The project's settings for environment `local`, with this twin's choices over them."""
        config, _ = read_stack_config(self.project.stack_file)
        return merged(json.loads(config.get(self.key("settings"), "{}")), self.choices)

    @property
    def members(self) -> Mapping[str, list[str]]:
        """Everyone that needs a certificate, with the names and addresses that it must carry."""
        topology = self.topology
        everyone = [
            *((voter.name, voter.address) for voter in voters(topology)),
            *((member.name, member.address) for member in self.database.members(topology)),
        ]
        return {name: [address, "127.0.0.1", "localhost", PRIMARY_NAME] for name, address in everyone}

    def key(self, name: str) -> str:
        """The configuration key `<project>:<name>`."""
        return f"{self.project.name}:{name}"

    def config(self, images: Mapping[str, str], credentials: Credentials) -> tuple[dict[str, str], set[str]]:
        """The whole configuration, and which of its keys are secret. `images` maps folder names to tags."""
        config, secret = read_stack_config(self.project.stack_file)
        certificates = credentials.certificates
        public: dict[str, Any] = {
            "settings": self.settings,
            "topology": self.topology_args,
            "images": {name: images[folder] for name, folder in IMAGE_FOLDERS.items()},
            "certificates": {name: pair.cert_pem for name, pair in certificates.items()},
        }
        hidden = {
            "rotation_key": credentials.rotation_key,
            **{f"key_{name}": pair.key_pem for name, pair in certificates.items()},
            **{f"{name}_password": credentials.passwords[name] for name in PASSWORDS},
        }
        config |= {self.key(name): json.dumps(value) for name, value in public.items()}
        config |= {self.key("authority"): credentials.ca_pem}
        config |= {self.key(name): value for name, value in hidden.items()}
        return config, secret | {self.key(name) for name in hidden}


def _place_args(place: PlaceLayout) -> PlaceArgs:
    return {
        "name": place.name,
        "region": CLOUD_REGIONS[place.name],
        "subnet": str(place.subnet),
        "docker_host": place.docker_host,
    }
