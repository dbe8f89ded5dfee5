"""The visitors: invented people from a handful of cities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .clock import DAY, HOUR
from .history import Contact

if TYPE_CHECKING:
    from .clock import Dice

__all__ = ["make_contact"]

_FIRST = (
    *("Avery", "Blake", "Camille", "Dmitri", "Elena", "Farid", "Grace", "Hugo", "Imani", "Jules"),
    *("Kofi", "Lena", "Mateo", "Nadia", "Owen", "Paula", "Quinn", "Rosa", "Samir", "Tessa"),
    *("Uma", "Victor", "Wen", "Ximena", "Yuki", "Zoë", "Björn", "Noël"),
)
_LAST = (
    *("Abbott", "Baptiste", "Castellanos", "Dufour", "Ekström", "Fischer", "Grant", "Haddad"),
    *("Ibarra", "Jansen", "Kowalski", "Larsen", "Moreau", "Nakamura", "O'Brien", "Petrova"),
    *("Quigley", "Rossi", "Santos", "Tanaka", "Underwood", "Vega", "Whitfield", "Yilmaz"),
)
_DOMAINS = (
    *("northgate.example.com", "oakandpine.example.com", "bluequay.example.org"),
    *("fernhill.example.net", "example.com", "example.org", "mill-street.example.net"),
)
_CITIES = (
    ("New York", "NY", "US", "United States", "10001", 40.71, -74.01, "America/New_York", "en-US"),
    ("Boston", "MA", "US", "United States", "02108", 42.36, -71.06, "America/New_York", "en-US"),
    ("Atlanta", "GA", "US", "United States", "30303", 33.75, -84.39, "America/New_York", "en-US"),
    ("Chicago", "IL", "US", "United States", "60601", 41.88, -87.63, "America/Chicago", "en-US"),
    ("Austin", "TX", "US", "United States", "73301", 30.27, -97.74, "America/Chicago", "es-US"),
    ("Denver", "CO", "US", "United States", "80202", 39.74, -104.99, "America/Denver", "en-US"),
    ("Toronto", "ON", "CA", "Canada", "M5H", 43.65, -79.38, "America/Toronto", "en-CA"),
    ("London", "ENG", "GB", "United Kingdom", "EC1A", 51.51, -0.13, "Europe/London", "en-GB"),
    ("Berlin", "BE", "DE", "Germany", "10115", 52.52, 13.40, "Europe/Berlin", "de-DE"),
    ("Tokyo", "13", "JP", "Japan", "100-0001", 35.68, 139.69, "Asia/Tokyo", "ja-JP"),
)
_CITY_WEIGHTS = (9, 5, 4, 5, 4, 3, 3, 3, 2, 1)
_NETWORKS = ("192.0.2", "198.51.100", "203.0.113")
_BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/145.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 15_3) Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:136.0) Firefox/136.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_3) Mobile Safari/604.1",
)
_KEYS = ("city", "region", "country", "countryName", "postalCode", "latitude", "longitude")


def make_contact(dice: Dice, contact_id: int, seen_at: int) -> Contact:
    """Invent the visitor who is first seen shortly before this moment."""
    first, last = dice.one_of(_FIRST), dice.one_of(_LAST)
    *place, time_zone, locale = dice.weighted(_CITIES, _CITY_WEIGHTS)
    location = dict(zip(_KEYS, place, strict=True)) if dice.chance(0.9) else {}
    context = {
        "ip": f"{dice.one_of(_NETWORKS)}.{dice.whole(1, 254)}",
        "userAgent": dice.one_of(_BROWSERS),
        "timezone": time_zone,
        "locale": locale,
        "location": location,
    }
    plain = f"{first}.{last}".lower().replace("'", "").translate(str.maketrans("ëöï", "eoi"))
    return Contact(
        id=contact_id,
        created_at=seen_at - dice.length(2_000, HOUR // 12, HOUR, 3 * DAY, 90 * DAY),
        name=f"{first} {last}",
        email=f"{plain}@{dice.one_of(_DOMAINS)}",
        context=context,
        external_id=dice.one_of((None, None, dice.whole(10_000, 99_999), f"crm-{contact_id}")),
    )
