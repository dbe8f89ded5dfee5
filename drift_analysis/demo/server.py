"""Serve a demo Drift on this machine, in a thread of its own."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from drift_analysis.errors import InputError, MissingExtra

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .state import Demo

__all__ = ["served", "serving"]

_HOST = "127.0.0.1"


@contextmanager
def serving(demo: Demo, *, port: int = 0) -> Iterator[str]:
    """Serve a demo Drift while the block runs, to this machine only, and yield its address.

    Parameters
    ----------
    demo
        What answers; it may be changed while it is served.
    port
        The port; 0 for any that is free.

    Raises
    ------
    MissingExtra
        If starlette or uvicorn is not installed.
    InputError
        If the port is taken.

    Examples
    --------
    >>> from drift_analysis import DriftClient
    >>> from drift_analysis.demo import Demo, World, serving
    >>> from drift_analysis.sample import generate
    >>> demo = Demo(World.of(generate(20, oddities=False)))
    >>> with serving(demo) as url, DriftClient("demo", base_url=url) as client:
    ...     client.fetch_conversations(details=False).height
    20
    """
    try:
        from .gate import Gate
    except ImportError:
        raise _missing() from None
    with served(lambda line: Gate(demo, line), port=port) as url:
        yield url


@contextmanager
def served(application: Callable[[Any], Any], *, port: int = 0) -> Iterator[str]:
    """Serve any ASGI application while the block runs; it is made with its connections, a `Line`.

    Raises
    ------
    MissingExtra
        If uvicorn is not installed.
    InputError
        If the port is taken.
    """
    try:
        import uvicorn
    except ImportError:
        raise _missing() from None
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((_HOST, port))
    except OSError:
        listening.close()
        raise InputError.of(
            f"Port {port} cannot be served at.", "Something else is there.", "another port."
        ) from None
    listening.listen(128)

    line = _Line()
    config = uvicorn.Config(
        application(line),
        http="h11",
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
    )
    line.server = server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        yield f"http://{_HOST}:{listening.getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True
        thread.join()
        listening.close()


def _missing() -> MissingExtra:
    return MissingExtra.needed("starlette and uvicorn", "The demo server", "demo")


class _Line:
    """The connections of a server of uvicorn."""

    server: Any = None

    def hang_up(self, client: Any) -> None:
        for connection in self._of(client):
            connection.transport.abort()

    def is_up(self, client: Any) -> bool:
        return bool(self._of(client))

    def _of(self, client: Any) -> list[Any]:
        found = list(self.server.server_state.connections)
        return [each for each in found if each.client == tuple(client)]
