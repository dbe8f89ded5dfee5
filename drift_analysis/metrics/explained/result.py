"""A result with its explanation, which stays beside it whatever is done with the frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.metrics.statistics.life_tables import EVERYTHING
from drift_analysis.schemas import LeftOut
from drift_analysis.schemas.base import Frame, as_given

from .show import as_html, as_text
from .stage import ID, REASON

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from drift_analysis.metrics.time.calendar import Calendar

    from .stage import Stage

__all__ = ["Explained"]


@dataclass(frozen=True, eq=False, repr=False)
class Explained(Generic[Frame]):
    """A result, and what stands behind it: returned by `explain`.

    `table` is the metric's own frame. Nothing is hidden in it, so filter, sort, join or save it as
    you like: the companion is asked about any of its rows, however they came about. What stands
    behind it is worked out when it is asked for, of a lazy frame only by `counted`, `left_out`,
    `ids`, and by showing it.

    Attributes
    ----------
    metric
        The name of the metric.
    table
        What the metric returns for the same arguments.
    definition
        What was counted, and whose definition that is.
    calendar
        The business hours that were used; null if all time counts.
    arguments
        The other arguments that are no frames, as far as they are not null.
    sources
        The explanations of those frames that came with one, by argument.
    stage
        What the metric knows of each conversation before it adds up; null if the frames given do
        not name the conversations. `behind` and `ids` read it.
    reasons
        A sentence for each reason for which conversations can be left out.
    told
        The reasons of which `table` itself tells how many conversations they are.
    moment
        What `as_of` is worked out from.
    """

    metric: str
    table: Frame
    definition: str
    calendar: Calendar | None
    arguments: Mapping[str, Any]
    sources: Mapping[str, Explained[Any]]
    stage: Stage | None
    reasons: Mapping[str, str]
    told: Collection[str]
    moment: datetime | pl.LazyFrame | None

    @property
    def as_of(self) -> datetime | None:
        """The moment at which the world is cut; null if the frames given do not tell."""
        if not isinstance(self.moment, pl.LazyFrame):
            return self.moment
        found: datetime | None = self.moment.collect().item()
        return found

    @property
    def counted(self) -> int:
        """How many of the conversations that were given were not left out."""
        fates = self._known().fates
        return int(fates.filter(pl.col(REASON).is_null()).select(pl.len()).collect().item())

    @property
    def left_out(self) -> pl.DataFrame:
        """How many conversations were left out, and why.

        A `LeftOut` table: ``reason``, ``conversations``, ``why``; most conversations first. What
        is left out may have a row in the result that says so, as conversations have whose playbook
        is unknown; it is in no share, rate or wait.
        """
        why = pl.col(REASON).replace_strict(dict(self.reasons), return_dtype=pl.String)
        counts = (
            self._known()
            .fates.drop_nulls(REASON)
            .group_by(REASON)
            .agg(pl.len().alias("conversations"))
            .with_columns(why.alias("why"))
            .sort("conversations", REASON, descending=[True, False])
        )
        return LeftOut.conform(counts).collect()

    @property
    def behind(self) -> Frame:
        """Which conversations each row counts.

        The columns that tell the rows of the result apart, then a `Behind` table:
        ``conversation_id``, and for each number that the rows count how much of it is this
        conversation's. In the order of the result, then by conversation. What the rows are only
        compared with (a denominator, those at risk, a backlog) is behind `behind_number`.
        """
        stage = self._known()
        return self._behind(None, stage.parts[0].numbers, self._keys(stage))

    def behind_number(self, number: str, rows: pl.DataFrame | pl.LazyFrame | None = None) -> Frame:
        """Tell how much of a number is each conversation's.

        Parameters
        ----------
        number
            A column of the result that counts conversations, or what is in them.
        rows
            Rows of the result, as for `ids`; not given, all of them.

        Returns
        -------
        :
            The columns that tell the rows of the result apart, then a `Behind` table:
            ``conversation_id`` and the number (Int64), without those of whom it is 0. Its sum is
            the number in the result.

        Raises
        ------
        InputError
            If no conversations are behind such a number, or the rows are none of the result's.
        """
        found = self._behind(number, (number,), self._asked(rows))
        return found.filter(pl.col(number) != 0)

    def ids(
        self,
        rows: pl.DataFrame | pl.LazyFrame | None = None,
        *,
        number: str | None = None,
        reason: str | None = None,
    ) -> pl.Series:
        """Return the conversations behind rows of the result, behind a number, or left out.

        Parameters
        ----------
        rows
            Rows of the result, also after ordinary polars work: filtered, sorted, joined, with
            columns of your own, or without some. They are found again by whichever of the
            columns that tell rows apart they still have. Not given, all rows.
        number
            A column of the result, such as ``"engaged"``: only those that add to it. Not given,
            all that the rows count.
        reason
            A reason of `left_out`: those that were left out for it, in place of the others.

        Returns
        -------
        :
            ``conversation_id``, each once, in order.

        Raises
        ------
        InputError
            If there is no such number or reason, no column by which rows could be found is left,
            or the frames given do not name the conversations.
        """
        if reason is not None:
            return self._left_out_for(reason)
        stage = self._known()
        numbers = stage.parts[0].numbers if number is None else (number,)
        found = self._behind(number, numbers, self._asked(rows)).lazy()
        if number is not None:
            found = found.filter(pl.col(number) != 0)
        return found.select(pl.col(ID).unique().sort()).collect().to_series()

    def __repr__(self) -> str:
        return as_text(self)

    def _repr_html_(self) -> str:
        return as_html(self)

    def _known(self) -> Stage:
        if self.stage is None:
            what = f"{self.metric} cannot tell which conversations are behind it."
            evidence = "The frames that it was given do not name them."
            remedy = f"frames with {ID!r}, or da.explain(...) of the metric that they come from."
            raise InputError.of(what, evidence, remedy)
        return self.stage

    def _left_out_for(self, reason: str) -> pl.Series:
        fates = self._known().fates
        if reason not in self.reasons:
            name = "reason"
            choices = self.reasons or ["none: nothing is left out"]
            raise InputError.unknown_choice(name, reason, choices)
        found = fates.filter(pl.col(REASON) == reason).select(pl.col(ID).sort())
        return found.collect().to_series()

    def _behind(self, number: str | None, numbers: tuple[str, ...], asked: pl.LazyFrame) -> Frame:
        return as_given(self._known().part_of(number).behind(asked, numbers), self.table)

    def _keys(self, stage: Stage) -> pl.LazyFrame:
        one = pl.lit(0, pl.Int8).alias(EVERYTHING)
        return self.table.lazy().with_columns(one).select(EVERYTHING, *stage.keys)

    def _asked(self, rows: pl.DataFrame | pl.LazyFrame | None) -> pl.LazyFrame:
        """Find rows of the result again."""
        stage = self._known()
        keys = self._keys(stage)
        if rows is None:
            return keys
        if not isinstance(rows, pl.DataFrame | pl.LazyFrame):
            what = "rows= takes rows of the result, as a frame."
            remedy = "explained.ids(explained.table.filter(...))."
            raise InputError.of(what, f"Got {type(rows).__name__}.", remedy)
        have, want = rows.collect_schema(), keys.collect_schema()
        shared = [name for name in stage.keys if name in have]
        wrong = [name for name in shared if have[name] != want[name]]
        if wrong or (stage.keys and not shared):
            what = "The rows cannot be found in the result again."
            evidence = f"They have none of {_listed(stage.keys)}."
            if wrong:
                evidence = f"Their {wrong[0]!r} is {have[wrong[0]]}, and not {want[wrong[0]]}."
            raise InputError.of(what, evidence, f"rows with {_listed(stage.keys)} as they were.")
        if not shared:
            return keys
        return keys.join(
            rows.lazy().select(shared),
            on=shared,
            how="semi",
            nulls_equal=True,
            maintain_order="left",
        )


def _listed(names: tuple[str, ...]) -> str:
    return " or ".join(repr(name) for name in names)
