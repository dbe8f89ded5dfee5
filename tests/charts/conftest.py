"""Every picture of the gallery, drawn once: of the sample, and of hostile names."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import drift_analysis as da
from charts.gallery import drawings, grouped, renamed
from report.hostile import BODY, CANARIES, PAYLOADS

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


@pytest.fixture(scope="session")
def drawn() -> dict[str, partial[Any]]:
    return drawings(da.load(SAMPLE))


@pytest.fixture(scope="session")
def pictures(drawn: dict[str, partial[Any]]) -> dict[str, Any]:
    return {kind: draw() for kind, draw in drawn.items()}


@pytest.fixture(scope="session")
def hostile(drawn: dict[str, partial[Any]]) -> dict[str, partial[Any]]:
    data = da.load(SAMPLE)
    said = data.messages.with_columns(
        body=pl.lit(f"{PAYLOADS[0]} {BODY}"), text=pl.lit(f"{PAYLOADS[0]} {BODY} {CANARIES[1]}")
    )
    named = renamed(replace(data, messages=said), PAYLOADS)
    found = grouped(drawings(named), PAYLOADS)
    return found | {"playbook_trend": _few(drawn["playbook_trend"])}


def _few(draw: partial[Any]) -> partial[Any]:
    """Call the sample's own playbooks by hostile names.

    Among as many playbooks as there are hostile names none has enough conversations in a week,
    and no number would be drawn.
    """
    nth = pl.col("playbook_id").rank("dense").cast(pl.Int64) - 1
    name = nth.replace_strict(dict(enumerate(PAYLOADS)), return_dtype=pl.String)
    return partial(draw.func, draw.args[0].with_columns(playbook_name=name), **draw.keywords)
