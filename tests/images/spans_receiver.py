"""A receiver of OTLP over HTTP with TLS, which takes spans as the published definition reads them. It can
refuse, hang and be gone."""

import base64
import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from google.protobuf.json_format import ParseDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

IDS = ("traceId", "spanId", "parentSpanId")


class Receiver:
    """Takes spans on a free port of this machine."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.bodies: list[bytes] = []
        self.statuses: list[int] = []
        """Answered first, one each; then all is taken."""
        self.came = threading.Condition()
        self.hangs = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.hangs.wait(30) if not receiver.hangs.is_set() else None
                status = receiver.statuses.pop(0) if receiver.statuses else 200
                self.send_response(status if self.path == "/v1/traces" else 404)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")
                if status == 200:
                    with receiver.came:
                        receiver.bodies.append(body)
                        receiver.came.notify_all()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.hangs.set()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if context is not None:
            self.server.socket = context.wrap_socket(
                self.server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    def stop(self) -> None:
        """Be gone."""
        self.hangs.set()
        if self.thread.is_alive():
            self.server.shutdown()
            self.thread.join()
            self.server.server_close()

    @property
    def requests(self) -> list[ExportTraceServiceRequest]:
        """What came, read strictly: an unknown field would be an error."""
        return [ParseDict(_with_bytes(json.loads(body)), ExportTraceServiceRequest()) for body in self.bodies]

    def spans(self) -> dict[str, dict]:
        """The spans that came, by their name."""
        return {
            span.name: {
                "trace": span.trace_id.hex(),
                "id": span.span_id.hex(),
                "parent": span.parent_span_id.hex(),
                "kind": span.kind,
                "error": span.status.code == 2,
                "took": span.end_time_unix_nano - span.start_time_unix_nano,
                **{a.key: a.value.string_value or a.value.int_value for a in span.attributes},
            }
            for request in self.requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        }

    def wait(self, *names: str) -> dict[str, dict]:
        """The spans, once these have come; within 10 s."""
        with self.came:
            assert self.came.wait_for(lambda: set(names) <= self.spans().keys(), 10), self.spans()
        return self.spans()


def _with_bytes(value: object) -> object:
    """OTLP's JSON has ids in hexadecimal where protobuf's has base64."""
    if isinstance(value, dict):
        return {
            key: base64.b64encode(bytes.fromhex(one)).decode() if key in IDS else _with_bytes(one)
            for key, one in value.items()
        }
    return [_with_bytes(one) for one in value] if isinstance(value, list) else value
