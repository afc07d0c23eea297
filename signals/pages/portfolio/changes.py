"""What changed since the reader's last visit, in sentences that open their accounts or rows."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.incident_clock import span_text
from accounts_app.models import Company, Loss
from accounts_app.models.account import AccountQuerySet
from accounts_app.scope import Audience
from accounts_app.templatetags.formats import day_text
from accounts_app.unchanged import kept_while_unchanged
from signals.compute.registry import BY_KEY
from signals.models import Band, Standing
from signals.pages.portfolio.filters import Filters
from signals.pages.portfolio.news import Found, found_over_target, found_since, found_within
from signals.pages.sentences import lead_in_a_row

# Alerts and new accounts are named in one line, the first ones by name.
MOST_NAMED = 3
MOST_LINES = 4
# Who was never here is told of these days instead.
FIRST_VISIT = dt.timedelta(days=30)
# Unknown is no better than drifting: what is not known may be anything.
RANKS = {Band.AT_RISK: 0, Band.UNKNOWN: 1, Band.DRIFTING: 1, Band.HEALTHY: 2}


@dataclass(frozen=True)
class Link:
    text: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class Change:
    """One line: a band where one changed, words, the accounts it is about, and more words."""

    kind: str
    links: list[Link]
    lead: str = ""
    tail: str = ""
    band: str = ""
    risk: int | None = None

    @property
    def band_word(self) -> str:
        """The band where no badge can be drawn."""
        return str(Band(self.band).label) if self.band else ""


# The lines of each kind.
Told: TypeAlias = Mapping[str, list[Change]]


@dataclass(frozen=True)
class Changes:
    """All that changed since a moment; without one this is the first visit, and the last 30 days are told."""

    since: dt.datetime | None
    lines: list[Change] = field(default_factory=list)

    @property
    def first(self) -> list[Change]:
        return self.lines[:MOST_LINES]

    @property
    def rest(self) -> list[Change]:
        return self.lines[MOST_LINES:]


def changes_of(
    audience: Audience, whose: str, since: dt.datetime | None, now: dt.datetime, company: Company
) -> Changes:
    """Told in the order of weight. What time alone changes is worked out each minute, the rest once it changed."""
    minute = now.replace(second=0, microsecond=0)
    written = _written(audience, whose, since, company.day_of(now))
    late = _over_target(audience, whose, since, minute)
    return _in_order(since, {**written, **late})


def changes(scope: AccountQuerySet, since: dt.datetime, *, now: dt.datetime, today: dt.date, day: dt.date) -> Changes:
    """The same for any accounts; `day` is the day of `since`."""
    found = {**found_since(scope, since, day), **found_over_target(scope, since, now)}
    return _in_order(since, _told(found, today))


def _in_order(since: dt.datetime | None, told: Told) -> Changes:
    lines = [line for kind in TELLERS for line in told.get(kind, [])]
    # What got worse comes first, what got better after all other news.
    return Changes(since, sorted(lines, key=lambda line: line.kind == "better"))


@kept_while_unchanged
def _written(audience: Audience, whose: str, since: dt.datetime | None, today: dt.date) -> Told:
    scope = Filters(whose=whose).in_scope(audience.member)
    if since is not None:
        return _told(found_since(scope, since, timezone.localdate(since)), today)
    day = today - FIRST_VISIT
    return _told(found_within(scope, timezone.make_aware(dt.datetime.combine(day, dt.time())), day), today)


@kept_while_unchanged
def _over_target(audience: Audience, whose: str, since: dt.datetime | None, minute: dt.datetime) -> Told:
    scope = Filters(whose=whose).in_scope(audience.member)
    return _told(found_over_target(scope, since or minute - FIRST_VISIT, minute), timezone.localdate(minute))


def _told(found: Mapping[str, list[Found]], today: dt.date) -> Told:
    return {kind: TELLERS[kind](rows, today) for kind, rows in found.items()}


def _tell_bands(found: Iterable[Found], _today: dt.date) -> list[Change]:
    return [_tell_band(one) for one in found]


def _tell_band(one: Found) -> Change:
    was, shown = Band(one.detail["from_band"]), one.detail["band"]
    number = f" {one.detail['from_risk']}" if was != Band.UNKNOWN and one.detail["from_risk"] is not None else ""
    is_worse = RANKS[shown] < RANKS[was]
    standing = Standing(band=shown, contributions=one.detail["contributions"], top_reasons=one.detail["top_reasons"])
    is_computed = one.detail["state"] == Standing.State.COMPUTED
    reason = lead_in_a_row(standing) if is_computed else _("It could not be computed.")
    return Change(
        "worse" if is_worse else "better",
        [_account(one)],
        tail=_("was {band}{number}. {reason}").format(band=was.label, number=number, reason=reason).strip(),
        band=shown,
        risk=one.detail["risk"],
    )


def _tell_losses(found: Iterable[Found], today: dt.date) -> list[Change]:
    return [_tell_loss(one, today) for one in found]


def _tell_loss(one: Found, today: dt.date) -> Change:
    what = _("{part} lost") if one.detail["part"] else _("lost")
    to = _(" to {name}").format(name=one.detail["went_to"]) if one.detail["went_to"] else ""
    reason = Loss.Reason(one.detail["reason"]).label.lower()
    day = day_text(dt.date.fromisoformat(one.detail["lost_on"]), today)
    tail = _("{what}{to} on {day}: {reason}.")
    tail = tail.format(what=what.format(part=one.detail["part"]), to=to, day=day, reason=reason)
    return Change("loss", [_account(one)], tail=tail)


def _tell_over(found: Iterable[Found], _today: dt.date) -> list[Change]:
    words = _("{number} {title}: {span} over its target.")
    return [
        Change(
            "over",
            [_account(one, "accounts:incident_list")],
            lead=_("Incident at"),
            tail=words.format(**one.detail, span=span_text(dt.timedelta(seconds=float(one.detail["seconds"])))),
        )
        for one in found
    ]


def _tell_left(found: Iterable[Found], today: dt.date) -> list[Change]:
    main, other = _("{person}, main contact, left"), _("{person} left")
    return [
        Change(
            "left",
            [_account(one, "accounts:contact_list")],
            lead=(main if one.detail["primary"] else other).format(person=one.detail["person"]),
            tail=_("on {day}.").format(day=day_text(dt.date.fromisoformat(one.detail["left_on"]), today)),
        )
        for one in found
    ]


def _tell_opened(found: list[Found], _today: dt.date) -> list[Change]:
    words = ngettext("{n} alert opened:", "{n} alerts opened:", _total(found))
    return _together("opened", found, words, note=_signal)


def _tell_closed(found: list[Found], _today: dt.date) -> list[Change]:
    words = ngettext("{n} alert closed:", "{n} alerts closed:", _total(found))
    return _together("closed", found, words, note=_signal)


def _tell_new(found: list[Found], _today: dt.date) -> list[Change]:
    words = ngettext("{n} new account:", "{n} new accounts:", _total(found))
    return _together("new", found, words, note=lambda _one: "")


def _together(kind: str, found: list[Found], words: str, *, note: Callable[[Found], str]) -> list[Change]:
    """One line for all of a kind."""
    if not found:
        return []
    links = [_account(one, note=note(one)) for one in found[:MOST_NAMED]]
    more = _total(found) - len(links)
    tail = _("and {n} more.").format(n=more) if more else ""
    return [Change(kind, links, lead=words.format(n=_total(found)), tail=tail)]


def _total(found: list[Found]) -> int:
    return found[0].total if found else 0


def _signal(one: Found) -> str:
    known = BY_KEY.get(one.detail["signal"])
    return known.title.lower() if known else ""


def _account(one: Found, url_name: str = "signals:account", *, note: str = "") -> Link:
    return Link(one.name, reverse(url_name, args=[one.account]), note)


TELLERS: dict[str, Callable[[list[Found], dt.date], list[Change]]] = {
    "band": _tell_bands,
    "loss": _tell_losses,
    "over": _tell_over,
    "left": _tell_left,
    "opened": _tell_opened,
    "closed": _tell_closed,
    "new": _tell_new,
}
