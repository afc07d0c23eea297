"""In which form a section of an audit's evidence is told, and how it says that something is not known."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.templatetags.formats import day_text

Text = str | Promise


@dataclass(frozen=True)
class Row:
    """One figure with what it is of; `note` explains it, `url` leads to exactly the rows behind it."""

    label: Text
    figure: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Grid:
    """Figures by two headings, such as levels of theirs and of ours."""

    columns: Sequence[Text]
    rows: Sequence[tuple[Text, Sequence[str]]]
    caption: Text = ""


@dataclass(frozen=True)
class Told:
    sentence: str
    rows: Sequence[Row] = ()
    grid: Grid | None = None
    strip: Mapping[str, Any] = field(default_factory=dict)
    # To the rows behind the whole section, with what is found there.
    url: str = ""
    url_text: Text = ""


@dataclass(frozen=True)
class Section:
    """One section: `is_known` off, its sentence says what is missing, and its figures are what is on record."""

    key: str
    title: Text
    is_known: bool
    told: Told

    @property
    def sentence(self) -> str:
        return self.told.sentence

    @property
    def rows(self) -> Sequence[Row]:
        return self.told.rows

    @property
    def grid(self) -> Grid | None:
        return self.told.grid

    @property
    def strip(self) -> Mapping[str, Any]:
        return self.told.strip

    @property
    def url(self) -> str:
        return self.told.url

    @property
    def url_text(self) -> Text:
        return self.told.url_text


@dataclass(frozen=True)
class About:
    """Of which account the evidence is, and of which day."""

    account: int
    as_of: dt.date

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "About":
        return cls(said["account"], dt.date.fromisoformat(said["as_of"]))

    def rows(self, url_name: str, **wanted: str | None) -> str:
        """The address of the rows meant, as far as they were known on the day."""
        query = {name.rstrip("_"): text for name, text in wanted.items() if text}
        return f"{reverse(url_name, args=[self.account])}?{urlencode(query | {'known': self.as_of.isoformat()})}"

    def page(self, url_name: str) -> str:
        return reverse(url_name, args=[self.account])

    def day(self, text: str | None) -> str:
        """A day as it reads beside the day of the evidence; `–` where there is none."""
        return day_text(dt.date.fromisoformat(text), self.as_of) if text else "–"

    def days_to(self, text: str) -> int:
        return (dt.date.fromisoformat(text) - self.as_of).days


NOUNS: Final[Mapping[str, Text]] = {
    "contacts": gettext_lazy("contacts with the customer"),
    "cadence": gettext_lazy("contacts with the customer"),
    "value": gettext_lazy("contacts with the customer"),
    "incidents": gettext_lazy("incidents"),
    "inquiries": gettext_lazy("inquiries"),
    "loyalty": gettext_lazy("survey answers"),
    "contract": gettext_lazy("contracts"),
    "money": gettext_lazy("orders"),
}


def not_known(key: str, facts: Mapping[str, Any], about: About) -> str:
    """Why a section is not known, in a sentence; empty where it is known."""
    if facts["known"]:
        return ""
    noun, reason = NOUNS[key], facts["reason"]
    if reason == "stale" and facts["until"]:
        return _("Not known: {noun} are complete only until {day}.").format(noun=noun, day=about.day(facts["until"]))
    words = {
        "stale": _("Not known: the feed of {noun} is late."),
        "not_used": _("Not used here: {noun}."),
        "nobody_named": _("Not known: the contacts on record do not say who was there."),
        "not_counted": _("Not known: the quarters of this account are not counted yet."),
        "not_judged": _("Not known: the account was not judged since they came in."),
    }
    return words.get(reason, _("Not known: no {noun} are on record.")).format(noun=noun)
