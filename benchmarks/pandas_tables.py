"""What all metrics in pandas start from: tables read, and the messages that count."""

from __future__ import annotations

import pandas as pd
from world import AS_OF

__all__ = ["KEY", "LIFE", "MESSAGE", "read", "since_contact", "survival", "uses", "visible"]

KEY = "conversation_id"
_ORDER = [KEY, "created_at", "message_id"]
MESSAGE = [*_ORDER, "author_kind", "author_id", "type", "is_deleted", "edited_at"]
LIFE = [KEY, "created_at", "updated_at", "status"]


def read(files: list[str], columns: list[str]) -> pd.DataFrame:
    """Return these columns of all files, words as objects."""
    frame = pd.concat([pd.read_parquet(file, columns=columns) for file in files])
    words = frame.select_dtypes("category").columns
    return frame.astype(dict.fromkeys(words, object))


def visible(messages: pd.DataFrame) -> pd.DataFrame:
    """Return the messages that were shown, in order."""
    deleted = messages.is_deleted & (messages.edited_at <= AS_OF)
    seen = messages[(messages.type == "chat") & (messages.created_at <= AS_OF) & ~deleted]
    return seen.sort_values(_ORDER)


def since_contact(shown: pd.DataFrame) -> pd.DataFrame:
    """Return those from the contact's first one on."""
    by_contact = shown.author_kind == "contact"
    return shown[by_contact.groupby(shown[KEY]).cumsum() > 0]


def uses(files: dict[str, list[str]]) -> pd.DataFrame:
    """Return the tags of each conversation: what spellings share, and the one that most use."""
    rows = read(files["conversations"], [KEY, "created_at", "inbox_id", "tags"])
    found = rows.explode("tags").dropna(subset="tags")
    found["tag"] = found.tags.map(lambda tag: " ".join(tag["name"].split()))
    found["same"] = found.tag.str.lower()
    found = found.drop_duplicates([KEY, "tag"])
    spellings = found.groupby(["same", "tag"]).size().rename("n").reset_index()
    order = spellings.sort_values(["n", "tag"], ascending=[False, True])
    found["tag"] = found.same.map(order.drop_duplicates("same").set_index("same").tag)
    return found.drop_duplicates([KEY, "same"])


def survival(length: pd.Series, censored: pd.Series) -> pd.Series:
    """Kaplan and Meier's curve."""
    steps = pd.DataFrame({"t": length, "ends": ~censored}).groupby("t").ends.agg(["sum", "size"])
    at_risk = steps["size"][::-1].cumsum()[::-1]
    return (1 - steps["sum"] / at_risk).cumprod()
