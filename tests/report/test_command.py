"""The command `bicoastal report`, against an API on this machine that asks for a certificate."""

import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest
from typer.testing import CliRunner

from bicoastal.cli.app import app
from bicoastal.twin.certificates import new_authority, new_member
from tests.report.prometheus import up

DAY = ("--period", "day", "--until", "2026-03-02T12:00")
AUTHORITY, OTHER = new_authority(), new_authority()
SERVER = new_member(AUTHORITY, "prometheus", ["127.0.0.1"])
CLIENT = new_member(AUTHORITY, "monitor", ["monitor"])
STRANGER = new_member(OTHER, "monitor", ["monitor"])


def report(*words):
    return CliRunner().invoke(app, ["report", *words])


def said(result):
    return " ".join(result.output.split())


@pytest.fixture
def files(tmp_path):
    """Writes a certificate with its key, and the authority; the options that name them."""

    def written(client=CLIENT, authority=AUTHORITY):
        texts = {"authority": authority.cert_pem, "certificate": client.cert_pem, "key": client.key_pem}
        for name, text in texts.items():
            (tmp_path / name).write_text(text)
        return [word for name in texts for word in (f"--{name}", str(tmp_path / name))]

    return written


@pytest.fixture
def serve(tmp_path):
    """Serves what was counted, by TLS and to those whose certificate is the authority's; its address."""
    servers = []
    pair, authority = tmp_path / "server", tmp_path / "clients"
    pair.write_text(SERVER.cert_pem + SERVER.key_pem)
    authority.write_text(AUTHORITY.cert_pem)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(authority))
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(pair)

    def serving(counted):
        class Answers(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                answer = counted.answer(httpx.Request("POST", f"https://here{self.path}", content=body))
                self.send_response(answer.status_code)
                self.end_headers()
                self.wfile.write(answer.content)

            def do_GET(self):
                self.do_POST()

            def log_message(self, *_):
                """Nothing."""

        server = HTTPServer(("127.0.0.1", 0), Answers)
        server.handle_error = lambda *_: None
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        servers.append((server, thread))
        return f"https://127.0.0.1:{server.server_port}"

    yield serving
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


def test_both_regions_are_asked_with_the_certificate_and_added(serve, files):
    east, west = serve(up(0.0, 990)), serve(up(1.0, 10, place="west"))
    result = report("--prometheus", east, "--prometheus", west, *DAY, "--format", "json", *files())
    assert result.exit_code == 0, result.output
    made = json.loads(result.stdout)
    assert made["objectives"][0]["good"]["value"] == pytest.approx(0.99)
    assert [each["name"] for each in made["prometheus"]] == ["east", "west"]


def test_who_shows_another_authoritys_certificate_gets_no_figure(serve, files):
    result = report("--prometheus", serve(up()), *DAY, *files(STRANGER))
    assert result.exit_code == 1
    assert "no answer" in said(result)
    assert "100 %" not in result.stdout


def test_a_prometheus_of_another_authority_is_not_believed(serve, files):
    result = report("--prometheus", serve(up()), *DAY, *files(authority=OTHER))
    assert result.exit_code == 1
    assert "certificate verify failed" in said(result)


def test_one_that_is_away_makes_an_incomplete_report_and_exit_code_1(serve, files):
    east = serve(up())
    result = report("--prometheus", east, "--prometheus", "https://127.0.0.1:1", *DAY, *files())
    assert result.exit_code == 1
    assert "**Incomplete**" in result.stdout
    assert "no answer https://127.0.0.1:1" in said(result)


def test_two_of_one_place_are_refused(serve, files):
    result = report("--prometheus", serve(up()), "--prometheus", serve(up()), *DAY, *files())
    assert result.exit_code == 2
    assert "more than one watches east" in said(result)


def test_all_forms_are_written_to_a_folder(serve, files, tmp_path):
    result = report("--prometheus", serve(up()), *DAY, *files(), "--out", str(tmp_path / "out"))
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    begins = {"report.md": "# Service", "report.json": "{", "report.html": "<!doctype html>"}
    for name, beginning in begins.items():
        assert (tmp_path / "out" / name).read_text().lstrip().startswith(beginning)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--prometheus", "10.0.0.1:9090"), "--prometheus: no address; given: '10.0.0.1:9090'"),
        (("--prometheus", "https://a:port"), "--prometheus: no address"),
        (("local", "--prometheus", "https://10.0.0.1"), "a twin and addresses"),
        (("--prometheus", "https://10.0.0.1", "--key", "k.pem"), "some without the others"),
    ],
)
def test_what_cannot_be_asked_is_refused(words, why):
    result = report(*words)
    assert result.exit_code == 2
    assert why in said(result)


def test_a_file_that_is_not_there_is_named(files, tmp_path):
    words = files()
    (tmp_path / "key").unlink()
    result = report("--prometheus", "https://10.0.0.1", *words)
    assert result.exit_code == 2
    assert "--key: no such file" in said(result)


def test_a_key_of_another_certificate_is_refused_and_not_shown(files, tmp_path):
    words = files()
    (tmp_path / "key").write_text(STRANGER.key_pem)
    result = report("--prometheus", "https://10.0.0.1", *words)
    assert result.exit_code == 2
    assert "look whether the key is the certificate's" in said(result)
    assert STRANGER.key_pem.splitlines()[1] not in result.output
