"""Opening an address of the portfolio: what of it holds for this reader, and what has to be left out.

An address may be old (a saved view, a link in a mail) or another's: a tier, an owner or a reason that it names may not
be there, or not for this reader. That is said, and the rest of it holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.models import User
from signals.compute.registry import BY_KEY
from signals.models import Band
from signals.pages.portfolio.filters import (
    COLUMNS,
    DEFAULT_SORT,
    JUDGED,
    NO_OWNER,
    NOTICE_SPANS,
    STATUSES,
    WHOSE,
    Filters,
)

Text = str | Promise
NAMES: Mapping[str, Text] = {
    "band": gettext_lazy("band"),
    "tier": gettext_lazy("tier"),
    "owner": gettext_lazy("owner"),
    "signal": gettext_lazy("reason"),
    "notice": gettext_lazy("notice"),
    "judged": gettext_lazy("own judgement"),
    "status": gettext_lazy("status"),
    "sort": gettext_lazy("order"),
}
# Whose accounts, which page and what is searched for are taken as far as they go, without a word.
TAKEN_SILENTLY = {"whose", "page", "q"}
LONGEST_SHOWN = 40


@dataclass(frozen=True)
class Choices:
    """What tiers and owners the accounts in scope have, by key and in the order in which they are offered."""

    tiers: Mapping[str, str]
    owners: Mapping[str, str]

    @property
    def has_vacant(self) -> bool:
        return NO_OWNER in self.owners

    def described(self, filters: Filters) -> list[Text]:
        """What the address asks for, in words."""
        kind = STATUSES[filters.status][0] if filters.status else ""
        found: list[Text] = [
            WHOSE[filters.whose] if filters.default_whose != "all" else "",
            Band(filters.band).label if filters.band else "",
            self.tiers.get(filters.tier, ""),
            self.owners.get(filters.owner, ""),
            BY_KEY[filters.signal].title if filters.signal else "",
            _("notice {span}").format(span=NOTICE_SPANS[filters.notice]) if filters.notice else "",
            kind,
            _("own judgement {how}").format(how=JUDGED[filters.judged]) if filters.judged else "",
            f"“{filters.search}”" if filters.search else "",
            _("sorted by {column}").format(column=sorted_by(filters)) if filters.sort != DEFAULT_SORT else "",
        ]
        return [text for text in found if text]


@dataclass(frozen=True)
class Opened:
    """An address as it holds for a reader; `left_out` says what of it does not."""

    filters: Filters
    choices: Choices
    left_out: str = ""


def opened(params: Mapping[str, str], user: User, *, has_start_view: bool = False) -> Opened:
    asked = Filters.of(params, user)
    choices = choices_of(asked, user)
    filters = replace(
        asked,
        tier=asked.tier if asked.tier in choices.tiers else "",
        owner=asked.owner if asked.owner in choices.owners else "",
        has_start_view=has_start_view,
    )
    return Opened(filters, choices, _left_out(params, filters))


def choices_of(filters: Filters, user: User) -> Choices:
    """Read in one statement, whatever the number of accounts."""
    fields = ("tier__rank", "tier__key", "tier__name", "owner", "owner__name")
    found = list(filters.in_scope(user).order_by().values_list(*fields).distinct())
    tiers = {key: name for _rank, key, name, _owner, _person in sorted(found, key=lambda row: row[0])}
    people = {str(owner): name for *_tier, owner, name in found if owner}
    vacant = {NO_OWNER: _("no owner")} if any(owner is None for *_tier, owner, _name in found) else {}
    return Choices(tiers, vacant | dict(sorted(people.items(), key=lambda pair: pair[1])))


def sorted_by(filters: Filters) -> Text:
    key = filters.sort.removeprefix("-")
    return next(column.said_as for column in COLUMNS if column.key == key)


def _left_out(params: Mapping[str, str], filters: Filters) -> str:
    held = filters.parts() | {"sort": filters.sort}
    lost = [
        f"{NAMES.get(name, name)} “{_shown(value)}”"
        for name, value in params.items()
        if value and name not in TAKEN_SILENTLY and held.get(name) != value
    ]
    return _("Left out, as it is not or no longer here: {parts}.").format(parts=", ".join(lost)) if lost else ""


def _shown(value: str) -> str:
    value = value.replace("\0", "")
    return value if len(value) <= LONGEST_SHOWN else f"{value[:LONGEST_SHOWN]}…"
