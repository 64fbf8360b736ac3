"""The command that takes over the edge's published networks."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from typer.testing import CliRunner

from bicoastal.checks.network import EDGE_RANGE
from bicoastal.cli.app import app
from bicoastal.network.edge_ranges import FILE, EdgeRanges, known_edge_ranges

KNOWN = {"vendor": "Cloudflare", "as_of": "2999-01-01", "ipv4": ["104.16.0.0/13"], "ipv6": ["2606:4700::/32"]}


@pytest.fixture
def vendor():
    """A vendor's API on this machine, which answers what it is told to."""
    answer = {"status": 200, "body": ""}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = answer["body"].encode()
            self.send_response(answer["status"])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        answer["url"] = f"http://127.0.0.1:{server.server_port}"
        yield answer
        server.shutdown()
        thread.join()


@pytest.fixture
def command(tmp_path, vendor):
    """Runs the command on a file of one's own; the result, and what the file holds after it."""
    file = tmp_path / "edge_ranges.json"
    file.write_text(json.dumps(KNOWN))

    def run(*options, **answer):
        vendor.update(answer)
        result = CliRunner().invoke(
            app, ["edge-ranges", "--from", vendor["url"], "--file", str(file), *options]
        )
        return result, json.loads(file.read_text()), sorted(tmp_path.iterdir()) == [file]

    return run


def published(ipv4, ipv6, success=True):
    return json.dumps({"success": success, "result": {"ipv4_cidrs": ipv4, "ipv6_cidrs": ipv6, "etag": "x"}})


def test_what_changed_is_printed_and_the_file_is_written_with_a_new_date(command):
    result, held, alone = command(
        body=published(["173.245.48.0/20", "104.24.0.0/14"], ["2606:4700::/32", "2400:cb00::/32"])
    )
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "+ 104.24.0.0/14",
        "+ 173.245.48.0/20",
        "+ 2400:cb00::/32",
        "- 104.16.0.0/13",
    ]
    assert held["ipv4"] == ["104.24.0.0/14", "173.245.48.0/20"]
    assert held["ipv6"] == ["2400:cb00::/32", "2606:4700::/32"]
    assert held["as_of"] == time.strftime("%Y-%m-%d", time.gmtime())
    assert alone


def test_where_nothing_changed_nothing_is_printed_but_the_date_moves(command):
    result, held, _ = command(body=published(KNOWN["ipv4"], KNOWN["ipv6"]))
    assert (result.exit_code, result.stdout) == (0, "")
    assert {**held, "as_of": KNOWN["as_of"]} == KNOWN


def test_a_check_writes_nothing_and_fails_where_there_is_a_difference(command):
    result, held, _ = command("--check", body=published(["104.24.0.0/14"], KNOWN["ipv6"]))
    assert result.exit_code == 1
    assert result.stdout.splitlines() == ["+ 104.24.0.0/14", "- 104.16.0.0/13"]
    assert held == KNOWN
    same, _, _ = command("--check", body=published(KNOWN["ipv4"], KNOWN["ipv6"]))
    assert same.exit_code == 0


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"status": 500, "body": published(["104.24.0.0/14"], ["2400:cb00::/32"])}, "500"),
        ({"status": 302, "body": ""}, "302"),
        ({"body": "<html>blocked</html>"}, "Expecting value"),
        ({"body": "[]"}, "success"),
        ({"body": published(["104.24.0.0/14"], ["2400:cb00::/32"], success=False)}, "success"),
        ({"body": '{"success": true}'}, "ipv4_cidrs"),
        ({"body": '{"success": true, "result": {"ipv4_cidrs": ["104.24.0.0/14"]}}'}, "ipv6_cidrs"),
        ({"body": published([], ["2400:cb00::/32"])}, "no range of IPv4"),
        ({"body": published(["104.24.0.0/14"], [])}, "no range of IPv6"),
        ({"body": published(["0.0.0.0/0"], ["2400:cb00::/32"])}, "0.0.0.0/0"),
        ({"body": published(["10.0.0.0/8"], ["2400:cb00::/32"])}, "10.0.0.0/8"),
        ({"body": published(["104.24.0.1/14"], ["2400:cb00::/32"])}, "no host bits set"),
        ({"body": published(["104.24.0.0/14", 7], ["2400:cb00::/32"])}, "not a range of an edge"),
        ({"body": published([f"104.24.{n}.0/24" for n in range(21)], ["2400:cb00::/32"])}, "at most 20"),
    ],
)
def test_a_bad_answer_changes_nothing_and_is_said(command, answer, said):
    result, held, alone = command(**{"status": 200, **answer})
    assert result.exit_code == 1
    told = " ".join(result.stderr.split())
    assert said in told
    assert "nothing has changed" in told
    assert result.stdout == ""
    assert held == KNOWN
    assert alone


def test_a_vendor_who_is_not_there_changes_nothing(command, vendor):
    result, held, _ = command(url="http://127.0.0.1:9")
    assert result.exit_code == 1
    assert held == KNOWN


def test_a_project_keeps_a_file_of_its_own(tmp_path, vendor, monkeypatch):
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "infra").mkdir()
    monkeypatch.chdir(tmp_path / "infra")
    released = FILE.read_bytes()
    vendor["body"] = published(["104.24.0.0/14"], ["2400:cb00::/32"])
    result = CliRunner().invoke(app, ["edge-ranges", "--from", vendor["url"]])
    assert result.exit_code == 0
    assert EdgeRanges.read(tmp_path / "edge_ranges.json").ipv4 == ["104.24.0.0/14"]
    assert FILE.read_bytes() == released
    assert "- 104.16.0.0/13" in result.stdout.splitlines(), "compared to what the library was released with"


def test_outside_of_a_project_a_file_must_be_named(tmp_path, vendor, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["edge-ranges", "--from", vendor["url"]])
    assert result.exit_code == 2
    assert "name a file with --file" in " ".join(result.stderr.split())


@pytest.mark.parametrize(("as_of", "wins"), [("2999-01-01", True), ("2020-01-01", False)])
def test_the_newer_of_a_projects_ranges_and_the_librarys_are_taken(tmp_path, as_of, wins):
    file = tmp_path / "edge_ranges.json"
    assert known_edge_ranges(file) == known_edge_ranges()
    file.write_text(json.dumps({**KNOWN, "as_of": as_of}))
    assert (known_edge_ranges(file) == ["104.16.0.0/13", "2606:4700::/32"]) is wins


def test_the_file_of_the_library_is_dated_sorted_and_holds_usable_ranges():
    released = EdgeRanges.read()
    assert released == EdgeRanges.of(released.vendor, released.as_of, released.all)
    assert released.as_of >= "2026-01-01"
    assert all(EDGE_RANGE.holds(one) for one in released.all)
    assert (len(released.ipv4), len(released.ipv6)) == (15, 7)
    assert FILE.read_text() == json.dumps(released.__dict__, indent=2) + "\n"
