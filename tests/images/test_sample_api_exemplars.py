"""An exemplar's way from the reference API into Prometheus."""

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import yaml
from sample_api.app import create_app
from sample_api.settings import Settings
from starlette.testclient import TestClient

from bicoastal.monitoring.watchers.prometheus import EXEMPLARS
from tests.images.spans_receiver import Receiver
from tests.images.test_sample_api import ENVIRONMENT, MemoryStore
from tests.monitoring.programs import free_port, program, running, wait_until

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@contextmanager
def served(app, port):
    """The API on a port of this machine: what its own server is, the test's machine has not."""
    with TestClient(app) as api:

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                answer = api.get(self.path, headers=dict(self.headers))
                self.send_response(answer.status_code)
                self.send_header("Content-Type", answer.headers["content-type"])
                self.end_headers()
                self.wfile.write(answer.content)

            def log_message(self, *_):
                """Quiet."""

        server = HTTPServer(("127.0.0.1", port), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def test_prometheus_keeps_the_trace_of_a_slow_request(tmp_path):
    prometheus = program("prometheus")
    (tmp_path / "password").write_text("correct-horse\n")
    receiver = Receiver()
    environment = {
        **ENVIRONMENT,
        "DATABASE_PASSWORD_FILE": str(tmp_path / "password"),
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{receiver.port}",
        "OTEL_PROPAGATORS": "tracecontext",
    }
    port, api_port = free_port(), free_port()
    job = {"job_name": "api", "static_configs": [{"targets": [f"127.0.0.1:{api_port}"]}]}
    scrape = {"global": {"scrape_interval": "1s", "scrape_timeout": "1s"}, "scrape_configs": [job]}
    (tmp_path / "prometheus.yaml").write_text(yaml.safe_dump(scrape))
    at = f"http://127.0.0.1:{port}"

    def ready():
        try:
            return httpx.get(f"{at}/-/ready").status_code == 200
        except httpx.HTTPError:
            return False

    command = [
        prometheus,
        f"--config.file={tmp_path}/prometheus.yaml",
        f"--storage.tsdb.path={tmp_path}/samples",
        f"--web.listen-address=127.0.0.1:{port}",
        *EXEMPLARS,
    ]
    app = create_app(Settings.from_environment(environment), MemoryStore())
    try:
        with served(app, api_port) as api, running(command, tmp_path / "log", ready):
            httpx.get(f"{api}/api/pins/1", headers={"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"})

            def found():
                now = time.time()
                asked = {"query": "http_request_duration_seconds_bucket", "start": now - 60, "end": now + 1}
                series = httpx.get(f"{at}/api/v1/query_exemplars", params=asked).json()["data"]
                return {e["labels"]["trace_id"] for one in series for e in one["exemplars"]}

            wait_until(lambda: found() == {TRACE}, 20, tmp_path / "log")
    finally:
        receiver.stop()
