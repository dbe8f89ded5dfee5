"""Which conversations are behind each number of a comparison of playbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import Conversations

from .playbook_rates import SHOWN, SIDES

if TYPE_CHECKING:
    from .playbook_facts import PlaybookFacts
    from .playbook_found import Found

__all__ = ["SideIds"]

_ID = Conversations.conversation_id.name


class SideIds:
    """The ids behind a comparison, as `drift_analysis.explain` knows them."""

    _facts: PlaybookFacts
    _found: Found

    @property
    def ids(self) -> pl.Series:
        """The conversations of both sides of which the outcome that is looked at came."""
        outcome = self._found.asked.outcome
        return pl.concat([self.ids_of("first", outcome), self.ids_of("second", outcome)]).sort()

    def ids_of(self, side: Literal["first", "second"], outcome: str | None = None) -> pl.Series:
        """Return the conversations of one side, or those of them of which an outcome came.

        Parameters
        ----------
        side
            ``"first"`` for the playbook, ``"second"`` for what it is compared with.
        outcome
            An outcome of ``frame``; not given, all conversations of the side.

        Returns
        -------
        :
            ``conversation_id``, each once, in order.

        Raises
        ------
        InputError
            If there is no such side or outcome.
        """
        if side not in SIDES:
            name = "side"
            raise InputError.unknown_choice(name, side, SIDES)
        if outcome is not None and outcome not in SHOWN:
            name = "outcome"
            raise InputError.unknown_choice(name, outcome, SHOWN)
        name = self._found.names[SIDES.index(side)]
        mine = self._found.sides.lazy().filter(pl.col("side") == name).select(_ID)
        number = pl.col(outcome or "conversations")
        behind = self._facts.behind.lazy().filter(number > 0)
        found: pl.Series = behind.join(mine, on=_ID, how="semi").select(_ID).collect()[_ID]
        return found.unique().sort()
