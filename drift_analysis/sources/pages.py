"""Follow the pages that were read, to notice where the next one is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Pages"]


class Pages:
    """The page read last of each list: of a table, and of each conversation's messages.

    Pages are taken to follow one another in the order in which they were read, which for files
    is that of their names. A page with nothing on it continues the list before it.
    """

    def __init__(self) -> None:
        self._more: dict[tuple[str, int | None], bool] = {}
        self._last: tuple[str, int | None] | None = None

    def see(self, table: str, row: Mapping[str, Any]) -> None:
        """Note which list the records belong to that are being read."""
        self._last = (table, row["conversation_id"] if table == "messages" else None)

    def end(self, *, more: bool) -> None:
        """Note the end of a page, and whether it says that another one follows."""
        if self._last is not None:
            self._more[self._last] = more

    def missing(self) -> dict[str, list[int | None]]:
        """Return, by table, the lists of which the last page says that there is another."""
        found: dict[str, list[int | None]] = {}
        for (table, conversation_id), more in sorted(self._more.items(), key=str):
            if more:
                found.setdefault(table, []).append(conversation_id)
        return found
