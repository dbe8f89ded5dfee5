"""Do several things at once that mostly wait."""

from __future__ import annotations

import threading
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["in_parallel"]

Item = TypeVar("Item")

_NAP = 0.2


def in_parallel(
    work: Callable[[Item], object], items: Iterable[Item], *, threads: int
) -> Iterator[int]:
    """Do something with each item, several at once, and yield how many are done.

    An error ends it, and so does leaving the loop, such as by Ctrl-C: nothing new begins then.
    What has begun is not waited for, and does not keep the process alive.

    Examples
    --------
    >>> from drift_analysis.sources.api.workers import in_parallel
    >>> done = []
    >>> list(in_parallel(done.append, [3, 1, 2], threads=2)), sorted(done)
    ([1, 2, 3], [1, 2, 3])
    """
    todo: SimpleQueue[Item] = SimpleQueue()
    ended: SimpleQueue[BaseException | None] = SimpleQueue()
    over = threading.Event()
    for item in items:
        todo.put(item)
    total = todo.qsize()
    for _ in range(min(threads, total)):
        threading.Thread(target=_toil, args=(work, todo, ended, over), daemon=True).start()
    try:
        for done in range(1, total + 1):
            error = _outcome(ended)
            if error is not None:
                raise error
            yield done
    finally:
        over.set()


def _outcome(ended: SimpleQueue[BaseException | None]) -> BaseException | None:
    """Wait for the next thing to be done, in short waits, so that Ctrl-C is noticed everywhere."""
    while True:
        with suppress(Empty):
            return ended.get(timeout=_NAP)


def _toil(
    work: Callable[[Item], object],
    todo: SimpleQueue[Item],
    ended: SimpleQueue[BaseException | None],
    over: threading.Event,
) -> None:
    """Work until nothing is left, or it is over; say of each item that it is done, or why not."""
    while not over.is_set():
        try:
            item = todo.get_nowait()
        except Empty:
            return
        try:
            work(item)
        except BaseException as error:  # noqa: BLE001 (it is raised where the loop is)
            ended.put(error)
        else:
            ended.put(None)
