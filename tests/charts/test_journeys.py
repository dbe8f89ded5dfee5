from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from builders import table
from charts.tables import (
    AS_OF,
    HOSTILE,
    calm_sentence,
    caption,
    description,
    row_count,
    rows_with,
    stays_text,
    title,
)
from drift_analysis import charts, metrics
from drift_analysis.schemas import AttributionCredits, Journeys

MODELS = ("first", "last", "linear")


def path(*touches: str, n: int, converted: int, **more: Any) -> pl.DataFrame:
    """Build the rows of equal journeys: those that converted, and the others."""
    rows = [
        {"touches": list(touches), "touched_at": [AS_OF] * len(touches), "converted": ended, "n": c}
        for ended, c in ((True, converted), (False, n - converted))
        if c
    ]
    return table(Journeys, [{"is_mature": True, **row, **more} for row in rows])


def credits_of(*paths: pl.DataFrame, **options: Any) -> dict[str, Any]:
    credits_ = metrics.multi_touch_attribution(pl.concat(paths), model=MODELS)
    found: dict[str, Any] = charts.multi_touch_attribution(
        credits_, as_of=AS_OF, **options
    ).to_dict()
    return found


def paths_of(*paths: pl.DataFrame, **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = charts.journeys(pl.concat(paths), as_of=AS_OF, **options).to_dict()
    return found


BOTH = path("A", "B", n=20, converted=8)
ALONE = path("A", n=40, converted=2)
NONE = path("none", n=30, converted=0)


def test_each_touch_has_a_line_per_model_and_the_credits_add_up() -> None:
    spec = credits_of(BOTH, ALONE)

    # first: A 10 of 10; last: A 2, B 8; linear: A 6, B 4.
    rows = [(row["label"], row["said"], row["value"]) for row in rows_with(spec, "said", "share")]
    assert rows == [
        ("A", "first", "100 %"),
        ("A", "last", "20 %"),
        ("A", "linear", "60 %"),
        ("B", "first", "0 %"),
        ("B", "last", "80 %"),
        ("B", "linear", "40 %"),
    ]
    assert "n = 10 conversions: the credits of each model add up to them." in caption(spec)
    assert title(spec) == "The models disagree: first credits “A” most, last “B”"
    assert [row["row"] for row in rows_with(spec, "said", "share")] == [0, 1, 2, 4, 5, 6]


def test_models_that_agree_are_told_with_their_range() -> None:
    most = path("A", n=40, converted=20)
    assert (
        title(credits_of(BOTH, most))
        == "All 3 models credit “A” most: 71 to 100 % of 28 conversions"
    )
    spec = credits_of(most, path("none", n=9, converted=2))
    assert "no playbook: first 9 %, last 9 %, linear 9 %." in description(spec)
    assert "No intervals computed." in caption(spec)


def test_credits_of_many_touches_become_few_rows_and_none_a_calm_sentence() -> None:
    spec = credits_of(*(path(f"p{n}", n=9, converted=1 + n) for n in range(8)))
    assert "3 other touches not drawn." in caption(spec)
    assert row_count(spec) <= 40
    none = charts.multi_touch_attribution(AttributionCredits.empty(), as_of=AS_OF).to_dict()
    assert calm_sentence(none) == "There are no conversions to credit."


def test_a_path_is_a_row_of_chips_with_the_share_that_converted() -> None:
    spec = paths_of(BOTH, ALONE, NONE)

    rows = rows_with(spec, "path")
    assert [(row["path"], row["at"], row["value"]) for row in rows] == [
        ("A", 0.05, "5 % · 40"),
        ("none", 0.0, "0 % · 30"),
        ("A → B", 0.4, "40 % · 20"),
    ]
    chips = [row for row in rows_with(spec, "middle") if row["row"] == 2]
    assert [chip["said"] for chip in chips] == ["A", "B"]
    assert chips[0]["end"] < chips[1]["start"]
    assert title(spec) == "22 % of journeys have several touches, most often “A”, then “B”"
    assert "n = 90 journeys, 10 converted (11 %)." in caption(spec)


def test_journeys_of_unknown_end_and_without_touches_are_left_out_and_counted() -> None:
    young = path("A", n=7, converted=0, is_mature=False)
    bare = path(n=3, converted=3)
    said = caption(paths_of(ALONE, young, bare))

    assert "n = 40 journeys" in said
    assert "Left out: 7 journeys of which it is not known yet how they end." in said
    assert "3 journeys without a touch." in said
    assert title(paths_of(ALONE)) == "Every journey has a single touch"


@pytest.mark.parametrize("size", ["full", "half"])
def test_a_long_path_keeps_its_first_touch_and_counts_the_rest(size: str) -> None:
    many = path(*(f"touch {n}" for n in range(40)), n=9, converted=3)
    spec = paths_of(many, size=size)

    chips = rows_with(spec, "middle")
    assert chips[0]["said"].startswith("touc")
    assert any(chip["said"].startswith("+ ") for chip in chips)
    left = min(chip["start"] for chip in chips)
    assert max(chip["end"] for chip in chips) - left <= (330 if size == "full" else 152)


def test_few_journeys_are_counts_and_none_a_calm_sentence() -> None:
    spec = paths_of(path("A", n=3, converted=1), path("A", "B", n=1, converted=0))
    assert [(row["at"], row["value"]) for row in rows_with(spec, "path")] == [
        (None, "1 of 3"),
        (None, "0 of 1"),
    ]
    assert title(spec) == "1 of 4 journeys have several touches, most often “A”, then “B”"
    none = charts.journeys(Journeys.empty(), as_of=AS_OF).to_dict()
    assert calm_sentence(none) == "No journey has come to a known end."


def test_many_paths_become_few_rows_and_hostile_names_stay_text() -> None:
    many = [path(f"p{n}", "B", n=5, converted=1) for n in range(30)]
    assert row_count(paths_of(*many)) <= 60
    assert "22 rarer paths not drawn (110 journeys)." in caption(paths_of(*many))
    hostile = [path(name, n=9, converted=3) for name in HOSTILE]
    assert stays_text(credits_of(*hostile), *HOSTILE[:3])
    assert stays_text(paths_of(*hostile), *HOSTILE)
