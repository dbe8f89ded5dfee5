"""What every panel gives back, and what its buttons do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drift_analysis.charts.output.save import save
from drift_analysis.errors import InputError

from ..exports import write_ids
from .panel_files import free_path, write_table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import polars as pl

    from drift_analysis.charts.kit.frame import Picture

__all__ = ["PanelGiven"]


class PanelGiven:
    """The half of a panel that has nothing to do with how it looks."""

    views: dict[str, Any]
    reveal: bool
    state: Any
    _name: str
    _first: Any
    change: Callable[..., None]
    undo: Callable[[], None]
    _chips: Callable[[], list[dict[str, Any]]]

    @property
    def frame(self) -> pl.DataFrame:
        """The table on show."""
        raise NotImplementedError

    @property
    def chart(self) -> Picture:
        """The picture of what is on show, to hand on."""
        raise NotImplementedError

    @property
    def ids(self) -> pl.Series:
        """The ids of the conversations behind what is on show."""
        raise NotImplementedError

    @property
    def code(self) -> str:
        """The code that makes ``frame`` and ``chart`` from ``dataset``, without the view."""
        raise NotImplementedError

    def keep_view(self, name: str) -> None:
        """Save what is on show among the views; one of the same name is replaced."""
        self.views = {**self.views, name: self.state}

    def show_view(self, name: str) -> None:
        """Show a saved view.

        Raises
        ------
        InputError
            If there is none of that name.
        """
        if name not in self.views:
            raise InputError.unknown_choice("name", name, self.views)
        self.state = self.views[name]

    def save_chart(self, path: str | Path) -> Path:
        """Write the chart to a file, as `drift_analysis.charts.save` does."""
        return save(self.chart, path)

    def save_rows(self, path: str | Path) -> Path:
        """Write ``frame`` to a ``.csv`` or ``.parquet`` file.

        E-mail addresses, telephone and network numbers in it are hidden unless ``reveal`` is on.
        """
        return write_table(self.frame, path, reveal=self.reveal)

    def save_ids(self, path: str | Path) -> Path:
        """Write ``ids`` to a text file, one on each line."""
        return write_ids(self.ids, path)

    def _actions(self) -> dict[str, Callable[[str], str]]:
        """Return what each button of the bar does, and what is said after it."""

        def told(do: Callable[[str], None], words: str) -> Callable[[str], str]:
            def act(what: str) -> str:
                do(what)
                return words.format(what)

            return act

        return {
            "undo": told(lambda _: self.undo(), ""),
            "off": told(self._turn_off, ""),
            "keep": told(self.keep_view, "The view was saved as {}."),
            "show": told(self.show_view, "This is the view {}."),
            "save": self._save,
        }

    def _turn_off(self, name: str) -> None:
        if name in {chip["name"] for chip in self._chips()}:
            self.change(**{name: getattr(self._first, name)})

    def _save(self, what: str) -> str:
        """Write a file beside the notebook, under a name that is not taken."""
        ways: dict[str, tuple[str, Callable[[Path], Path]]] = {
            "chart": ("png", self.save_chart),
            "csv": ("csv", self.save_rows),
            "parquet": ("parquet", self.save_rows),
            "ids": ("txt", self.save_ids),
        }
        if what not in ways:
            return ""
        suffix, write = ways[what]
        return f"Saved as {write(free_path(self._name, suffix))}."
