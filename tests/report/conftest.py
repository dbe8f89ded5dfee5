"""Reviews, made once: of the sample, of a period of it, and of exports of hostile names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import drift_analysis as da
from drift_analysis.report import Review
from drift_analysis.report.deck import deck
from report.awkward import of_long_names, of_nobody, of_one
from report.hostile import PAYLOADS, hostile_dataset, hostile_meetings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def of_the_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Review(da.load("data/sample")).write(tmp_path_factory.mktemp("sample")).parent


@pytest.fixture(scope="session")
def compared() -> Review:
    return Review(da.load("data/sample"), period="last 4 weeks", compare="previous")


@pytest.fixture(scope="session")
def deck_of_a_period(compared: Review) -> bytes:
    return deck(compared.story)


@pytest.fixture(scope="session")
def deck_of_hostile(hostile: Review) -> bytes:
    return deck(hostile.story)


@pytest.fixture(scope="session")
def deck_of_long_names() -> bytes:
    return deck(of_long_names().story)


@pytest.fixture(scope="session")
def deck_of_one() -> bytes:
    return deck(of_one().story)


@pytest.fixture(scope="session")
def deck_of_nobody() -> bytes:
    return deck(of_nobody().story)


@pytest.fixture(scope="session")
def hostile() -> Review:
    return Review(hostile_dataset(), title=PAYLOADS[0])


@pytest.fixture(scope="session")
def of_hostile_data(hostile: Review, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile.write(tmp_path_factory.mktemp("hostile")).parent


@pytest.fixture(scope="session")
def hostile_everywhere() -> Review:
    """Every section, of hostile names that also lead to meetings."""
    return Review(hostile_meetings(), title=PAYLOADS[1], sections="all")


@pytest.fixture(scope="session")
def page_of_everything(
    hostile_everywhere: Review, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    return hostile_everywhere.html(tmp_path_factory.mktemp("everything") / "review.html")
