from __future__ import annotations

import os
import random

import pytest

from drift_analysis.sources.framing.records import Document
from drift_analysis.sources.load import read, tables_of
from drift_analysis.sources.tables import TABLES
from sources.mutations import (
    Base,
    bases,
    checked,
    damaged,
    packings,
    told_by,
    unpacked,
    words_around,
)

SOAK = int(os.environ.get("DRIFT_ANALYSIS_SOAK", "1"))
"""How many times as many cases are tried; 20 are the long version."""

CASES = 5_000 * SOAK
SHARES = 10


@pytest.mark.parametrize("share", range(SHARES))
def test_damage_loses_invents_and_alters_no_record(share: int) -> None:
    found = [(base, told_by(base.data), words_around(base.data)) for base in bases()]
    untouched = rescued = 0
    for number in range(share, CASES, SHARES):
        base, originals, around = found[number // SHARES % len(found)]
        damage = damaged(base, random.Random(number))
        if not damage.data:
            continue
        try:
            outcome = checked(damage, originals, around)
        except Exception as error:
            error.add_note(f"Case {number} of the mutations: {base.name}.")
            raise
        untouched += outcome.untouched
        rescued += outcome.rescued
    assert rescued > 0.97 * untouched


@pytest.mark.parametrize("name", packings())
def test_damage_within_a_packed_document_is_the_same_as_in_a_plain_one(name: str) -> None:
    pack = packings()[name]
    for number in range(40 * SOAK):
        base = bases()[number % len(bases())]
        mutated = damaged(base, random.Random(f"inside {number}")).data
        found = unpacked(pack(mutated))
        assert found == unpacked(mutated), f"Case {number}: {base.name}."


@pytest.mark.parametrize("name", packings())
def test_damage_to_a_packed_document_never_passes_unnoticed(name: str) -> None:
    whole = [(base, unpacked(base.data)) for base in bases()]
    for number in range(400 * SOAK):
        base, plain = whole[number % len(whole)]
        packed = packings()[name](base.data)
        damage = damaged(Base(name, packed, 4), random.Random(f"{name} {number}")).data
        try:
            found = unpacked(damage)
        except Exception as error:
            error.add_note(f"Case {number}: {base.name}.")
            raise
        assert found.reported or found.values == plain.values, f"Case {number}: {base.name}."


def test_damaged_documents_become_tables() -> None:
    for number in range(100 * SOAK):
        base = bases()[number % len(bases())]
        mutated = damaged(base, random.Random(f"tables {number}")).data
        dataset = tables_of([Document("x", mutated)])
        reading = read([Document("x", mutated)])
        assert dataset.rejects.height == len(reading.rejects)
        for table, rows in reading.rows.items():
            keys = rows.frame().select(TABLES[table].primary_key()).n_unique()
            assert getattr(dataset, table).height >= keys
