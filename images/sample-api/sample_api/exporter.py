"""Spans on their way to the receiver: a bounded queue, and a thread that sends what is in it.

A request only puts its spans into the queue. Where the receiver is slow or gone the queue fills, and further
spans are dropped and counted. So they are where the files of certificates cannot be used: what is wrong
with traces keeps no request from being served.
"""

import logging
import random
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection

from .otlp import request_body
from .tracing import Span
from .tracing_settings import TracingSettings, TracingSettingsError

log = logging.getLogger("sample_api")

MOST_WAITING = 4096
"""Spans in the queue, about 1 KiB each."""
BATCH = 512
SEND_EVERY_S = 2.0
ANSWER_LIMIT_S = 5.0
STOP_LIMIT_S = 2.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
LATER = frozenset({429, 502, 503, 504})
"""Answers that OTLP wants to be asked again after."""
Count = Callable[[str, int], None]
"""Told of each `sent` or `dropped` span."""


class Exporter:
    """Sends spans by OTLP over HTTP."""

    def __init__(self, settings: TracingSettings, count: Count) -> None:
        self._settings, self._count = settings, count
        self._failed = False
        self._usable = True
        self._context: ssl.SSLContext | None = None
        try:
            self._context = settings.tls()
        except TracingSettingsError as error:
            self._usable = False
            self._not_taken(str(error))
        self._waiting: deque[Span] = deque()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="spans", daemon=True)
        self._connection: HTTPConnection | None = None

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """Send what is left, within two seconds."""
        self._stopping.set()
        self._wake.set()
        self._thread.join(STOP_LIMIT_S)

    def take(self, span: Span) -> None:
        """Send the span later, or drop it; returns at once."""
        if not self._usable or len(self._waiting) >= MOST_WAITING:
            self._count("dropped", 1)
            return
        self._waiting.append(span)
        if len(self._waiting) == BATCH:
            self._wake.set()

    def _run(self) -> None:
        pause = FIRST_PAUSE_S
        while not self._stopping.is_set():
            self._wake.wait(SEND_EVERY_S)
            self._wake.clear()
            while self._waiting and not self._stopping.is_set():
                if self._send():
                    pause = FIRST_PAUSE_S
                    continue
                self._stopping.wait(pause * random.uniform(0.5, 1))  # noqa: S311 no secret
                pause = min(LONGEST_PAUSE_S, 2 * pause)
        until = time.monotonic() + STOP_LIMIT_S
        while self._waiting and time.monotonic() < until and self._send():
            pass
        self._drop_connection()

    def _send(self) -> bool:
        """Send the oldest spans; False where they are to be sent again."""
        batch = [self._waiting[number] for number in range(min(BATCH, len(self._waiting)))]
        try:
            status = self._post(request_body(self._settings.resource, batch))
        except (OSError, HTTPException) as error:
            self._not_taken(type(error).__name__)
            return False
        if status in LATER:
            self._not_taken(f"status {status}")
            return False
        for _ in batch:
            self._waiting.popleft()
        taken = 200 <= status < 300
        self._count("sent" if taken else "dropped", len(batch))
        if taken:
            self._failed = False
        else:
            self._not_taken(f"status {status}")
        return True

    def _post(self, body: bytes) -> int:
        """Raises `OSError` or `HTTPException`."""
        if self._connection is None:
            self._connection = self._connect()
        try:
            self._connection.request("POST", self._settings.path, body, {"Content-Type": "application/json"})
            response = self._connection.getresponse()
            response.read()
        except (OSError, HTTPException):
            self._drop_connection()
            raise
        if response.will_close:
            self._drop_connection()
        return response.status

    def _connect(self) -> HTTPConnection:
        host, port = self._settings.host, self._settings.port
        if self._context is None:
            return HTTPConnection(host, port, timeout=ANSWER_LIMIT_S)
        return HTTPSConnection(host, port, timeout=ANSWER_LIMIT_S, context=self._context)

    def _drop_connection(self) -> None:
        if self._connection is not None:
            with suppress(OSError):
                self._connection.close()
        self._connection = None

    def _not_taken(self, why: str) -> None:
        if not self._failed:
            log.warning("spans are not taken: %s", why)
        self._failed = True
