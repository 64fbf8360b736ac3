"""The request path of one place in containers: HAProxy, Nginx, HAProxy again, and an API in two colours that
a test can slow down. Configurations and images are those that ship."""

import csv
import io
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
import httpx
from docker.models.containers import Container

from bicoastal.application import api_route
from bicoastal.ingress import haproxy_configuration, nginx_configuration, web_route
from bicoastal.ingress.configuration import CA
from bicoastal.ingress.nginx import CERTIFICATE, KEY
from bicoastal.ingress.request_limits import RequestLimits
from bicoastal.ingress.routes import HttpRoute
from bicoastal.operations.listening import ask
from bicoastal.settings import read
from bicoastal.twin.certificates import new_authority, new_member
from bicoastal.twin.images import build
from tests.twin.conftest import PROJECT

API = """
import http.server, json, sys, time
colour = sys.argv[1]

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        length = int(self.headers.get("content-length") or 0)
        received = len(self.rfile.read(length))
        if self.path.startswith("/slow"):
            time.sleep(float(self.path.partition("=")[2]))
        if self.path == "/ready":
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()
            return
        told = {"colour": colour, "received": received, "headers": dict(self.headers)}
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.send_header("x-frame-options", "SAMEORIGIN")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

    def log_message(self, *_):
        pass

http.server.ThreadingHTTPServer.request_queue_size = 512
http.server.ThreadingHTTPServer(("", 8000), Handler).serve_forever()
"""
HAPROXY_FOLDER = "/var/lib/haproxy"


@dataclass
class RequestPath:
    """The containers, by name: `haproxy`, `nginx`, `blue`, `green`."""

    containers: dict[str, Container]
    start: Callable[[str], None]
    """Run `haproxy`, `nginx` or another Nginx."""

    @property
    def url(self) -> str:
        """Where an edge would come in."""
        haproxy = self.containers["haproxy"]
        haproxy.reload()
        (network,) = haproxy.attrs["NetworkSettings"]["Networks"].values()
        return f"http://{network['IPAddress']}:8080"

    def run(self, name: str, *command: str) -> tuple[int, str]:
        """Exit code and output of a command in a container."""
        answer = ask(self.containers[name], command)
        return answer.code, answer.said + answer.beside

    def said(self) -> dict[str, str]:
        """What the containers logged."""
        return {name: container.logs().decode() for name, container in self.containers.items()}

    def start_again(self, name: str) -> None:
        """End a container and run it again as Swarm does: a new one with the same volumes."""
        self.containers[name].remove(force=True)
        self.start(name)

    @contextmanager
    def second_nginx(self) -> Iterator[None]:
        """Another task of Nginx beside the first."""
        self.start("nginx-2")
        try:
            yield
        finally:
            self.containers.pop("nginx-2").remove(force=True)

    def servers_up(self, backend: str) -> int:
        """How many servers of a backend HAProxy takes to be up."""
        rows = self._statistics(backend)
        return sum(row["svname"] != "BACKEND" and row["status"] == "UP" for row in rows)

    def in_flight(self, backend: str) -> int:
        """How many requests HAProxy has open with a backend."""
        return sum(int(row["scur"]) for row in self._statistics(backend) if row["svname"] == "BACKEND")

    def _statistics(self, backend: str) -> list[dict[str, str]]:
        command = "echo show stat | socat - UNIX-CONNECT:/run/haproxy/admin.sock"
        table = self.run("haproxy", "sh", "-c", command)[1]
        rows = csv.DictReader(io.StringIO(table.removeprefix("# ")))
        return [row for row in rows if row["pxname"] == backend]

    def live(self) -> str:
        """The live colour, as the script prints it."""
        return self.run("haproxy", "live-colour")[1].strip()

    def make_live(self, colour: str) -> None:
        """Change the live colour, as a deployment does."""
        code, said = self.run("haproxy", "live-colour", colour)
        assert (code, said) == (0, "")


USERS = httpx.Client(trust_env=False, timeout=30)
"""All users: they differ by the address that the edge gives them."""


@contextmanager
def request_path(
    engine: docker.DockerClient, folder: Path, limits: Mapping[str, Any], *, signed_by_another: bool = False
) -> Iterator[RequestPath]:
    """A request path with these limits per client; its gateway is the edge that may name the client."""
    name = f"bicoastal-test-path-{secrets.token_hex(3)}"
    images = build(
        engine, [PROJECT / "images" / image for image in ("haproxy", "nginx", "sample-api")], lambda *_: None
    )
    network = engine.networks.create(name, labels={"io.bicoastal.test": name})
    volume = engine.volumes.create(f"{name}-state", labels={"io.bicoastal.test": name})
    network.reload()
    gateway = network.attrs["IPAM"]["Config"][0]["Gateway"]
    _write_files(folder, gateway, limits, signed_by_another)
    made: dict[str, Container] = {}

    def start(role: str, image: str, alias: str, **own: Any) -> None:
        settings = engine.api.create_networking_config({name: engine.api.create_endpoint_config([alias])})
        host = engine.api.create_host_config(
            read_only=True,
            cap_drop=["ALL"],
            **{key: own.pop(key) for key in ("binds", "tmpfs") if key in own},
        )
        identifier = engine.api.create_container(
            images[image], name=f"{name}-{role}", host_config=host, networking_config=settings, **own
        )["Id"]
        made[role] = engine.containers.get(identifier)
        made[role].start()

    def files(**targets: str) -> list[str]:
        return [f"{folder / source.replace('_', '.')}:{target}:ro" for source, target in targets.items()]

    def start_nginx(role: str) -> None:
        start(
            role,
            "nginx",
            "nginx",
            binds=files(nginx_conf="/etc/nginx/nginx.conf", nginx_pem=CERTIFICATE, nginx_key=KEY),
            tmpfs={"/run/nginx": "mode=1777"},
        )

    def start_haproxy() -> None:
        start(
            "haproxy",
            "haproxy",
            "haproxy",
            binds=[
                *files(haproxy_cfg="/etc/haproxy/haproxy.cfg", ca_pem=CA),
                f"{volume.name}:{HAPROXY_FOLDER}",
            ],
            tmpfs={"/run/haproxy": "mode=1777"},
            environment={"COLOURS": "blue green"},
        )

    try:
        for colour in ("blue", "green"):
            start(colour, "sample-api", f"api-{colour}", entrypoint=["python3", "-c", API], command=[colour])
        start_nginx("nginx")
        start_haproxy()
        yield RequestPath(made, lambda role: start_haproxy() if role == "haproxy" else start_nginx(role))
    finally:
        for container in made.values():
            container.remove(force=True)
        network.remove()
        volume.remove()


def _write_files(folder: Path, gateway: str, limits: Mapping[str, Any], signed_by_another: bool) -> None:
    authority, another = new_authority(), new_authority()
    pair = new_member(another if signed_by_another else authority, "east-nginx", ["nginx"])
    routes = [read(HttpRoute, route, "a route") for route in (web_route(), api_route())]
    texts = {
        "haproxy.cfg": haproxy_configuration("east", routes, [], [f"{gateway}/32"]),
        "ca.pem": authority.cert_pem,
        "nginx.conf": nginx_configuration("east", read(RequestLimits, limits, "limits")),
        "nginx.pem": pair.cert_pem,
        "nginx.key": pair.key_pem,
    }
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    for file, text in texts.items():
        (folder / file).write_text(text)
        (folder / file).chmod(0o644)


def log_of(container: Container) -> list[dict[str, Any]]:
    """The lines of an access log."""
    lines = container.logs(stderr=False).decode().splitlines()
    return [json.loads(line) for line in lines]
