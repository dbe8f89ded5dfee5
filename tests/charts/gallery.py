"""Every picture of docs/gallery.md, made by the lines that stand there, of any data set."""

from __future__ import annotations

import doctest
import inspect
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import polars as pl

import drift_analysis as da
from builders import table
from drift_analysis.schemas import Playbooks, Users

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drift_analysis.schemas import Dataset

PAGE = Path(__file__).parents[2] / "docs" / "gallery.md"
EXAMPLES = [
    compile(example.source, PAGE.name, "single")
    for example in doctest.DocTestParser().get_examples(PAGE.read_text(encoding="utf-8"))
]
KINDS = [
    name
    for name, each in ((name, getattr(da.charts, name)) for name in da.charts.__all__)
    if callable(each) and "as_of" in inspect.signature(each).parameters
]


def drawings(data: Dataset[pl.DataFrame]) -> dict[str, partial[Any]]:
    """Return how each picture is drawn of a data set; called, it may take further options."""
    found: dict[str, partial[Any]] = {}

    def recorder(name: str) -> Any:
        def record(frame: pl.DataFrame, **options: Any) -> None:
            found[name] = partial(getattr(da.charts, name), frame, **options)

        return record

    charts = SimpleNamespace(**{name: recorder(name) for name in KINDS})
    own = {"charts": charts, "load": lambda _: data}
    known: dict[str, Any] = {}
    for example in EXAMPLES:
        exec(example, known)
        if "da" in known and known["da"] is da:
            known["da"] = SimpleNamespace(**{name: getattr(da, name) for name in da.__all__} | own)
    return found


def renamed(data: Dataset[pl.DataFrame], names: Sequence[str]) -> Dataset[pl.DataFrame]:
    """Give tags, playbooks, inboxes and people these names in turn, as many as there are names."""
    n = len(names)
    turn = pl.int_range(pl.len())
    tag = pl.struct(
        name=(turn + 3 * (turn % 5)).mod(n).replace_strict(dict(enumerate(names))),
        color=pl.lit("0176FF"),
    )
    second = pl.struct(
        name=(7 * turn + 1).mod(n).replace_strict(dict(enumerate(names))), color=pl.lit("00A3A1")
    )
    talks = data.conversations.with_columns(
        tags=pl.when(turn % 4 > 0).then(pl.concat_list(tag, second)).otherwise("tags"),
        playbook_id=pl.when(turn % 9 > 0).then(turn % n),
        inbox_id=turn % n,
    )
    people = pl.when(author_kind="human").then("conversation_id" if n > 1 else pl.lit(0)) % n
    numbered = [{"playbook_id": i, "name": name} for i, name in enumerate(names)]
    users = [{"user_id": i, "name": name} for i, name in enumerate(names)]
    return replace(
        data,
        conversations=talks,
        messages=data.messages.with_columns(author_id=pl.coalesce(people, "author_id")),
        playbooks=table(Playbooks, numbered, source="test"),
        users=table(Users, users, source="test"),
    )


def grouped(drawn: dict[str, partial[Any]], names: Sequence[str]) -> dict[str, partial[Any]]:
    """Call the inboxes of `renamed` by names, too."""
    called = pl.col("inbox_id").replace_strict(dict(enumerate(names)), default="other")
    return {
        kind: partial(each.func, each.args[0].with_columns(inbox_id=called), **each.keywords)
        if "inbox_id" in each.args[0].columns
        else each
        for kind, each in drawn.items()
    }
