"""The tags that people put on conversations, spelled and coloured as carelessly as in life."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .clock import Dice

__all__ = ["Tag", "choose_tags"]

Tag = tuple[str, str | None]
"""A name and a colour as six hex digits."""

_TOPIC = {
    "pricing": ("Pricing", "0960C5"),
    "product": ("Demo", "7695A5"),
    "integration": ("Integration", "8E44AD"),
    "careers": ("Careers", "9AA5B1"),
    "login": ("Login", "2E7D32"),
    "billing": ("Billing", "F5C542"),
    "bug": ("Bug", "C0392B"),
    "spam": ("Spam", "0B0B0D"),
}
_FURTHER: tuple[tuple[str, str | None], ...] = (
    ("Hot lead", "FF6B35"),
    ("Competitor", "FAFAF5"),
    ("Feature request", None),
    ("Onboarding", "00A3A1"),
    ("R&D <beta>", "34495E"),
    ("Needs a follow-up from the partnerships team", "B8E0D2"),
)
_WEIGHTS = (6, 2, 3, 3, 2, 1)
_SLIPS = {"Pricing": ("pricing ", "PRICING", "pricing"), "Integration": ("integration",)}


def choose_tags(dice: Dice, topic: str) -> list[Tag]:
    """Choose the tags of a conversation about the topic: mostly its own, sometimes one more."""
    tags: list[Tag] = []
    if dice.chance(0.85):
        tags.append(_spelled(dice, _TOPIC[topic]))
        if tags[0][0] in _SLIPS["Pricing"] and dice.chance(0.3):
            tags.append(_TOPIC[topic])
    if dice.chance(0.3):
        tags.append(dice.weighted(_FURTHER, _WEIGHTS))
    return tags


def _spelled(dice: Dice, tag: tuple[str, str]) -> Tag:
    name, color = tag
    if name in _SLIPS and dice.chance(0.18):
        return dice.one_of(_SLIPS[name]), color
    if name == "Demo" and dice.chance(0.08):
        return name, "D35400"
    return name, color
