"""The drill's users: what they note, and the gap that is read from it."""

import http.server
import json
import threading
from contextlib import contextmanager
from itertools import pairwise

import pytest

from bicoastal.twin.drills.load import Answer, Load, longest_gap


class Stack(http.server.BaseHTTPRequestHandler):
    """A stack that fails each write once before it takes it."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        pin = json.loads(self.rfile.read(int(self.headers["content-length"])))
        key = (pin["client"], pin["sequence"])
        first = key not in self.server.asked
        self.server.asked.append(key)
        self._answer(503 if first else 201, {"id": len(self.server.asked), "region": "east"})

    def do_GET(self):
        self.server.read.append(self.path.partition("?")[0])
        self._answer(200, {})

    def _answer(self, status, body):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(content)))
        self.send_header("x-region", "east")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@contextmanager
def stack():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stack)
    server.asked, server.read = [], []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_only_what_was_acknowledged_is_noted_and_a_failed_write_is_sent_again(tmp_path):
    journal = tmp_path / "drills" / "run.jsonl"
    with stack() as server:
        url = f"http://127.0.0.1:{server.server_port}"
        with Load(url, journal, "run", writers=2, readers=1, rate=50) as load:
            load.wait_for_acknowledgements(6, limit_s=20)
        asked = list(server.asked)
    assert all(asked.count(key) == 2 for key in load.acknowledged)
    noted = [json.loads(line) for line in journal.read_text().splitlines()]
    assert {(client, sequence) for client, sequence, *_ in noted} == load.acknowledged
    assert {client for client, _ in load.acknowledged} == {"run-0", "run-1"}
    assert all(answer.region == "east" for answer in (*load.writes, *load.reads))


def test_a_reader_asks_for_a_pin_and_for_a_part_of_the_map_by_turns(tmp_path):
    with stack() as server:
        url = f"http://127.0.0.1:{server.server_port}"
        with Load(url, tmp_path / "run.jsonl", "run", writers=1, readers=1, rate=50) as load:
            load.wait_for_reads(6, limit_s=20)
        read = list(server.read)
    parts = [path == "/api/pins" for path in read]
    assert {later != earlier for earlier, later in pairwise(parts)} == {True}


def test_nobody_who_answers_is_an_error_and_not_a_hang(tmp_path):
    with (
        Load("http://127.0.0.1:9", tmp_path / "run.jsonl", "run", writers=1, readers=0) as load,
        pytest.raises(TimeoutError, match="1 of 1 writes not acknowledged"),
    ):
        load.wait_for_acknowledgements(1, limit_s=0.3)


def test_reads_that_nobody_answers_are_an_error_too(tmp_path):
    with (
        Load("http://127.0.0.1:9", tmp_path / "run.jsonl", "run", writers=0, readers=1) as load,
        pytest.raises(TimeoutError, match="2 of 2 reads not answered"),
    ):
        load.wait_for_reads(2, limit_s=0.3)


def answers(*moments):
    return [Answer(moment, "east") for moment in moments]


@pytest.mark.parametrize(
    ("moments", "gap"),
    [
        ((9, 10, 40, 41), 30),
        ((9.5, 40, 41), 30.5),
        ((9, 10), 32),
        ((9, 10.1, 20, 38, 41.5), 18),
        ((), 32),
        ((38,), 28),
    ],
)
def test_the_gap_is_the_longest_time_without_an_answer_from_the_fault_on(moments, gap):
    assert longest_gap(answers(*moments), fault_at=10, until=42) == gap
