"""Reviews, made once: of the sample, of a period of it, and of an export of hostile names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import drift_analysis as da
from drift_analysis.report import Review
from drift_analysis.report.deck import deck
from report.hostile import PAYLOADS, hostile_dataset

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
    return deck(compared)


@pytest.fixture(scope="session")
def deck_of_hostile(hostile: Review) -> bytes:
    return deck(hostile)


@pytest.fixture(scope="session")
def hostile() -> Review:
    return Review(hostile_dataset(), title=PAYLOADS[0])


@pytest.fixture(scope="session")
def of_hostile_data(hostile: Review, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile.write(tmp_path_factory.mktemp("hostile")).parent
