"""CloudWatch on loopback, as far as Alloy asks it: figures of S3, in the encoding of AWS' own library.

Moto answers CloudWatch in the two encodings before this one only.
"""

import io
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple

from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.parsers import RpcV2CBORParser
from botocore.serialize import RpcV2CBORSerializer

ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
SCOPE = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
OPERATION = "GetMetricStatistics"
_ANSWER = (
    ServiceModel(Loader().load_service_model("cloudwatch", "service-2"))
    .operation_model(OPERATION)
    .output_shape
)
IDENTITY = (
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
    "<UserId>watcher</UserId><Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/watcher</Arn>"
    "</GetCallerIdentityResult></GetCallerIdentityResponse>"
)


class Asked(NamedTuple):
    """What a figure is of."""

    region: str
    metric: str
    statistic: str
    source: str
    destination: str
    rule: str


Figures = Mapping[Asked, float]


class CloudWatch(ThreadingHTTPServer):
    """What has these figures, and answers whoever has this key."""

    def __init__(self, figures: Figures, access_key_id: str, *, refuses: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.figures, self.access_key_id, self.refuses = figures, access_key_id, refuses
        self.refused = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Request(BaseHTTPRequestHandler):
    server: CloudWatch
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        scope = SCOPE.search(self.headers.get("Authorization", ""))
        if scope is None or scope[1] != self.server.access_key_id:
            self._answer(403, b"", "text/plain")
        elif scope[3] == "sts":
            self._answer(200, IDENTITY.encode(), "text/xml")
        elif scope[3] == "monitoring" and self.server.refuses:
            self.server.refused += 1
            self._answer(403, b"", "text/plain")
        elif scope[3] == "monitoring" and self.path.endswith(f"/{OPERATION}"):
            self._answer(200, self._datapoints(scope[2], _decoded(body)), "application/cbor")
        else:  # the account's alias, which it may not know
            self._answer(403, b"", "text/plain")

    def _datapoints(self, region: str, asked: Mapping[str, Any]) -> bytes:
        of = {each["Name"]: each["Value"] for each in asked["Dimensions"]}
        (statistic,) = asked["Statistics"]
        way = (of["SourceBucket"], of["DestinationBucket"], of["RuleId"])
        value = self.server.figures.get(Asked(region, asked["MetricName"], statistic, *way))
        assert asked["Namespace"] == "AWS/S3"
        minute = int(time.time()) // 60 * 60 - 300
        points = [] if value is None else [{"Timestamp": minute, statistic: value, "Unit": "None"}]
        return _encoded({"Label": asked["MetricName"], "Datapoints": points})

    def _answer(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        if kind == "application/cbor":
            self.send_header("smithy-protocol", "rpc-v2-cbor")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Nothing is written for each request."""


@contextmanager
def cloudwatch(figures: Figures, *, refuses: bool = False) -> Iterator[CloudWatch]:
    """It, while it runs; `refuses` whoever asks for figures."""
    with CloudWatch(figures, ACCESS_KEY, refuses=refuses) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def _decoded(body: bytes) -> Mapping[str, Any]:
    asked: Mapping[str, Any] = RpcV2CBORParser().parse_data_item(io.BufferedReader(io.BytesIO(body)))
    return asked


def _encoded(answer: Mapping[str, Any]) -> bytes:
    content = bytearray()
    RpcV2CBORSerializer()._serialize_data_item(content, answer, _ANSWER)
    return bytes(content)
