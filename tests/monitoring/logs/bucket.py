"""A bucket on loopback: what speaks as S3 does, kept in memory by moto."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

import boto3
import requests
from moto import mock_aws

REGION, BUCKET = "us-east-1", "shop-logs-us-east-1"
KEY = {"access_key_id": "AKIAIOSFODNN7EXAMPLE", "secret_access_key": "planted-secret-7e57ab1e"}
ONE_BY_ONE = Lock()
"""Moto is asked by one thread at a time."""


class PassedOn(BaseHTTPRequestHandler):
    """Each request to moto, which answers what is sent to AWS by the library `requests`."""

    protocol_version = "HTTP/1.1"

    def _pass_on(self) -> None:
        signed = f"Credential={KEY['access_key_id']}/" in self.headers.get("Authorization", "")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, headers, content = 403, {}, b""
        if signed:
            url = f"https://s3.{REGION}.amazonaws.com{self.path}"
            own = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            with ONE_BY_ONE:
                answer = requests.request(self.command, url, headers=own, data=body, timeout=10)
            status, headers, content = answer.status_code, dict(answer.headers), answer.content
        self.send_response(status)
        length = headers.get("Content-Length", "0") if self.command == "HEAD" else str(len(content))
        skipped = {"content-length", "transfer-encoding", "connection"}
        for name, value in {**headers, "Content-Length": length}.items():
            if name.lower() not in skipped or name == "Content-Length":
                self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _pass_on  # noqa: N815 as the library calls them

    def log_message(self, *_: Any) -> None:
        """Nothing is written for each request."""


@contextmanager
def a_bucket() -> Iterator[tuple[str, Any]]:
    """The address of the store, and a client that looks into it."""
    with mock_aws():
        store = boto3.client("s3", region_name=REGION)
        store.create_bucket(Bucket=BUCKET)
        server = ThreadingHTTPServer(("127.0.0.1", 0), PassedOn)
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", store
        finally:
            server.shutdown()
            server.server_close()


def keys_in(store: Any) -> list[str]:
    """What is in the bucket."""
    with ONE_BY_ONE:
        return [one["Key"] for one in store.list_objects_v2(Bucket=BUCKET).get("Contents", [])]
