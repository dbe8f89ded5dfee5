"""The main job: one page that says what a Drift export tells, and what it cannot."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from drift_analysis.charts.format import human_moment, human_period, plural
from drift_analysis.errors import InputError
from drift_analysis.metrics.arguments import require_zone
from drift_analysis.schemas import Conversations
from drift_analysis.schemas.base import require_moment

from . import conversations, playbooks, responses, status, tags
from .contents import period
from .limits import LIMITS
from .measures import measure
from .page import render
from .pictures import alternative_text, write_pictures
from .reading import tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import polars as pl

    from drift_analysis.schemas import Dataset

    from .measures import Measures
    from .parts import KeyNumber, Section

__all__ = ["Review"]

_KEY_NUMBERS = (
    conversations.key_number,
    responses.key_number,
    status.key_number,
    playbooks.key_number,
    tags.key_number,
)
_SECTIONS = (
    responses.section,
    status.section,
    status.timeline,
    playbooks.section,
    tags.section,
    tags.trend,
)


class Review:
    """A review of an export: key numbers, pictures, and the numbers behind them.

    What is on the page can be had back: `measures` holds the tables, `sections` the pictures.
    The same data gives the same page, byte for byte; no clock is read.

    Parameters
    ----------
    dataset
        What `drift_analysis.sources.load` found.
    title
        The title of the page.
    tz
        The time zone of days and moments, by its IANA name.
    as_of
        The end of what is known: nothing later is seen. By default the latest moment that
        anything in the data set witnessed.

    Raises
    ------
    InputError
        If there is no such time zone, or `as_of` has none.

    Examples
    --------
    >>> import tempfile
    >>> import drift_analysis as da
    >>> from drift_analysis.report import Review
    >>> review = Review(da.load("data/sample"), title="Our chats")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     review.write(folder).name
    'review.html'
    """

    def __init__(
        self,
        dataset: Dataset[pl.DataFrame],
        *,
        title: str | None = None,
        tz: str = "UTC",
        as_of: datetime | None = None,
    ) -> None:
        self.dataset = dataset
        self.title = title or "Review of Drift conversations"
        self.tz = require_zone(tz).key
        self.as_of = require_moment(as_of) if as_of else dataset.as_of

    def __repr__(self) -> str:
        known = "no moment" if self.as_of is None else human_moment(self.as_of, self.tz)
        talks = plural(self.dataset.conversations.height, "conversation")
        return f"Review of a data set of {talks}, as known at {known}.\nTry: .write(folder)"

    @cached_property
    def measures(self) -> Measures | None:
        """The tables behind the pictures; None when there is no conversation."""
        if self.as_of is None:
            return None
        known = self.dataset.conversations.filter(Conversations.created_at.col <= self.as_of)
        return None if known.is_empty() else measure(self.dataset, as_of=self.as_of, tz=self.tz)

    @cached_property
    def key_numbers(self) -> list[KeyNumber]:
        """The numbers at the top, the most important first."""
        return [each(self.measures) for each in _KEY_NUMBERS] if self.measures else []

    @cached_property
    def sections(self) -> list[Section]:
        """The questions with their pictures, in the order of the page."""
        return [each(self.measures) for each in _SECTIONS] if self.measures else []

    def write(self, out: str | Path, *, progress: Callable[[int, int], None] | None = None) -> Path:
        """Write the page, its pictures as PNG and SVG, and a list of the files.

        Parameters
        ----------
        out
            The folder; made if need be. Files of an earlier review in it are replaced.
        progress
            Called with the steps done and all steps.

        Returns
        -------
        :
            The path of the page, ``review.html``, beside ``charts/`` and ``review.json``.

        Raises
        ------
        InputError
            If the folder cannot be written to.
        """
        folder = Path(out)
        try:
            return self._write(folder, progress or (lambda _done, _total: None))
        except OSError as error:
            raise InputError.of(
                f"{folder} cannot be written to.",
                f"The system says: {error.strerror}.",
                "another folder.",
            ) from error

    def _write(self, folder: Path, progress: Callable[[int, int], None]) -> Path:
        charts = folder / "charts"
        charts.mkdir(parents=True, exist_ok=True)
        steps = len(self.sections) + 1
        drawings = {}
        for done, section in enumerate(self.sections, start=1):
            drawings[section.name] = write_pictures(section, charts)
            progress(done, steps)
        page = folder / "review.html"
        page.write_text(self._page(drawings), encoding="utf-8")
        manifest = json.dumps(self._manifest(), indent=2, ensure_ascii=False) + "\n"
        (folder / "review.json").write_text(manifest, encoding="utf-8")
        progress(steps, steps)
        return page

    def _page(self, drawings: dict[str, str]) -> str:
        return render(
            drawings=drawings,
            tz=self.tz,
            title=self.title,
            when=self._when(),
            key_numbers=self.key_numbers,
            sections=self.sections,
            limits=LIMITS,
            **tables(self.dataset, tz=self.tz),
        )

    def _when(self) -> str:
        if self.measures is None:
            return "No conversations."
        created = human_period(*period(self.measures.conversations), self.tz)
        known = human_moment(self.measures.as_of, self.tz)
        return f"Conversations created {created}, as known at {known}."

    def _manifest(self) -> dict[str, object]:
        return {
            "title": self.title,
            "page": "review.html",
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "time_zone": self.tz,
            "charts": [
                {
                    "name": section.name,
                    "question": section.question,
                    "png": f"charts/{section.name}.png",
                    "svg": f"charts/{section.name}.svg",
                    "alternative_text": alternative_text(section),
                }
                for section in self.sections
            ],
        }
