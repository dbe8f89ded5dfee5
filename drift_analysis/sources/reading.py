"""Sort framed records into rows, rejects and notes; every record ends in exactly one place."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from .connectors import control_message, unwrapped
from .conversations import CONVERSATION, DETAIL_KEYS, EXPORTED
from .forms import ONCE, Filled, Form, Note, fill
from .framing.duplicates import Repeated, duplicates_in
from .framing.records import Problem
from .kinds import is_webhook, kind_of
from .masking import masked
from .meetings import MEETING
from .messages import MESSAGE
from .notes import Notes
from .pages import Pages
from .people import ADDED, CONTACT, REMOVED, USER
from .playbooks import GOAL, LANDING_PAGE, PLAYBOOK
from .rejected import Rejected
from .status import STATUS_EVENT
from .tables import TABLES, Rows
from .untabled import NAME, without_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import polars as pl

    from .connectors import Wrapped
    from .framing.records import Document, Framed

__all__ = ["Reading"]

FORMS = {
    form.kind: form
    for form in (
        CONVERSATION,
        EXPORTED,
        MESSAGE,
        STATUS_EVENT,
        PLAYBOOK,
        LANDING_PAGE,
        USER,
        CONTACT,
        MEETING,
        GOAL,
        ADDED,
        REMOVED,
    )
}

_TELLING = frozenset({"button_clicked", "contact_identified", "user_unsubscribed"})


KEYS = frozenset(key for form in FORMS.values() for key in form.shape)
"""The keys of Drift's records that have a place in a table."""


class _Filled(NamedTuple):
    """A record as it goes into a table, and the webhook that told of it."""

    form: Form
    filled: Filled
    record: Mapping[str, Any]
    envelope: Mapping[str, Any] | None


class Reading:
    """What one load has read so far.

    ``records`` counts everything that framing handed over. Each ended as rows, counted in
    ``accepted`` by table, or as one of ``rejects``, or, if a connector wrote it to say something
    other than a record, in ``control`` by its type; so ``records`` is the sum of the three.
    """

    def __init__(self) -> None:
        self.records = 0
        self.accepted = dict.fromkeys(TABLES, 0)
        self.rows = {name: Rows(table) for name, table in TABLES.items()}
        self.rejects = Rejected()
        self.notes = Notes()
        self.pages = Pages()
        self.control: Counter[str] = Counter()
        self.skipped: Counter[str] = Counter()
        self.fetched: list[datetime] = []

    def begin(self, document: Document) -> None:
        """Start with the next document."""
        if document.fetched_at is not None:
            self.fetched.append(document.fetched_at)

    def take(self, document: Document, framed: Framed) -> Problem | None:
        """Put one record where it belongs, and return the problem if it became a reject."""
        result = framed.problem if framed.value is None else self._sort(document, framed)
        self.records += framed.value is not None or result is not None
        if result is not None:
            self.rejects.add(document, framed, result)
        if framed.more is not None:
            self.pages.end(more=framed.more)
        return result

    def take_rows(self, form: Form, rows: pl.DataFrame) -> None:
        """Put records where they belong that were read by columns, one row each."""
        self.records += rows.height
        self.accepted[form.table] += rows.height
        self.rows[form.table].extend(rows)

    def rejected(self) -> pl.DataFrame:
        """Return the rejects as a table."""
        return self.rejects.frame()

    def size(self) -> int:
        """Return about how many bytes the rows and rejects take so far."""
        return sum(rows.size() for rows in self.rows.values()) + self.rejects.size()

    def _sort(self, document: Document, framed: Framed) -> Problem | None:
        """Take off what a connector put around a record, and look for ambiguous keys."""
        duplicates = duplicates_in(framed.raw, framed.value)
        value = duplicates.value if duplicates else framed.value
        if control := control_message(value):
            self.control[control] += 1
            return None
        wrapped = unwrapped(value, KEYS)
        record = wrapped.record if wrapped else value
        found = self._fill(record, duplicates.keys if duplicates else [])
        if isinstance(found, Problem):
            return found
        self._keep(*found, document, framed, wrapped)
        return None

    def _fill(self, record: Any, ambiguous: list[str]) -> _Filled | Problem:
        if not isinstance(record, dict):
            return Problem("not_a_record", "The connector's record is no object.")
        kind, inner, envelope = kind_of(record), record, None
        if is_webhook(record):
            inner, envelope = record["data"], record
            if kind is not None and not isinstance(inner, dict):
                return _no_object(inner, kind)
        form = FORMS.get(kind or "")
        if form is None:
            return without_table(kind, record)
        filled = fill(form, inner)
        if isinstance(filled, Problem):
            return filled
        if not filled.rows:
            return Problem("missing_field", "The list of users is empty.", kind)
        _note_ambiguous(filled, ambiguous)
        return _Filled(form, filled, inner, envelope)

    def _keep(
        self,
        form: Form,
        filled: Filled,
        record: Mapping[str, Any],
        envelope: Mapping[str, Any] | None,
        document: Document,
        framed: Framed,
        wrapped: Wrapped | None,
    ) -> None:
        fetched_at = (wrapped.fetched_at if wrapped else None) or document.fetched_at
        common: dict[str, Any] = {
            "_fetched_at": fetched_at if envelope is None else None,
            "_reply": framed.reply,
            "_webhook": envelope is not None,
        }
        if wrapped and wrapped.fetched_at:
            self.fetched.append(wrapped.fetched_at)
        if form.table == "conversations":
            common["is_detail"] = framed.alone or _is_detail(record, wrapped)
        extra = _with_envelope(form, filled, envelope)
        extra = extra | wrapped.rest if wrapped else extra
        common["extra"] = masked(_ENCODER.encode(extra)).decode() if extra else None
        self.accepted[form.table] += 1
        for row in filled.rows:
            row.setdefault("source", document.source)
            self.rows[form.table].append(row | common)
        self.notes.add(form.table, filled.rows[0], filled.notes)
        self.pages.see(form.table, filled.rows[0])


def _no_object(inner: Any, kind: str) -> Problem:
    if isinstance(inner, Repeated):
        return Problem("wrong_type", f"`data` of the webhook is not {ONCE}.", kind)
    return Problem("not_a_record", "`data` of the webhook is no object.", kind)


def _values(repeated: Any) -> dict[str, Any]:
    """Show in `extra` that a key stood several times, with all its values."""
    if isinstance(repeated, Repeated):
        return {"given": repeated.values}
    raise TypeError


_ENCODER = msgspec.json.Encoder(enc_hook=_values)


def _is_detail(record: Mapping[str, Any], wrapped: Wrapped | None) -> bool:
    """Tell a detail reply by its keys; connectors write keys that the reply never had as null."""
    if wrapped is None:
        return not DETAIL_KEYS.isdisjoint(record)
    return any(record.get(key) is not None for key in DETAIL_KEYS)


def _note_ambiguous(filled: Filled, keys: list[str]) -> None:
    """Report ambiguous keys that have no column, too."""
    code = f"unfit:{ONCE}"
    noted = {note.key.rsplit(".", 1)[-1] for note in filled.notes if note.code == code}
    others = {key if NAME.fullmatch(key) else "a key" for key in keys} - noted
    filled.notes.extend(Note(code, key) for key in sorted(others))


def _with_envelope(
    form: Form, filled: Filled, envelope: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Put the organisation that a webhook names into the rows, and keep the rest beside them."""
    extra = filled.extra
    if envelope is None:
        return extra
    rest = {k: v for k, v in envelope.items() if k not in ("type", "token", "data")}
    org_id = rest.get("orgId")
    if type(org_id) is int and "org_id" in TABLES[form.table].column_names():
        first = filled.rows[0]
        if first.setdefault("org_id", org_id) == org_id:
            del rest["orgId"]
    if envelope["type"] in _TELLING:
        rest[envelope["type"]] = True
    return extra | {"webhook": rest} if rest else extra
