"""A token that can be used, and shows nowhere."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NoReturn

from drift_analysis.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Secret"]

_NAME = "DRIFT_TOKEN"


class Secret:
    """Hold a token so that repr, vars, logs, tracebacks and pickles do not have it.

    Parameters
    ----------
    token
        The token; without one, the environment variable `DRIFT_TOKEN`.

    Examples
    --------
    >>> from drift_analysis.sources.api.secret import Secret
    >>> Secret("an-invented-token")
    Secret(hidden)
    """

    __slots__ = ("_reveal",)

    def __init__(self, token: str | None) -> None:
        value = (token or os.environ.get(_NAME, "")).strip()
        self._reveal: Callable[[], str] = lambda: value

    def __repr__(self) -> str:
        return "Secret(hidden)"

    def __reduce__(self) -> NoReturn:
        raise InputError.of(
            "A token cannot be pickled or copied.",
            "It must not be written anywhere.",
            f"a new DriftClient() where it is needed; it reads {_NAME}.",
        )

    def require(self) -> Secret:
        """Check that there is a token, and that it can stand in a header.

        Raises
        ------
        InputError
            If there is none, or it holds a space, a line break or a letter beyond ASCII.
        """
        if not self._reveal():
            raise InputError.of(
                "There is no token for Drift.",
                f"None was given, and {_NAME} is not set.",
                f"{_NAME}=... in the environment, or DriftClient(token).",
            )
        if not all("!" <= letter <= "~" for letter in self._reveal()):
            raise InputError.of(
                "The token for Drift cannot be one.",
                "It holds a space, a line break or a letter beyond ASCII.",
                "the token alone, without `Bearer` and without quotes around it.",
            )
        return self

    def header(self) -> str:
        """Return the value of the header `Authorization`."""
        return f"Bearer {self._reveal()}"
