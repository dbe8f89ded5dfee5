from __future__ import annotations

import csv
import io
import json
import os
import random
from typing import Any

import pytest

from drift_analysis.sources import load
from drift_analysis.sources.reading import FORMS
from drift_analysis.sources.tables import TABLES
from sources.records import KINDS, OTHER_NAMES, WEBHOOKS, generated, posted, rows_of, told, words

SOAK = int(os.environ.get("DRIFT_ANALYSIS_SOAK", "1"))
"""How many times as many records are tried; 10 are the long version."""

RECORDS = 20_000 * SOAK
BATCH = 2_000


def as_text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def framed(records: list[Any], dice: random.Random) -> bytes:
    texts = [json.dumps(record, ensure_ascii=dice.random() < 0.5) for record in records]
    match dice.randrange(3):
        case 0:
            whole = "\n".join(texts)
        case 1:
            whole = f"[{', '.join(texts)}]"
        case _:
            whole = f'{{"data": [{",".join(texts)}], "pagination": {{"more": false}}}}'
    return whole.encode()


def made_of(name: str, number: int, dice: random.Random) -> tuple[str, Any, Any]:
    made = generated(name, number, dice)
    by_webhook = name in WEBHOOKS and dice.random() < 0.2
    return (name, *(posted(name, made, dice) if by_webhook else made))


@pytest.mark.parametrize("batch", range(RECORDS // BATCH))
def test_records_come_back_from_the_tables_as_they_were_given(batch: int) -> None:
    dice = random.Random(f"round trip {batch}")
    names = list(KINDS)
    made = [
        (names[n % len(names)], *generated(names[n % len(names)], n, dice)) for n in range(BATCH)
    ]
    dataset = load(framed([given for _, given, _ in made], dice))
    assert dataset.rejects.select("reason", "detail").unique().rows() == []
    found: dict[tuple[str, Any], list[dict[str, Any]]] = {}
    for table in TABLES:
        for row in rows_of(getattr(dataset, table)):
            key = row[TABLES[table].primary_key()[0]]
            found.setdefault((table, key), []).append(row)
    for n, (name, given, wanted) in enumerate(made):
        kind = KINDS[name]
        rows = found.pop((kind.table, wanted[kind.key]), [])
        assert rows, f"Record {n} of batch {batch}, of kind {name}, is no row."
        users = sorted({row["user_id"] for row in rows} if "user_id" in rows[0] else ())
        back = told(
            name, rows[0] | ({"_users": users} if kind.table == "participant_events" else {})
        )
        assert as_text(back) == as_text(wanted), f"Record {n} of batch {batch}: {given}"
    assert found == {}, "There are rows that no record was given for."


@pytest.mark.parametrize("name", [name for name in FORMS if name != "exported conversation"])
def test_every_key_that_has_a_column_is_among_those_that_make_the_round_trip(name: str) -> None:
    others = set(OTHER_NAMES.values())
    known = {path for path in paths_of(FORMS[name].shape) if others.isdisjoint(path.split("."))}
    assert known == paths_of(KINDS[name].shape)


def paths_of(shape: Any, before: str = "") -> set[str]:
    found: set[str] = set()
    for key, place in shape.items():
        inner = place if isinstance(place, dict) else getattr(place, "shape", None)
        found |= paths_of(inner, f"{before}{key}.") if inner else {before + key}
    return found


def test_rows_of_the_bulk_export_come_back_as_they_were_given() -> None:
    dice = random.Random("export")
    names = [
        "convo_id",
        "company_name",
        "updatedat_date",
        "createdat_date",
        "transcriptObject",
        "é",
    ]
    made = []
    for n in range(1, 500):
        text = [words(dice)[0].replace("\0", "") for _ in range(3)]
        moment = f"2019-09-08T06:{n % 60:02}:59.123Z"
        made.append([str(n), text[0], moment, moment, text[1], text[2]])
    sheet = io.StringIO(newline="")
    csv.writer(sheet, lineterminator="\n").writerows([names, *made])
    dataset = load(sheet.getvalue().encode())
    assert dataset.rejects.height == 0
    for row, given in zip(rows_of(dataset.conversations), made, strict=True):
        at = 1_567_922_759_123 - 5 * 60_000 + (int(given[0]) % 60) * 60_000
        assert (row["conversation_id"], row["created_at"]) == (int(given[0]), at)
        assert row["updated_at"] == at
        others = dict(zip(names, given, strict=True))
        assert json.loads(row["extra"]) == {k: others[k] for k in ("company_name", names[4], "é")}
