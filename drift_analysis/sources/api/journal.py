"""The replies of a sync that is under way, kept so that a kill costs none of them."""

from __future__ import annotations

import json
import os
import threading
import zlib
from collections import defaultdict, deque
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from drift_analysis.sources.framing.records import Document

from .paging import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .paging import Fault, Get, Query

__all__ = ["Journal"]


class _Entry(NamedTuple):
    """Where a reply lies in the file, and what its head says."""

    head: dict[str, Any]
    begin: int
    size: int


class Journal:
    """A file to which replies are added, each forced to the disk before it counts.

    Every reply is a line that says what it answers, and its bytes. It is written at once, so that
    a kill costs only what is still under way; the disk is waited for afterwards, by each
    connection for itself. What a kill left half is cut off. Who asks again through `get` has the
    replies that are there, in their order, without a request: so a sync goes on by doing all over
    again.

    Parameters
    ----------
    path
        The file; what is in it is taken up.
    plan
        What the sync sets out to do, if there is no such file; otherwise that of the file counts.
    """

    def __init__(self, path: Path, plan: dict[str, Any]) -> None:
        self.is_resumed = path.exists()
        self.asked = 0
        self.plan = plan
        self._path = path
        self._entries: list[_Entry] = []
        self._waiting: dict[str, deque[_Entry]] = defaultdict(deque)
        self._lock = threading.Lock()
        self._file = path.open("a+b", buffering=0)
        self._take_up()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, ask: Get) -> Get:
        """Return what answers from the file, and where it ends asks Drift and keeps the reply."""

        def answer(path: str, query: Query, page: int, fault: Fault) -> Reply:
            request = json.dumps([path, dict(query)], sort_keys=True)
            with self._lock:
                kept = self._waiting[request].popleft() if self._waiting[request] else None
            if kept is not None:
                body = self._body(kept)
                moment = datetime.fromisoformat(kept.head["fetched_at"])
                return Reply(path, page, body, json.loads(body), moment)
            reply = ask(path, query, page, fault)
            head = {"path": path, "request": request, "fetched_at": reply.fetched_at.isoformat()}
            with self._lock:
                self._entries.append(self._append(head, reply.body))
                self.asked += 1
            self._force()
            return reply

        return answer

    def documents(self) -> Iterator[Document]:
        """Return all replies, as the loader takes them."""
        for entry in self._entries:
            moment = datetime.fromisoformat(entry.head["fetched_at"])
            yield Document(entry.head["path"], self._body(entry), fetched_at=moment)

    def close(self) -> None:
        """Take no more replies; what is there stays."""
        with self._lock:
            self._file.close()

    def remove(self) -> None:
        """Remove the file, since all of it lies elsewhere now."""
        self.close()
        self._path.unlink()

    def _take_up(self) -> None:
        whole = 0
        for entry in self._found():
            whole = entry.begin + entry.size + 1
            if "request" in entry.head:
                self._entries.append(entry)
                self._waiting[entry.head["request"]].append(entry)
            else:
                self.plan = entry.head
        self._file.truncate(whole)
        if not whole:
            self.is_resumed = False
            self._append(self.plan, b"")
            self._force()

    def _found(self) -> Iterator[_Entry]:
        """Read entries up to the first that is not whole."""
        with self._path.open("rb") as file:
            while line := file.readline():
                begin = file.tell()
                try:
                    head, size, check = json.loads(line)
                except (ValueError, TypeError):
                    return
                body = file.read(size + 1)
                if len(body) != size + 1 or zlib.crc32(body) != check:
                    return
                yield _Entry(head, begin, size)

    def _append(self, head: dict[str, Any], body: bytes) -> _Entry:
        tail = body + b"\n"
        line = json.dumps([head, len(body), zlib.crc32(tail)]).encode() + b"\n"
        begin = self._file.seek(0, os.SEEK_END) + len(line)
        content = memoryview(line + tail)
        try:
            while content:
                content = content[self._file.write(content) :]
        except OSError:
            self._file.close()  # nothing may come behind what is half there
            raise
        return _Entry(head, begin, len(body))

    def _force(self) -> None:
        """Wait until what was written is on the disk."""
        os.fsync(self._file.fileno())

    def _body(self, entry: _Entry) -> bytes:
        with self._path.open("rb") as file:
            file.seek(entry.begin)
            return file.read(entry.size)
