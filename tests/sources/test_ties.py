from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

from drift_analysis.sources import load
from drift_analysis.sources.tables import TABLES

if TYPE_CHECKING:
    from pathlib import Path

T = 1_567_922_759_384


def test_which_of_contradicting_repeats_counts_depends_on_no_name_and_no_order(
    tmp_path: Path,
) -> None:
    base: dict[str, Any] = {"id": 1, "createdAt": T, "updatedAt": T, "inboxId": 3}
    records = [
        [base | {"status": "open"}],
        [base | {"status": "closed"}],
        [{"id": 7, "name": "A", "bot": True}, {"id": 7, "name": "B", "bot": True}],
        [{"id": 7, "name": "C", "bot": True}],
    ]
    seen = set()
    for number, order in enumerate(itertools.permutations(records)):
        folder = tmp_path / f"some folder {number}"
        folder.mkdir()
        for name, content in zip("abcd", order, strict=True):
            (folder / f"{name}.json").write_text(json.dumps(content))
        found = load(folder)
        tables = [getattr(found, name) for name in TABLES]
        seen.add("".join(table.drop("source", strict=False).write_json() for table in tables))
        assert "contradicting_repeats" in found.issues["code"].to_list()
    assert len(seen) == 1
    found = load(tmp_path)
    assert (found.conversations["status"].item(), found.users["name"].item()) == ("open", "C")
