"""What was told, on disk, the newest of it."""

import json
import sqlite3
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

KEPT = 10_000
"""Messages; the oldest go first."""
DEAD_MAN_KEPT = 100
"""Of the dead man's switch, which is told every minute and would drive out all else."""

_TABLE = """
create table if not exists told (
  id integer primary key autoincrement, at real not null, receiver text not null, content text not null
)
"""


class Store:
    """Messages in the order in which they came. Safe for threads; each is on disk before it is answered."""

    def __init__(self, file: Path, kept: int = KEPT, dead_man_kept: int = DEAD_MAN_KEPT) -> None:
        self._kept = {"dead-man": dead_man_kept}
        self._otherwise = kept
        self._lock = threading.Lock()
        self._database = sqlite3.connect(file, check_same_thread=False)
        with self._database as database:
            database.execute("pragma journal_mode = wal")
            database.execute("pragma synchronous = full")
            database.execute(_TABLE)

    def keep(self, receiver: str, content: Mapping[str, Any]) -> int:
        """Keep one message; its number."""
        with self._lock, self._database as database:
            row = (time.time(), receiver, json.dumps(content))
            number = database.execute(
                "insert into told (at, receiver, content) values (?, ?, ?)", row
            ).lastrowid
            self._forget(database, receiver)
        assert number is not None
        return number

    def told(self, after: int = 0) -> list[dict[str, Any]]:
        """The messages with a higher number, in their order."""
        with self._lock:
            rows = self._database.execute(
                "select id, at, receiver, content from told where id > ? order by id", [after]
            ).fetchall()
        return [
            {"id": number, "at": at, "receiver": receiver, **json.loads(content)}
            for number, at, receiver, content in rows
        ]

    def close(self) -> None:
        """No more."""
        self._database.close()

    def _forget(self, database: sqlite3.Connection, receiver: str) -> None:
        apart = receiver in self._kept
        which = "receiver = 'dead-man'" if apart else "receiver <> 'dead-man'"
        kept = self._kept.get(receiver, self._otherwise)
        database.execute(
            f"delete from told where {which} and id <= "  # noqa: S608 our own two conditions
            f"(select id from told where {which} order by id desc limit 1 offset ?)",
            [kept],
        )
