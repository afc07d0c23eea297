"""What the portfolio offers to press: chips, choices, headings and pages, each with its address."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts_app.models import Account, User
from accounts_app.templatetags.formats import signed
from signals.compute.registry import SIGNALS
from signals.key_figures import Figures
from signals.models import Band
from signals.portfolio import COLUMNS, DEFAULT_SORT, WHOSE, Column, Filters

Text = str | Promise
FIGURES = (Band.AT_RISK, Band.DRIFTING, Band.UNKNOWN)


@dataclass(frozen=True)
class Option:
    """One way to go on from here."""

    label: Text
    url: str = ""
    is_current: bool = False
    value: str = ""
    count: int | None = None
    note: Text = ""


@dataclass(frozen=True)
class Heading:
    """A column's heading; pressing the current one turns its order round."""

    key: str
    label: Text
    url: str
    is_current: bool
    descending: bool


@dataclass(frozen=True)
class Choice:
    """A select: its name in the address and what can be chosen, the first meaning no narrowing."""

    name: str
    label: Text
    options: list[Option]


@dataclass(frozen=True)
class Controls:
    whose: list[Option]
    bands: list[Option]
    choices: list[Choice]
    headings: dict[str, Heading]
    sorted_by: Text
    hidden: dict[str, str] = field(default_factory=dict)
    previous_url: str = ""
    next_url: str = ""
    cleared_url: str = ""
    everyone_url: str = ""
    at_risk_url: str = ""
    band_figures: list[Option] = field(default_factory=list)


def controls(filters: Filters, user: User, numbers: Figures, page: Page[Account]) -> Controls:
    headings = {column.key: _heading(column, filters) for column in COLUMNS}
    # What the form does not ask for but must not lose.
    kept = {"whose": filters.whose, "band": filters.band, "sort": filters.sort}
    return Controls(
        whose=_whose(filters),
        bands=_bands(filters, numbers),
        choices=_choices(filters, user),
        headings=headings,
        sorted_by=_sorted_by(headings),
        hidden={name: value for name, value in kept.items() if value},
        previous_url=filters.address(page=str(page.previous_page_number())) if page.has_previous() else "",
        next_url=filters.address(page=str(page.next_page_number())) if page.has_next() else "",
        cleared_url=filters.address(band="", tier="", owner="", signal="", search=""),
        everyone_url=filters.address(whose="all"),
        at_risk_url=_alone(filters),
        band_figures=[_band_figure(band, filters, numbers) for band in FIGURES],
    )


def _alone(filters: Filters, band: str = "") -> str:
    """The rows behind a key figure: nothing else narrows them, the most revenue at risk first."""
    return filters.address(band=band, tier="", owner="", signal="", search="", sort=DEFAULT_SORT)


def _band_figure(band: Band, filters: Filters, numbers: Figures) -> Option:
    change = numbers.changes.get(band)
    note = _("coverage too low") if band == Band.UNKNOWN else _since_a_week(change)
    return Option(band.label, _alone(filters, band), value=band.value, count=numbers.counts[band], note=note)


def _since_a_week(change: int | None) -> str:
    if change is None:
        return ""
    return _("{change} in a week").format(change=signed(change)) if change else _("as a week ago")


def _sorted_by(headings: dict[str, Heading]) -> Text:
    return next(column.said_as for column in COLUMNS if headings[column.key].is_current)


def _whose(filters: Filters) -> list[Option]:
    if filters.default_whose == "all":
        return []
    return [
        Option(label, filters.address(whose=whose), is_current=whose == filters.whose) for whose, label in WHOSE.items()
    ]


def _bands(filters: Filters, numbers: Figures) -> list[Option]:
    every = Option(_("All bands"), filters.address(band=""), is_current=not filters.band)
    return [
        every,
        *(
            Option(band.label, filters.address(band=band), band == filters.band, band.value, numbers.matching[band])
            for band in Band
        ),
    ]


def _heading(column: Column, filters: Filters) -> Heading:
    first = column.sort
    reverse = first.removeprefix("-") if first.startswith("-") else f"-{first}"
    is_current = bool(first) and filters.sort in {first, reverse}
    turned = reverse if filters.sort == first else first
    url = filters.address(sort=turned) if first else ""
    return Heading(column.key, column.label, url, is_current, descending=filters.sort.startswith("-"))


def _choices(filters: Filters, user: User) -> list[Choice]:
    found = (
        filters.in_scope(user).order_by().values_list("tier__rank", "tier__key", "tier__name", "owner", "owner__name")
    )
    pairs = sorted(set(found.distinct()), key=str)
    tiers = {key: name for _rank, key, name, _owner, _person in sorted(pairs, key=lambda pair: pair[0])}
    owners = {str(owner): name for _rank, _key, _name, owner, name in pairs if owner}
    by_name = sorted(owners.items(), key=lambda pair: pair[1])
    signals = [(signal.key, signal.title) for signal in SIGNALS]
    return [
        _choice("tier", _("Tier"), tiers.items(), filters.tier),
        _choice("owner", _("Owner"), by_name, filters.owner),
        _choice("signal", _("Reason"), signals, filters.signal),
    ]


def _choice(name: str, label: Text, pairs: Iterable[tuple[str, Any]], chosen: str) -> Choice:
    every = Option(_("all"), is_current=not chosen)
    return Choice(name, label, [every, *(Option(text, is_current=key == chosen, value=key) for key, text in pairs)])
