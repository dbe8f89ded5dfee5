from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from drift_analysis.schemas.loading import REASONS
from drift_analysis.sources.refusals import REMEDIES

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
OURS = ROOT / "drift_analysis" / "sources"
TESTS = [*(ROOT / "tests" / "sources").rglob("test_*.py"), ROOT / "tests" / "test_cli.py"]
FIELD = "{}"
WITHIN = {
    "Drift gave no good answer to {}.",
    "The pages of {} do not end: page {} leads nowhere new.",
}
"""What only says, within a larger error that is asserted whole, what one of its parts is about."""


def texts(path: Path) -> Iterator[str]:
    """Yield all texts of a module but those that document it, a mark in place of each field."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documents = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else FIELD for part in node.values
            )
        elif isinstance(node, ast.Constant) and id(node) not in documents | parts:
            yield node.value if isinstance(node.value, str) else ""


def sentences() -> set[str]:
    """Return what errors, rejects and issues say: texts of several words that end with a stop."""
    found = {text for path in OURS.rglob("*.py") for text in texts(path)}
    return {text for text in found if text.endswith(".") and text.count(" ") > 1} - WITHIN


def pattern(sentence: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^{}]*\}", sentence)
    return re.compile(r"[^\n]+?".join(re.escape(part) for part in parts))


SAID = "\n\n".join(text for path in TESTS for text in texts(path))


@pytest.mark.parametrize("sentence", sorted(sentences()))
def test_every_sentence_is_asserted_whole(sentence: str) -> None:
    assert pattern(sentence).search(SAID), f"No test says: {sentence}"


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_a_remedy_and_is_asserted(reason: str) -> None:
    assert reason in REMEDIES
    named = {text for path in TESTS for text in texts(path)}
    assert reason in named
