"""What a digest says: whom to contact, why and with what, and what changed since the last one."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import Company, User
from cadence.models import Digest
from cadence.pages.agenda import OVERDUE, RANKS, TODAY, Desk, agenda, counts
from cadence.pages.today import Section, lines, sections
from cadence.services.outbox import Letter
from cadence.services.unsubscribing import unsubscribe_url
from signals.pages.portfolio.changes import Changes, changes

# A mail is read in a minute; the rest stands on the page.
MOST_OF_A_SECTION = 8
# What a digest of a kind looks back on where there was none before.
FIRST_SPAN = {Digest.Kind.DAILY: dt.timedelta(days=1), Digest.Kind.WEEKLY: dt.timedelta(days=7)}
KEYS = {Digest.Kind.DAILY: (OVERDUE, TODAY), Digest.Kind.WEEKLY: tuple(RANKS)}
STYLE = settings.BASE_DIR / "static" / "css" / "mail.css"


@dataclass(frozen=True)
class Content:
    """All that one digest says, at one moment."""

    user: User
    kind: Digest.Kind
    now: dt.datetime
    today: dt.date
    company: Company
    desk: Desk
    sections: list[Section]
    changes: Changes

    @property
    def is_empty(self) -> bool:
        return not self.sections and not self.changes.lines

    @property
    def rest(self) -> int:
        """How many accounts the mail does not name."""
        return sum(section.count - len(section.lines) for section in self.sections)

    @property
    def today_url(self) -> str:
        return f"{reverse('cadence:today')}?whose={self.desk.whose}"

    @property
    def subject(self) -> str:
        counted = [_("{n} {section}").format(n=one.count, section=str(one.title).lower()) for one in self.sections]
        if news := len(self.changes.lines):
            counted.append(ngettext("{n} change", "{n} changes", news).format(n=news))
        head = _("This week") if self.kind == Digest.Kind.WEEKLY else _("Today")
        return f"{head}: {', '.join(counted)}" if counted else str(head)


def zone_of(company: Company) -> ZoneInfo:
    """The company's zone; a name that no zone has any more keeps nobody's mail back."""
    try:
        return ZoneInfo(company.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def content(user: User, kind: Digest.Kind, *, now: dt.datetime, company: Company) -> Content:
    """What there is to say to a user at a moment, within what this user may see then."""
    zone = zone_of(company)
    today = timezone.localdate(now, zone)
    desk = Desk.of(user, today, "")
    since = told_until(user, kind) or now - FIRST_SPAN[kind]
    with timezone.override(zone):
        news = changes(desk.accounts(), since, now=now, today=today, day=timezone.localdate(since, zone))
        return Content(user, kind, now, today, company, desk, _sections(desk, KEYS[kind]), news)


def told_until(user: User, kind: Digest.Kind) -> dt.datetime | None:
    """Until when a user was told. A weekly one tells the week anew, a daily one only what no other told."""
    earlier = Digest.objects.filter(user=user)
    if kind == Digest.Kind.WEEKLY:
        earlier = earlier.filter(kind=kind)
    return earlier.order_by("-told_until").values_list("told_until", flat=True).first()


def letter(said: Content) -> Letter:
    """The mail, as HTML and as text, with what one-click unsubscribing needs."""
    leave = unsubscribe_url(said.user, said.kind)
    base = settings.BASE_URL
    context = {"said": said, "base": base, "leave": leave, "company": said.company, "style": STYLE.read_text()}
    with timezone.override(zone_of(said.company)):
        text = render_to_string("cadence/digest_mail.txt", context)
        html = render_to_string("cadence/digest_mail.html", context)
    headers = {
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    return Letter(subject=said.subject, text=text, html=html, headers=headers)


def _sections(desk: Desk, keys: tuple[str, ...]) -> list[Section]:
    """The first accounts of each section that the digest tells, the most at stake first."""
    numbers = counts(desk)
    told = [key for key in keys if numbers[key]]
    shown = [
        line
        for key in told
        for line in lines(agenda(desk).filter(section=RANKS[key])[:MOST_OF_A_SECTION], desk.user, desk.today)
    ]
    return sections(shown, numbers)
