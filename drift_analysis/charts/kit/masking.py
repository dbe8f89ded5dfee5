"""Hide what tells who somebody is: e-mail addresses, telephone numbers, network addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

__all__ = ["masked"]

_EMAIL = r"[\w.+%'-]+\s?[@＠]\s?[\w-]+(?:\.[\w-]+)+"  # noqa: RUF001
_NETWORK = r"\b\d{1,3}(?:\.\d{1,3}){3}\b|\b[0-9A-Fa-f]{1,4}(?:::?[0-9A-Fa-f]{1,4}){4,7}\b"
_PHONE = r"(?:\+\s?)?\(?\d(?:[\s().\-/]{0,2}\d){6,}"


def masked(text: pl.Expr, *, phones: bool = True) -> pl.Expr:
    """Put a word in place of each e-mail address, network address and telephone number.

    Seven digits or more, with at most two separators between them, are taken for a telephone
    number; so some dates and order numbers are hidden too, rather than one number shown.

    Parameters
    ----------
    text
        A String expression.
    phones
        Whether to hide telephone numbers: not in names of files, which hold dates.

    Returns
    -------
    :
        The same text, with ``[e-mail]``, ``[address]`` and ``[phone]`` in it; null stays null.

    Examples
    --------
    >>> import polars as pl
    >>> from drift_analysis.charts.kit.masking import masked
    >>> frame = pl.DataFrame({"text": ["Write to ann@example.com or call +1 (555) 010-9999."]})
    >>> frame.select(masked(pl.col("text"))).item()
    'Write to [e-mail] or call [phone].'
    """
    hidden = text.str.replace_all(_EMAIL, "[e-mail]").str.replace_all(_NETWORK, "[address]")
    return hidden.str.replace_all(_PHONE, "[phone]") if phones else hidden
