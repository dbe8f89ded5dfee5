from __future__ import annotations

import os
import random

import pytest

from drift_analysis.sources.framing.records import Document
from drift_analysis.sources.load import tables_of
from sources.mutations import bases, checked, damaged, told_by, words_around

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


def test_damaged_documents_become_tables() -> None:
    for number, base in enumerate(bases()):
        mutated = damaged(base, random.Random(f"tables {number}")).data
        dataset = tables_of([Document("x", mutated)])
        assert dataset.rejects.height >= 0
