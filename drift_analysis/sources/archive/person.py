"""Who a person is in an archive, and where text mentions them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

if TYPE_CHECKING:
    from .states import States

__all__ = ["Person", "addressed", "in_bytes", "person", "without"]

_AT = r"(?:@|%40|&#64;|\\u0040)"
_ESCAPE = r"%[0-9a-f]{2}|\\[nrt]|\\u[0-9a-f]{4}"
"""What ends in a letter or a digit, but stands for something that is neither."""


class Person(NamedTuple):
    """The ids and the addresses (in lower case) of one person."""

    ids: frozenset[int]
    emails: frozenset[str]


def person(states: States, contact_id: int | None, email: str | None) -> Person:
    """Gather every id and address of a person: whoever shares one is the same person.

    What ties them are `Contacts`, in every state that was seen, and the addresses in `Goals`.
    """
    contacts, goals = states.rows["contacts"], states.rows["goals"]
    pairs = pl.concat(
        [
            contacts.select("contact_id", "email"),
            goals.select("contact_id", email="contact_email"),
        ]
    ).select("contact_id", pl.col("email").str.strip_chars().str.to_lowercase())
    ids = {contact_id} if contact_id is not None else set()
    emails = {email.strip().lower()} if email is not None else set()
    while True:
        is_theirs = pl.col("contact_id").is_in(list(ids)) | pl.col("email").is_in(list(emails))
        theirs = pairs.filter(is_theirs)
        more_ids = ids | set(theirs["contact_id"].drop_nulls())
        more_emails = emails | (set(theirs["email"].drop_nulls()) - {""})
        if (more_ids, more_emails) == (ids, emails):
            return Person(frozenset(ids), frozenset(emails))
        ids, emails = more_ids, more_emails


def without(text: pl.Expr, who: Person) -> pl.Expr:
    """Replace every mention in text: an address by ``***``, an id by ``0``, so JSON stays JSON."""
    for email in sorted(who.emails, key=len, reverse=True):
        text = text.str.replace_all(_address(email), "${before}***")
    for number in sorted(who.ids):
        for _ in range(2):  # of two neighbours, the first uses up what stands between them
            text = text.str.replace_all(_number(number), "${before}0${after}")
    return text


def addressed(text: pl.Expr, who: Person) -> pl.Expr:
    """Tell whether text holds an address of the person."""
    found = [text.str.contains(_address(email)) for email in sorted(who.emails)]
    return pl.any_horizontal(pl.lit(value=False), *found)


def in_bytes(raw: bytes, who: Person) -> bool:
    """Tell whether bytes mention the person, in any of the encodings that JSON comes in."""
    text = raw.replace(b"\0", b"").decode(errors="replace")
    patterns = [_address(email) for email in who.emails] + [_number(n) for n in who.ids]
    return any(re.search(pattern, text) for pattern in patterns)


def _address(email: str) -> str:
    local, at, domain = email.rpartition("@")
    whole = re.escape(local) + (_AT if at else "") + re.escape(domain)
    return rf"(?i)(?P<before>^|[^a-z0-9]|{_ESCAPE}){whole}"


def _number(number: int) -> str:
    return rf"(?i)(?P<before>^|[^0-9]|{_ESCAPE}){number}(?P<after>$|[^0-9])"
