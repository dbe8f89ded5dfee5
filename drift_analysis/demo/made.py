"""Make a demo Drift of the library's own sample."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from drift_analysis.errors import InputError
from drift_analysis.sample import generate

from .faults import KINDS, Fault
from .limit import Limit
from .state import Demo
from .world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["made"]

_EVERY = 5
"""After so many requests something changes, where things move."""


def made(
    n: int,
    generation: int = 1,
    per_minute: int | None = None,
    faults: Iterable[str] = (),
    *,
    moving: bool = False,
) -> Demo:
    """Make a demo Drift of a sample.

    Parameters
    ----------
    n
        How many conversations it holds.
    generation
        How the list is paged, 1 or 2.
    per_minute
        How many requests it takes in a minute; null for no limit.
    faults
        What it does wrong: ``KIND[:PATH[:NTH[:TIMES]]]``, see `KINDS`.
    moving
        Whether conversations change and begin while it is asked.

    Raises
    ------
    InputError
        If a fault is not one.

    Examples
    --------
    >>> from drift_analysis.demo import made
    >>> made(10, faults=["503:/users/list:1:2"]).faults
    [Fault(kind='503', path='/users/list', nth=1, times=2)]
    """
    demo = Demo(World.of(generate(n, oddities=False)), generation=generation)
    demo.limit = Limit(per_minute) if per_minute else None
    demo.faults = [_fault(text) for text in faults]
    demo.meanwhile = _movement(demo) if moving else None
    return demo


def _fault(text: str) -> Fault:
    try:
        return Fault.read(text)
    except ValueError:
        raise InputError.of(
            f"{text!r} is no fault.",
            f"Kinds are {', '.join(sorted(KINDS))}.",
            "KIND, KIND:PATH, KIND:PATH:NTH or KIND:PATH:NTH:TIMES, such as 429:/users/list:1:2.",
        ) from None


def _movement(demo: Demo) -> Callable[[str, int], None]:
    chance = random.Random(7)

    def move(_path: str, _number: int) -> None:
        if len(demo.asked) % _EVERY == 0:
            known = sorted(demo.world.conversations)
            if chance.random() < 0.2:
                demo.world.begin()
            else:
                demo.world.change(chance.choice(known), says=1)

    return move
