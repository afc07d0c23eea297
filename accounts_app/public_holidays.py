"""The public holidays of a country, as far as the library knows it; nationwide ones only."""

import datetime as dt
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from holidays import country_holidays
from holidays.registry import COUNTRIES

# How people write countries that the library only knows by their English name.
OTHER_NAMES = {
    "Deutschland": "DE", "Österreich": "AT", "Schweiz": "CH", "Suisse": "CH", "Svizzera": "CH", "España": "ES",
    "Italia": "IT", "Nederland": "NL", "Holland": "NL", "Belgique": "BE", "België": "BE", "Polska": "PL",
    "Česko": "CZ", "Czech Republic": "CZ", "Slovensko": "SK", "Magyarország": "HU", "Sverige": "SE", "Norge": "NO",
    "Danmark": "DK", "Suomi": "FI", "Great Britain": "GB", "England": "GB", "USA": "US",
    "United States of America": "US", "Türkiye": "TR", "South Korea": "KR",
}  # fmt: skip
# Of every country a year or two each.
MOST_KEPT = 2000
LONGEST_CODE = 3


@lru_cache(maxsize=MOST_KEPT)
def country_code(country: str) -> str:
    """The two letters of a country written in any usual way; empty where it is not known."""
    return _codes().get(_letters(country), "")


@lru_cache(maxsize=MOST_KEPT)
def country_name(country: str) -> str:
    """The country as it was written; of a code the English name."""
    written = country.strip()
    return _names().get(country_code(written), written) if len(written) <= LONGEST_CODE else written


@lru_cache(maxsize=MOST_KEPT)
def holidays_of(code: str, year: int) -> frozenset[dt.date]:
    """The public holidays of a country in a year, those moved to a working day too."""
    return frozenset(country_holidays(code, years=year, expand=False))


@dataclass(frozen=True)
class Holidays:
    """The days on which any of these countries rests; none is taken for known that is not."""

    codes: tuple[str, ...]

    @classmethod
    def of(cls, countries: Iterable[str]) -> "Holidays":
        return cls(tuple(sorted({code for code in map(country_code, countries) if code})))

    def __contains__(self, day: object) -> bool:
        return isinstance(day, dt.date) and any(day in holidays_of(code, day.year) for code in self.codes)


@cache
def _codes() -> dict[str, str]:
    """Every spelling, reduced to its letters: English name, two and three letters of ISO 3166, and `OTHER_NAMES`."""
    known = {_letters(name): names[1] for key, names in COUNTRIES.items() for name in (key, *names)}
    return known | {_letters(name): code for name, code in OTHER_NAMES.items()}


@cache
def _names() -> dict[str, str]:
    return {names[1]: key.replace("_", " ").title() for key, names in COUNTRIES.items()}


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalpha())
