"""What a review is asked for: on the command line, in a file for one that recurs, or both."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drift_analysis.errors import InputError
from drift_analysis.schemas.base import require_moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from drift_analysis.schemas import Dataset

    from .review import Review

__all__ = ["FORMATS", "KEY", "Options", "options_of", "read_options"]

FORMATS = ("html", "pdf", "pptx", "csv", "xlsx")
"""What a review can become."""

KEY = "DRIFT_ANALYSIS_KEY"
"""The environment variable with the key of pseudonyms: an argument would stay in the history."""

_TEXT, _LIST, _DAY = (str,), (list, tuple), (str, date, datetime)
_TYPES: dict[str, tuple[type, ...]] = {
    "paths": _LIST,
    "out": (str, Path),
    "title": _TEXT,
    "tz": _TEXT,
    "as_of": (str, datetime),
    "period": _TEXT,
    "from": _DAY,
    "to": _DAY,
    "compare": _TEXT,
    "sections": (*_LIST, str),
    "inboxes": _LIST,
    "playbooks": _LIST,
    "tags": _LIST,
    "formats": _LIST,
    "pseudonyms": (bool,),
}
_SPOKEN: dict[type, str] = {
    str: '"a text"',
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    tuple: "a list",
    dict: "a table",
    date: "a day such as 2026-03-02",
    datetime: "a moment such as 2026-06-01T10:00:00Z",
    Path: "a path",
}
_ITEMS: dict[str, tuple[type, ...]] = {"inboxes": (int,), "playbooks": (int, str)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """What a review is asked for; None and empty is what was not.

    Attributes
    ----------
    paths, out, formats
        What to read, where to write, and as what.
    title, tz, as_of, period, compare, sections
        As for `drift_analysis.report.Review`; a comparison of two days is written ``FROM/TO``.
    start, end
        The first and the last day, in place of a named period.
    inboxes, playbooks, tags
        Whose conversations.
    pseudonyms
        Whether ids become pseudonyms, by the key in the environment.
    """

    paths: tuple[str, ...] = ()
    out: str | Path | None = None
    title: str | None = None
    tz: str = "UTC"
    as_of: datetime | None = None
    period: str | None = None
    start: str | date | None = None
    end: str | date | None = None
    compare: str | None = None
    sections: str | tuple[str, ...] | None = None
    inboxes: tuple[int, ...] = ()
    playbooks: tuple[int | str, ...] = ()
    tags: tuple[str, ...] = ()
    formats: tuple[str, ...] = ("html",)
    pseudonyms: bool = False

    def review(self, dataset: Dataset[pl.DataFrame]) -> Review:
        """Return the review that is asked for.

        Raises
        ------
        InputError
            As `drift_analysis.report.Review`; or if pseudonyms are asked for without a key.
        """
        from .audience import Audience
        from .review import Review

        days = None if self.start is None and self.end is None else (self.start, self.end)
        first, slash, last = (self.compare or "").partition("/")
        return Review(
            dataset,
            title=self.title,
            tz=self.tz,
            as_of=self.as_of,
            period=self.period or days,
            compare=(first, last) if slash else self.compare,
            sections=self.sections,
            audience=Audience(inboxes=self.inboxes, playbooks=self.playbooks, tags=self.tags),
            pseudonyms=_key() if self.pseudonyms else None,
        )


def read_options(path: str | Path) -> dict[str, Any]:
    r"""Read the options of a recurring review from a TOML file.

    Raises
    ------
    InputError
        If it cannot be read, is no TOML, or has keys or values that mean nothing here.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from drift_analysis.report.options import read_options
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "review.toml"
    ...     written = file.write_text('period = "last 4 weeks"\ncompare = "previous"')
    ...     read_options(file)
    {'period': 'last 4 weeks', 'compare': 'previous'}
    """
    path = Path(path)
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError.of(
            f"{path} cannot be read.", f"The system says: {error.strerror}.", "another path."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        where = str(error).rpartition("(")[2].rstrip(")") or "somewhere"
        raise InputError.of(
            f"{path} is no TOML.", f"It goes wrong {where}.", 'lines such as title = "Our chats".'
        ) from error
    return _checked(found, str(path))


def options_of(*given: Mapping[str, Any]) -> Options:
    """Put options together: what is given later wins, and None gives nothing.

    Raises
    ------
    InputError
        If keys or values mean nothing here, or a period is given by its name and by its days.

    Examples
    --------
    >>> from drift_analysis.report.options import options_of
    >>> options_of({"title": "Ours", "tags": ["demo"]}, {"title": "Theirs", "tags": None}).title
    'Theirs'
    """
    put: dict[str, Any] = {}
    for each in given:
        said = {name: value for name, value in each.items() if value is not None}
        if "period" in said:
            put = {name: value for name, value in put.items() if name not in ("from", "to")}
        if "from" in said or "to" in said:
            put.pop("period", None)
        put |= said
    checked = _checked(put, "The options")
    if "period" in checked and ("from" in checked or "to" in checked):
        raise InputError.of(
            "The period is given twice.", "By its name, and by its days.", "period, or from and to."
        )
    as_of = checked.get("as_of")
    if isinstance(as_of, str):
        checked["as_of"] = _moment(as_of)
    renamed = {"from": "start", "to": "end"}
    values: dict[str, Any] = {
        renamed.get(name, name): tuple(value) if isinstance(value, list) else value
        for name, value in checked.items()
    }
    return Options(**values)


def _checked(found: Mapping[str, Any], where: str) -> dict[str, Any]:
    for name, value in found.items():
        if name not in _TYPES:
            raise InputError.of(
                f"{where}: {name!r} is no option of a review.",
                f"The options are {', '.join(_TYPES)}.",
                "one of these, or leave it out.",
            )
        items = _ITEMS.get(name, (str,))
        fits = isinstance(value, _TYPES[name]) and not (
            isinstance(value, _LIST) and not all(isinstance(each, items) for each in value)
        )
        if not fits:
            raise InputError.of(
                f"{where}: {name} has a value that it cannot have.",
                f"It is {_SPOKEN.get(type(value), type(value).__name__)}.",
                _kinds(name, items),
            )
    for name in found.get("formats", ()):
        if name not in FORMATS:
            choice = "formats"
            raise InputError.unknown_choice(choice, name, FORMATS)
    return dict(found)


def _kinds(name: str, items: tuple[type, ...]) -> str:
    listed = list in _TYPES[name]
    kinds = " or ".join(_SPOKEN[each] for each in (items if listed else _TYPES[name]))
    return f"{name} = [...], a list of {kinds}." if listed else f"{name} = {kinds}."


def _moment(text: str) -> datetime:
    try:
        return require_moment(datetime.fromisoformat(text))
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError.of(f"as_of={text!r} is no moment.", "", "2026-06-01T10:00:00Z.") from None


def _key() -> str:
    key = os.environ.get(KEY, "")
    if not key:
        raise InputError.of(
            "Pseudonyms need a key.",
            f"The environment has no {KEY}.",
            f"export {KEY}=$(openssl rand -hex 16), and keep it.",
        )
    return key
