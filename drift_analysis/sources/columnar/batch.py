"""Read runs of records by columns, those of many documents together."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np
import polars as pl

from ..conversations import CONVERSATION
from ..kinds import kind_of
from ..messages import MESSAGE
from . import NUMBER, RUN
from .sieve import sieved

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from ..forms import Form
    from ..framing.runs import Run
    from .sieve import Seen

    _Numbers = NDArray[np.uint32]

__all__ = ["Batch", "Kept", "batches"]

_FORMS = {form.kind: form for form in (CONVERSATION, MESSAGE)}
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
    first = runs[numbers[0]]
    alone = len(numbers) == 1 and not first.unsound
    records = first.records if alone else _sound(runs[number] for number in numbers)
    text = first.stretch.text if alone and not first.together else b"\n".join(records)
    in_lines = not any(runs[number].together for number in numbers)
    rows = sieved(records, text, form, seen, in_lines=in_lines)
    if rows is None or rows.is_empty():
        return None
    run, place = (of[rows[NUMBER].to_numpy()] for of in _places(runs, numbers))
    placed = rows.with_columns(pl.Series(RUN, run), pl.Series(NUMBER, place))
    return Batch(form, placed, _kept(runs, run, place, rows["conversation_id"]))


def _sound(runs: Iterable[Run]) -> list[bytes]:
    """Return the records of runs without those that are not sound."""
    records: list[bytes] = []
    for run in runs:
        begin = 0
        for number in sorted(run.unsound):
            records += run.records[begin:number]
            begin = number + 1
        records += run.records[begin:]
    return records


def _places(runs: Sequence[Run], numbers: Sequence[int]) -> tuple[_Numbers, _Numbers]:
    """Tell for every sound record its run, and its number in the run."""
    sound = [_without(len(runs[number].records), [*runs[number].unsound]) for number in numbers]
    run = np.repeat(np.array(numbers, np.uint32), [len(places) for places in sound])
    return run, np.concatenate(sound)


def _kept(runs: Sequence[Run], run: _Numbers, place: _Numbers, keys: pl.Series) -> dict[int, Kept]:
    kept: dict[int, Kept] = {}
    begin = 0
    for number, n in zip(*np.unique_counts(run), strict=True):
        end = begin + int(n)
        left = _without(len(runs[number].records), place[begin:end])
        kept[int(number)] = Kept(left.tolist(), keys[end - 1])
        begin = end
    return kept


def _without(of: int, numbers: _Numbers | list[int]) -> _Numbers:
    """Return which of so many numbers are not among others."""
    kept = np.ones(of, bool)
    kept[numbers] = False
    return np.flatnonzero(kept).astype(np.uint32)
