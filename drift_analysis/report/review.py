"""The main job: what a Drift export tells, and what it cannot, as a page, a deck or a table."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from drift_analysis.charts.kit.format import human_moment, plural
from drift_analysis.metrics.arguments import require_zone
from drift_analysis.schemas.base import require_moment

from . import conversations, playbooks, responses, status, tags
from .audience import Audience, choose
from .contents import first_of
from .deck import deck
from .folder import page, write_folder
from .limits import LIMITS
from .measures import measure
from .moved import key_number, moves, moves_table, surely, the_most
from .numbers import save_numbers
from .parts import Story
from .pdf import pdf
from .periods import both
from .personal import PSEUDONYMS, pseudonymous, without_addresses
from .reading import tables
from .sections import chosen, require_sections
from .wording import about, compared_with, minding
from .writing import writing, written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    import polars as pl

    from drift_analysis.schemas import Dataset

    from .measures import Measures
    from .moved import Move
    from .parts import KeyNumber, Section
    from .periods import End

__all__ = ["Review"]

_KEY_NUMBERS = (
    conversations.key_number,
    responses.key_number,
    status.key_number,
    playbooks.key_number,
    tags.key_number,
)


class Review:
    """A review of an export: key numbers, pictures, and the numbers behind them.

    What is on the page can be had back: `measures`, `sections`, `changes`, `numbers`. The same
    data gives the same bytes; no clock is read. No body of a message is ever in a file, and
    addresses and telephone numbers in names are masked.

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
    period
        Those that began from the first to the last of two days (``("2026-03-02", "2026-03-29")``)
        or in a period by its name: ``"2026"``, ``"2026-Q1"``, ``"2026-03"``, ``"2026-W09"``, or
        ``"last 4 weeks"``, the whole ones that were over at `as_of`. By default all.
    compare
        ``"previous"``, as many days just before, or a period as above to compare with. It is
        looked at as it was as long after its own end, so that both had the same time to mature.
    sections
        The names of the sections to show, in this order, or ``"all"``; by default the usual ten,
        as far as they have to say something.
    audience
        Whose conversations: an `Audience` of inboxes, playbooks or tags. By default everybody's.
    pseudonyms
        A secret key of your own: ids of conversations, contacts and users become pseudonyms,
        the same ones under the same key.

    Raises
    ------
    InputError
        If there is no such time zone, period, section, inbox, playbook or tag, if `as_of` has no
        time zone, if there is a comparison without a period, or if the key is too short.

    Examples
    --------
    >>> import tempfile
    >>> import drift_analysis as da
    >>> from drift_analysis.report import Review
    >>> review = Review(
    ...     da.load("data/sample"), title="Our chats", period="last 4 weeks", compare="previous"
    ... )
    >>> review.key_numbers[0].sentence
    '129 conversations began, after 111 in the period before.'
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
        period: str | tuple[End, End] | None = None,
        compare: str | tuple[End, End] | None = None,
        sections: str | Sequence[str] | None = None,
        audience: Audience | None = None,
        pseudonyms: str | bytes | None = None,
    ) -> None:
        self.title = title or "Review of Drift conversations"
        self.tz = require_zone(tz).key
        self.as_of = require_moment(as_of) if as_of else dataset.as_of
        self.audience = audience or Audience()
        self.chosen_sections = require_sections(sections)
        since = first_of(dataset.conversations)
        self.period, self.compared = both(period, compare, self.tz, self.as_of, since)
        self._hidden = () if pseudonyms is None else (PSEUDONYMS,)
        these = choose(dataset, self.audience)
        self._n_unknown = these.n_unknown
        shown = without_addresses(dataset)
        self.dataset = shown if pseudonyms is None else pseudonymous(shown, pseudonyms)
        theirs = self.dataset.conversations.filter(these.keeps)
        self._theirs = replace(self.dataset, conversations=theirs)

    def __repr__(self) -> str:
        known = "no moment" if self.as_of is None else human_moment(self.as_of, self.tz)
        talks = plural(self.dataset.conversations.height, "conversation")
        return f"Review of a data set of {talks}, as known at {known}.\nTry: .write(folder)"

    @cached_property
    def measures(self) -> Measures | None:
        """The tables behind the pictures; None when there is no conversation."""
        if self.as_of is None:
            return None
        return measure(self._theirs, as_of=self.as_of, tz=self.tz, within=self.period)

    @cached_property
    def before(self) -> Measures | None:
        """The tables of the period that is compared with; None when there is nothing to compare."""
        if self.as_of is None or self.period is None or self.compared is None:
            return None
        horizon = self.compared.end + (self.as_of - self.period.end)
        return measure(self._theirs, as_of=horizon, tz=self.tz, within=self.compared)

    @property
    def numbers(self) -> dict[str, pl.DataFrame]:
        """The numbers behind each section by its name, and, where compared, the ``changes``."""
        found = {"changes": self.changes} if self.before else {}
        return found | {s.name: s.numbers if s.data is None else s.data for s in self.sections}

    @cached_property
    def changes(self) -> pl.DataFrame:
        """All numbers of both periods, as `drift_analysis.report.moved.moves_table` has them."""
        return moves_table(self._moves)

    @cached_property
    def _moves(self) -> list[Move]:
        return moves(self.measures, self.before) if self.measures else []

    @cached_property
    def key_numbers(self) -> list[KeyNumber]:
        """The numbers at the top: the five that moved most, the most important first."""
        if self.before:
            return [key_number(each) for each in the_most(self._moves)]
        return [each(self.measures) for each in _KEY_NUMBERS] if self.measures else []

    @cached_property
    def sections(self) -> list[Section]:
        """The questions with their pictures, in the order of the page."""
        return chosen(self.measures, self.chosen_sections) if self.measures else []

    @cached_property
    def story(self) -> Story:
        """All that it says, whichever kind of file it becomes."""
        when = about(self.measures, self.period, self.audience, self._n_unknown, self.tz)
        when += compared_with(self.measures, self.before, self.compared, self.tz)
        return Story(
            title=self.title,
            when=when + self._hidden,
            key_numbers=self.key_numbers,
            sure=surely(self._moves) if self.before else "",
            minding=minding(self.measures) if self.measures else (),
            sections=self.sections,
            limits=LIMITS,
            reading=tables(self.dataset, tz=self.tz),
            as_of=self.as_of,
            tz=self.tz,
        )

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
        """
        folder = Path(out)
        with writing(folder):
            return write_folder(self.story, folder, progress or (lambda _done, _total: None))

    def html(self, path: str | Path) -> Path:
        """Write the page alone, as one file that needs no other; return its path."""
        return written(path, page(self.story).encode())

    def pdf(self, path: str | Path) -> Path:
        """Write it as a PDF on A4; return its path. Needs ``drift-analysis[pdf]``."""
        return written(path, pdf(self.story))

    def deck(self, path: str | Path) -> Path:
        """Write it as slides for PowerPoint; return the path. Needs ``drift-analysis[deck]``."""
        return written(path, deck(self.story))

    def csv(self, out: str | Path) -> Path:
        """Write the numbers behind each section as CSV into a folder; return its path."""
        folder = Path(out)
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
        for name, frame in self.numbers.items():
            save_numbers(frame, folder / f"{name}.csv", tz=self.tz)
        return folder

    def xlsx(self, path: str | Path) -> Path:
        """Write the numbers as one workbook; return its path. Needs ``drift-analysis[xlsx]``."""
        return save_numbers(self.numbers, path, tz=self.tz)
