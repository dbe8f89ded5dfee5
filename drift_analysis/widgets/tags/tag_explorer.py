"""Look around among tags: how often, since when, which together, and which are one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ipywidgets
import traitlets

from drift_analysis.charts.kit.format import plural, zone
from drift_analysis.errors import InputError
from drift_analysis.metrics.tags.tag_merging import new_names, tag_keys
from drift_analysis.schemas import Conversations

from ..asked.facts import facts_of
from ..panel.panel import Panel
from ..panel.panel_sheet import Sheet
from ..panes.picture import PicturePane
from ..panes.table import ConversationTable
from ..panes.transcript import Transcript
from .tag_asked import EVERY, LIMITS, VIEWS, TagsAsked
from .tag_code import code_of, picture_of
from .tag_controls import MergeBox, TagControls
from .tag_mapping import Mapped, pairs_of
from .tag_masking import masked_facts, shown_names
from .tag_shown import TagShown
from .tag_tables import TagTables

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from drift_analysis.charts.kit.frame import Picture
    from drift_analysis.schemas import Dataset

__all__ = ["TagExplorer"]


class TagExplorer(Mapped, TagShown, Panel):
    """Count tags, follow them, see which go together, and merge those that mean the same.

    Spellings that look alike are proposed to be one tag; you accept, change or reject that. The
    result is a mapping that can be kept, and that `drift_analysis.merge_tags` applies anywhere.

    Parameters
    ----------
    dataset
        What `drift_analysis.load` or `drift_analysis.scan_archive` returns. Of an archive the
        conversations are held in memory; messages are read for a transcript.
    mapping
        The new name for each old one, to begin with: what ``mapping`` was before.
    state
        What the ``state`` of a tag explorer was, to be shown at once.
    views
        Views that were saved before: a state for each name.
    tz
        The time zone in which periods begin, as an IANA name.
    reveal
        Whether e-mail addresses, telephone and network numbers are shown, also in names of tags.

    Attributes
    ----------
    asked
        All that is on show follows from it; ``change(view="pairs")`` and the like set it.
    selected
        The id of the conversation whose transcript is on show; None if there is none.
    views, reveal
        As above.

    Raises
    ------
    SchemaError
        If a table of the data set does not keep its promise.
    InputError
        If there is no such time zone, the mapping means nothing, or the state is none.

    Examples
    --------
    >>> from drift_analysis.sources import load
    >>> from drift_analysis.widgets import TagExplorer
    >>> explorer = TagExplorer(load("data/sample"))
    >>> explorer.frame["tag"].head(2).to_list()
    ['Pricing', 'Demo']
    >>> explorer.merge("Demo", "Pricing")
    >>> explorer.mapping
    {'Demo': 'Pricing'}
    """

    selected = traitlets.Int(None, allow_none=True)

    def __init__(
        self,
        dataset: Dataset[Any],
        *,
        mapping: Mapping[str, str] | None = None,
        state: Mapping[str, Any] | None = None,
        views: Mapping[str, Mapping[str, Any]] | None = None,
        tz: str = "UTC",
        reveal: bool = False,
    ) -> None:
        zone(tz)
        self._tz, self._as_of, self._is_following = tz, dataset.as_of, False
        self._facts = facts_of(dataset, tz=tz)
        self._tables, self._hidden = TagTables(self._facts), masked_facts(self._facts)
        self._controls = TagControls(self.change, self.reset)
        self._sheet, self._picture = Sheet(), PicturePane()
        self._merging = MergeBox(self._decisions())
        self._conversations = ConversationTable(self._facts)
        self._transcript = Transcript(dataset, self._facts.conversations, tz=tz, reveal=reveal)
        self._beside = ipywidgets.Box([self._picture, self._sheet])
        self._beside.add_class("drift-beside")
        self._panes = ipywidgets.Box([self._conversations, self._transcript])
        self._panes.add_class("drift-panes")
        super().__init__(
            self._controls.all,
            [self._merging, self._beside, self._panes],
            first=TagsAsked(merged=pairs_of(mapping)),
            state=state,
            views=views,
            name="tag-explorer",
            reveal=reveal,
        )
        self._link()

    @traitlets.validate("selected")
    def _present(self, proposal: dict[str, Any]) -> int | None:
        return self._transcript.require(proposal["value"])

    @property
    def frame(self) -> pl.DataFrame:
        """The table on show: `TagFrequency`, by period too, `TagCooccurrence` or `TagVariants`."""
        return self._tables.frame(self.asked)

    @property
    def chart(self) -> Picture:
        """The picture on show, to hand on; of look-alikes, of the tags as they are merged."""
        tables = {
            "frame": self.frame,
            "frequency": self._tables.frequency(self.asked),
            "conversations": self._tables.conversations(self.asked),
        }
        hides = not self.reveal
        return picture_of(
            self.asked, tables, self._chosen, as_of=self._as_of, tz=self._tz, hides=hides
        )

    @property
    def ids(self) -> pl.Series:
        """The ids of the conversations that have the tags chosen; of all that are known if none."""
        return self.conversations[Conversations.conversation_id.name]

    @property
    def conversations(self) -> pl.DataFrame:
        """The conversations of ``ids``, as a `Conversations` table with the tags as merged."""
        merged = self._tables.conversations(self.asked)
        if self.asked.tag is None:
            return merged.filter(Conversations.tags.col.is_not_null())
        return merged.filter(self._tables.selection(self.asked).mask)

    @property
    def code(self) -> str:
        """The code that makes ``frame``, ``chart`` and ``ids`` from ``dataset``."""
        names = list(self._tables.keys(self.asked))
        hides = not self.reveal and shown_names(names, reveal=False) != dict(
            zip(names, names, strict=True)
        )
        is_dated = self._as_of is not None
        return code_of(self.asked, self._chosen, tz=self._tz, hides=hides, is_dated=is_dated)

    @property
    def _chosen(self) -> list[str]:
        """Return the tags that are chosen, as they are called."""
        chosen = {self.asked.tag, self.asked.also} - {None}
        return [name for name, key in self._tables.keys(self.asked).items() if key in chosen]

    def _require(self, asked: TagsAsked) -> TagsAsked:
        choices = {"view": VIEWS, "every": EVERY, "limit": LIMITS}
        for name, offered in choices.items():
            if getattr(asked, name) not in offered:
                raise InputError.unknown_choice(name, getattr(asked, name), map(str, offered))
        names = new_names(dict(asked.merged))
        asks = [tag for tag in (asked.tag, asked.also) if tag is not None]
        keys = tag_keys([*names.values(), *asks])
        there = set(self._tables.keys(asked).values())
        tags = [keys[names[keys[tag]]] if keys[tag] in names else keys[tag] for tag in asks]
        if missing := [tag for tag in tags if tag not in there]:
            what = f"{plural(len(missing), 'tag')} asked for on no conversation."
            raise InputError.of(what, f"There are {len(there)} tags.", "tag=None, or choose one.")
        tag, also = (*dict.fromkeys(tags), None, None)[:2]
        return replace(asked, tag=tag, also=also)
