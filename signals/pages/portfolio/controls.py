"""What the portfolio offers to press: chips, choices, headings and pages, each with its address."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts_app.templatetags.formats import signed
from signals.compute.registry import SIGNALS
from signals.models import Band
from signals.pages.portfolio.address import Choices, Text, sorted_by
from signals.pages.portfolio.filters import (
    COLUMNS,
    DEFAULT_SORT,
    JUDGED,
    NOTICE_SPANS,
    STATUSES,
    WHOSE,
    Column,
    Filters,
)
from signals.pages.portfolio.key_figures import Figures

FIGURES = (Band.AT_RISK, Band.DRIFTING, Band.UNKNOWN)
EXPORTS = ("csv", "xlsx")
NOTHING_NARROWED = dict.fromkeys(("band", "tier", "owner", "signal", "notice", "judged", "status", "search"), "")


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
    sorts: Choice
    headings: dict[str, Heading]
    sorted_by: Text
    hidden: dict[str, str] = field(default_factory=dict)
    previous_url: str = ""
    next_url: str = ""
    cleared_url: str = ""
    everyone_url: str = ""
    at_risk_url: str = ""
    exports: list[Option] = field(default_factory=list)
    save_url: str = ""
    # What the form about chosen accounts sends along: the list it was made on.
    state: dict[str, str] = field(default_factory=dict)
    band_figures: list[Option] = field(default_factory=list)


def controls(filters: Filters, known: Choices, numbers: Figures, page: Page[Any]) -> Controls:
    headings = {column.key: _heading(column, filters) for column in COLUMNS}
    # What the form does not ask for but must not lose.
    kept = {"whose": filters.whose, "band": filters.band}
    return Controls(
        whose=_whose(filters),
        bands=_bands(filters, numbers),
        choices=_choices(filters, known),
        sorts=_sorts(filters),
        headings=headings,
        sorted_by=sorted_by(filters),
        hidden={name: value for name, value in kept.items() if value},
        previous_url=filters.address(page=str(page.previous_page_number())) if page.has_previous() else "",
        next_url=filters.address(page=str(page.next_page_number())) if page.has_next() else "",
        cleared_url=filters.address(**NOTHING_NARROWED),
        everyone_url=filters.address(whose="all"),
        at_risk_url=_alone(filters),
        exports=[Option(kind.upper(), f"{reverse(f'signals:portfolio_{kind}')}?{filters.query}") for kind in EXPORTS],
        state={name: value for name, value in filters.parts().items() if value},
        save_url=f"{reverse('signals:view_save')}?{filters.query}",
        band_figures=[_band_figure(band, filters, numbers) for band in FIGURES],
    )


def _alone(filters: Filters, band: str = "") -> str:
    """The rows behind a key figure: nothing else narrows them, the most revenue at risk first."""
    return filters.address(**NOTHING_NARROWED | {"band": band, "sort": DEFAULT_SORT})


def _band_figure(band: Band, filters: Filters, numbers: Figures) -> Option:
    change = numbers.changes.get(band)
    note = _("coverage too low") if band == Band.UNKNOWN else _since_a_week(change)
    return Option(band.label, _alone(filters, band), value=band.value, count=numbers.counts[band], note=note)


def _since_a_week(change: int | None) -> str:
    if change is None:
        return ""
    return _("{change} in a week").format(change=signed(change)) if change else _("as a week ago")


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
    first, turned_round = column.sort, _reversed(column.sort)
    is_current = bool(first) and filters.sort in {first, turned_round}
    turned = turned_round if filters.sort == first else first
    url = filters.address(sort=turned) if first else ""
    return Heading(column.key, column.label, url, is_current, descending=filters.sort.startswith("-"))


def _choices(filters: Filters, known: Choices) -> list[Choice]:
    signals = [(signal.key, signal.title) for signal in SIGNALS]
    statuses = [(key, label) for key, (label, _condition) in STATUSES.items()]
    return [
        _choice("tier", _("Tier"), known.tiers.items(), filters.tier),
        _choice("owner", _("Owner"), known.owners.items(), filters.owner),
        _choice("signal", _("Reason"), signals, filters.signal),
        _choice("notice", _("Notice"), NOTICE_SPANS.items(), filters.notice),
        _choice("judged", _("Own judgement"), JUDGED.items(), filters.judged),
        Choice("status", _("Status"), [Option(text, "", key == filters.status, key) for key, text in statuses]),
    ]


def _sorts(filters: Filters) -> Choice:
    """The headings as a select, for cards, which have none: each in its first direction, or the one turned to."""
    options = []
    for column in COLUMNS:
        first, turned_round = column.sort, _reversed(column.sort)
        if first:
            options.append(Option(column.said_as, "", filters.sort == first, first))
        if first and filters.sort == turned_round:
            turned = _("{order}, turned round").format(order=column.said_as)
            options.append(Option(turned, is_current=True, value=turned_round))
    return Choice("sort", _("Sort"), options)


def _reversed(sort: str) -> str:
    return sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"


def _choice(name: str, label: Text, pairs: Iterable[tuple[str, Any]], chosen: str) -> Choice:
    every = Option(_("all"), is_current=not chosen)
    return Choice(name, label, [every, *(Option(text, is_current=key == chosen, value=key) for key, text in pairs)])
