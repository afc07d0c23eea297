"""What changed since the reader's last visit, in sentences that open their accounts or rows."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.incident_clock import span_text
from accounts_app.models import Loss
from accounts_app.models.account import AccountQuerySet
from accounts_app.templatetags.formats import day_text
from signals.compute.registry import BY_KEY
from signals.models import Band, Standing
from signals.pages.portfolio.news import Found, found_since, found_within
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


def changes(
    scope: AccountQuerySet, since: dt.datetime | None, *, now: dt.datetime, today: dt.date, day: dt.date
) -> Changes:
    """Told in the order of weight; `day` is the day of `since`."""
    if since is None:
        found = found_within(scope, day - FIRST_VISIT, now=now, moment=now - FIRST_VISIT)
    else:
        found = found_since(scope, since, now=now, day=day)
    told = [line for kind, tell in TELLERS.items() for line in tell(found.get(kind, []), today)]
    # What got worse comes first, what got better after all other news.
    return Changes(since, sorted(told, key=lambda line: line.kind == "better"))


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
