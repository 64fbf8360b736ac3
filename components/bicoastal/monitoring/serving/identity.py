"""How watchers prove themselves: each shows its place's certificate, and answers to watchers alone."""

from typing import Any

import pulumi
import yaml

from ...certificate import Certificate
from ...component import Component
from ...containers.config import add_config
from ...containers.secret import add_secret
from ...containers.service_args import Made
from ...site import Site
from ...topology import Place
from .certificate import SharedIdentity, WatcherCertificate

NAME = "monitor"
"""The name that every watcher's certificate carries: whoever shows none with it is sent away."""
FOLDER = "/etc/watcher"
CA = f"{FOLDER}/ca.pem"
CERTIFICATE = f"{FOLDER}/watcher.pem"
KEY_NAME = "tls-key"
KEY = f"/run/secrets/{KEY_NAME}"
WEB = f"{FOLDER}/web.yaml"
CLIENT = {"ca_file": CA, "cert_file": CERTIFICATE, "key_file": KEY}
"""How a watcher calls whoever is known by address."""
WATCHER_CLIENT = {**CLIENT, "server_name": NAME}
"""How it calls another watcher."""
SERVER = {
    "cert_file": CERTIFICATE,
    "key_file": KEY,
    "client_ca_file": CA,
    "client_auth_type": "RequireAndVerifyClientCert",
    "client_allowed_sans": [NAME],
}


def certificate_name(place: str) -> str:
    """By which the certificate of a place's watchers is known."""
    return f"{place}-{NAME}"


def certified_names(place: Place) -> list[str]:
    """The names and addresses that the certificate of a place's watchers carries."""
    return [*(place.address(host) for host in range(place.hosts)), "127.0.0.1", "localhost", NAME]


def as_yaml(document: Any) -> str:
    """The document as the watchers read it, the same for the same document."""
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=10_000)


_SHARED = {"authority": "watchers-ca", "certificate": "watchers-cert", "web": "watchers-web"}
SHARED_CHILDREN = (*_SHARED.values(), "watchers-key")
"""The children of whoever adds a shared identity."""


def add_shared_identity(owner: Component[Any], site: Site, certificate: Certificate) -> WatcherCertificate:
    """The certificate as children of `owner`, for all of a place's watchers."""
    texts = {
        "authority": certificate.authority,
        "certificate": certificate.certificate,
        "web": _web(),
    }
    made: dict[str, Made] = {}
    for part, key in _SHARED.items():
        config = add_config(owner, key, site.swarm_name(key), texts[part])
        made[part] = Made(id=config.id, name=config.name)
    key = SHARED_CHILDREN[-1]
    secret = add_secret(owner, key, site.swarm_name(key), certificate.key, site.rotation_key)
    shared = SharedIdentity(**made, key=Made(id=secret.id, name=secret.name))
    return WatcherCertificate(
        authority=certificate.authority,
        certificate=certificate.certificate,
        key=certificate.key,
        shared=shared,
    )


def identity(certificate: WatcherCertificate, *, web: bool = True) -> dict[str, list[dict[str, Any]]]:
    """The files and the secret by which a service is a watcher; `web` for those that read how to serve from
    a file."""
    made = vars(certificate.shared) if certificate.shared else {}

    def source(part: str, field: str, text: pulumi.Input[str]) -> dict[str, Any]:
        return {"made": made[part]} if part in made else {field: text}

    files = [
        {"name": "ca", "path": CA, **source("authority", "content", certificate.authority)},
        {"name": "cert", "path": CERTIFICATE, **source("certificate", "content", certificate.certificate)},
    ]
    if web:
        files.append({"name": "web", "path": WEB, **source("web", "content", _web())})
    return {"files": files, "secrets": [{"name": KEY_NAME, **source("key", "value", certificate.key)}]}


def _web() -> str:
    return as_yaml({"tls_server_config": SERVER})


def healthy_at(port: int, path: str) -> dict[str, Any]:
    """The health check of a watcher: it answers itself."""
    return {
        "command": [
            *("curl", "--silent", "--fail", "--output", "/dev/null", "--max-time", "4"),
            *("--cacert", CA, "--cert", CERTIFICATE, "--key", KEY, f"https://localhost:{port}{path}"),
        ],
        "interval_s": 30,
    }
