"""Sort framed records into rows, rejects and notes; every record ends in exactly one place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl

from drift_analysis.schemas import Rejects

from .conversations import CONVERSATION, DETAIL_KEYS
from .forms import Filled, Form, fill
from .framing.records import Problem
from .kinds import is_webhook, kind_of
from .meetings import MEETING
from .messages import MESSAGE
from .notes import Notes
from .people import ADDED, CONTACT, REMOVED, USER
from .playbooks import GOAL, LANDING_PAGE, PLAYBOOK
from .status import STATUS_EVENT
from .tables import TABLES, Rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .framing.records import Document, Framed

__all__ = ["Reading"]

FORMS = {
    form.kind: form
    for form in (
        CONVERSATION,
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

_PROBLEMS = {
    "error reply": Problem("error_reply", "It is an error that Drift answered with."),
    "transcript message": Problem("missing_field", "`conversationId` is missing.", "message"),
}
_SECRET = re.compile(rb'("(?:token|access_token|refresh_token)"\s*:\s*)"[^"]*"')
_TELLING = frozenset({"button_clicked", "contact_identified", "user_unsubscribed"})
_NAME = re.compile(r"[A-Za-z_]\w{0,40}")
_SHOWN = 8


class Reading:
    """What one load has read so far.

    ``records`` counts everything that framing handed over. Each ended as rows, counted in
    ``accepted`` by table, or as one of ``rejects``; so ``records`` is the sum of both.
    """

    def __init__(self) -> None:
        self.records = 0
        self.accepted = dict.fromkeys(TABLES, 0)
        self.rows = {name: Rows(table) for name, table in TABLES.items()}
        self.rejects: list[dict[str, Any]] = []
        self.notes = Notes()
        self.fetched: list[Any] = []
        self._replies = 0
        self._last_reply = 0

    def begin(self, document: Document) -> None:
        """Start with the next document: its replies are numbered on."""
        self._replies += self._last_reply + 1
        self._last_reply = 0
        if document.fetched_at is not None:
            self.fetched.append(document.fetched_at)

    def take(self, document: Document, framed: Framed) -> Problem | None:
        """Put one record where it belongs, and return the problem if it became a reject."""
        self.records += 1
        self._last_reply = framed.reply
        result = framed.problem or self._read(document, framed)
        if result is not None:
            self._reject(document, framed, result)
        return result

    def rejected(self) -> pl.DataFrame:
        """Return the rejects as a table."""
        return pl.DataFrame(self.rejects, schema=Rejects.schema(), orient="row")

    def _read(self, document: Document, framed: Framed) -> Problem | None:
        record, envelope = framed.value, None
        kind = kind_of(record)
        if is_webhook(record):
            record, envelope = record["data"], record
            if kind is not None and not isinstance(record, dict):
                return Problem("not_a_record", "`data` of the webhook is no object.", kind)
        form = FORMS.get(kind or "")
        if form is None:
            return _without_table(kind, framed.value)
        filled = fill(form, record)
        if isinstance(filled, Problem):
            return filled
        if not filled.rows:
            return Problem("missing_field", "The list of users is empty.", kind)
        self._keep(form, filled, document, framed, envelope)
        return None

    def _keep(
        self,
        form: Form,
        filled: Filled,
        document: Document,
        framed: Framed,
        envelope: Mapping[str, Any] | None,
    ) -> None:
        common: dict[str, Any] = {
            "_fetched_at": document.fetched_at if envelope is None else None,
            "_reply": self._replies + framed.reply,
            "_webhook": envelope is not None,
        }
        if form.table == "conversations":
            common["is_detail"] = framed.alone or not DETAIL_KEYS.isdisjoint(
                framed.value if envelope is None else envelope["data"]
            )
        extra = _with_envelope(form, filled, envelope)
        common["extra"] = msgspec.json.encode(extra).decode() if extra else None
        self.accepted[form.table] += 1
        for row in filled.rows:
            row.setdefault("source", document.source)
            self.rows[form.table].append(row | common)
        self.notes.add(form.table, filled.rows[0], filled.notes)

    def _reject(self, document: Document, framed: Framed, problem: Problem) -> None:
        self.rejects.append(
            {
                "source": document.source,
                "line": framed.line if document.located else None,
                "index": framed.number,
                "byte_offset": framed.byte_offset if document.located else None,
                "record_type": problem.record_type,
                "reason": problem.reason,
                "detail": problem.detail,
                "raw": _SECRET.sub(rb'\1"***"', framed.raw),
            }
        )


def _without_table(kind: str | None, record: Mapping[str, Any]) -> Problem:
    """Say why a record of this kind becomes no row."""
    if kind is None and is_webhook(record):
        name = record["type"]
        named = f"`{name}`" if isinstance(name, str) and _NAME.fullmatch(name) else "a new type"
        return Problem("unknown_kind", f"It is a webhook of {named}, which is not known.")
    if kind is None:
        keys = ", ".join(f"`{name}`" for name in _names(record)) or "no keys"
        return Problem("unknown_kind", f"Its keys fit no kind of record: {keys}.")
    if kind in _PROBLEMS:
        return _PROBLEMS[kind]._replace(record_type=_PROBLEMS[kind].record_type or kind)
    if kind.endswith("request"):
        return Problem("request_body", f"It is the body of a {kind}, not a reply.", kind)
    return Problem("no_table", f"It is of the kind `{kind}`, for which there is no table.", kind)


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


def _names(record: Mapping[str, Any]) -> list[str]:
    """The first keys of a record that look like names; others may be personal."""
    return [key for key in record if _NAME.fullmatch(key)][:_SHOWN]
