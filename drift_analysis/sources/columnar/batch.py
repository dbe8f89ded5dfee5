"""Read runs of records by columns, those of many documents together."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import polars as pl

from ..conversations import CONVERSATION
from ..kinds import kind_of
from ..messages import MESSAGE
from . import NUMBER, RUN
from .sieve import sieved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..forms import Form
    from ..framing.runs import Run
    from .sieve import Seen

__all__ = ["Batch", "Kept", "batches"]

_FORMS = {form.kind: form for form in (CONVERSATION, MESSAGE)}
_PLACES = {RUN: pl.UInt32, NUMBER: pl.UInt32}
_decode = msgspec.json.Decoder().decode


class Kept(NamedTuple):
    """Of a run, the numbers of the records that are no rows, and the key of the last that is."""

    left: list[int]
    conversation_id: int


class Batch(NamedTuple):
    """The rows of one kind that several runs gave, with `RUN` and `NUMBER` within the run."""

    form: Form
    rows: pl.DataFrame
    kept: dict[int, Kept]


def batches(runs: Sequence[Run], seen: Seen) -> list[Batch]:
    """Read what can be read by columns; the records of other kinds are in no batch.

    `seen` is what was seen of all records so far.

    Returns
    -------
    :
        At most one batch per kind, its rows in the order of the records.
    """
    kinds: dict[str, list[int]] = defaultdict(list)
    for number, run in enumerate(runs):
        kinds[_kind(run)].append(number)
    found = [_batch(runs, kinds[kind], form, seen) for kind, form in _FORMS.items() if kinds[kind]]
    return [batch for batch in found if batch is not None]


def _kind(run: Run) -> str:
    """Tell what the first sound record of a run is; the others are most likely the same."""
    first = next((n for n in range(len(run.records)) if n not in run.unsound), None)
    try:
        kind = None if first is None else kind_of(_decode(run.records[first]))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""
    return kind or ""


def _batch(runs: Sequence[Run], numbers: Sequence[int], form: Form, seen: Seen) -> Batch | None:
    records: list[bytes] = []
    for number in numbers:
        run = runs[number]
        if run.unsound:
            records += (r for n, r in enumerate(run.records) if n not in run.unsound)
        else:
            records += run.records
    first = runs[numbers[0]]
    is_text = len(numbers) == 1 and not first.together and not first.unsound
    text = first.stretch.text if is_text else b"\n".join(records)
    rows = sieved(records, text, form, seen)
    if rows is None or rows.is_empty():
        return None
    rows = rows.drop(NUMBER).hstack(_places(runs, numbers)[rows[NUMBER]])
    return Batch(form, rows, _kept(runs, rows))


def _places(runs: Sequence[Run], numbers: Sequence[int]) -> pl.DataFrame:
    """Tell for every sound record its run, and its number in the run."""
    lengths = [len(runs[number].records) for number in numbers]
    every = pl.DataFrame({RUN: numbers, NUMBER: lengths}, schema=_PLACES)
    within = pl.int_ranges(0, NUMBER, dtype=pl.UInt32).alias(NUMBER)
    places = every.with_columns(within).explode(NUMBER)
    unsound = [(number, n) for number in numbers for n in sorted(runs[number].unsound)]
    if not unsound:
        return places
    left_out = pl.DataFrame(unsound, schema=_PLACES, orient="row")
    return places.join(left_out, on=[RUN, NUMBER], how="anti", maintain_order="left")


def _kept(runs: Sequence[Run], rows: pl.DataFrame) -> dict[int, Kept]:
    kept: dict[int, Kept] = {}
    for run, n, key in rows.group_by(RUN).agg(pl.len(), pl.col("conversation_id").last()).rows():
        kept[run] = Kept(_left(rows, run, len(runs[run].records), n), key)
    return kept


def _left(rows: pl.DataFrame, run: int, of: int, n: int) -> list[int]:
    if n == of:
        return []
    taken = rows.filter(pl.col(RUN) == run)[NUMBER]
    numbers = pl.int_range(of, dtype=pl.UInt32, eager=True)
    return numbers.filter(~numbers.is_in(taken.implode())).to_list()
