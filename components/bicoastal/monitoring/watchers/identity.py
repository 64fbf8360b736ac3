"""How watchers prove themselves: each shows its place's certificate, and answers to watchers alone."""

from typing import Any

import yaml

from ...certificate import Certificate
from ...topology import Place

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


def identity(certificate: Certificate, *, web: bool = True) -> dict[str, list[dict[str, Any]]]:
    """The files and the secret by which a service is a watcher; `web` for those that read how to serve from
    a file."""
    files = [
        {"name": "ca", "path": CA, "content": certificate.authority},
        {"name": "cert", "path": CERTIFICATE, "content": certificate.certificate},
    ]
    if web:
        files.append({"name": "web", "path": WEB, "content": as_yaml({"tls_server_config": SERVER})})
    return {"files": files, "secrets": [{"name": KEY_NAME, "value": certificate.key}]}


def healthy_at(port: int, path: str) -> dict[str, Any]:
    """The health check of a watcher: it answers itself."""
    return {
        "command": [
            *("curl", "--silent", "--fail", "--output", "/dev/null", "--max-time", "4"),
            *("--cacert", CA, "--cert", CERTIFICATE, "--key", KEY, f"https://localhost:{port}{path}"),
        ],
        "interval_s": 30,
    }
