"""What pages say of the judgement as a whole: how old it is, what is missing, what is still being computed."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import Account, FeedKind, Role, User
from accounts_app.templatetags.formats import day_text
from signals.models import Run, RunChunk
from signals.services.notices import ORDERS_MISSING, OWNER_SILENT

# The page is a list of accounts, not a log.
MOST_LOST_NAMED, LONGEST_ERROR = 5, 200
ROLES_TOLD_OF_OWNERS = {Role.SALES_LEADER, Role.ADMINISTRATOR}


@dataclass(frozen=True)
class Notice:
    text: str
    kind: str = ""


@dataclass(frozen=True)
class Judgement:
    """The run whose results pages show, and what to know about it."""

    shown: Run | None
    notices: list[Notice]


def judgement(user: User) -> Judgement:
    """Read the runs that matter to pages; the names of owners only where there is something to say of them."""
    done = Count("chunks", filter=Q(chunks__state=RunChunk.State.DONE))
    latest = Run.objects.assessments().exclude(state=Run.State.OPEN).order_by("-ticket").values("pk")[:1]
    wanted = Run.objects.filter(Q(pk__in=latest) | Q(state=Run.State.OPEN))
    runs = list(wanted.annotate(done=done, total=Count("chunks")).order_by("-ticket"))
    shown = next((run for run in runs if run.state != Run.State.OPEN), None)
    return Judgement(shown, [*_of_shown(shown, user), *_of_open_runs(runs, shown)])


def _of_open_runs(runs: list[Any], shown: Run | None) -> list[Notice]:
    unfinished = [run for run in runs if run.state == Run.State.OPEN]
    histories = [run for run in unfinished if run.kind == Run.Kind.HISTORY]
    first = [run for run in unfinished if run.kind != Run.Kind.HISTORY] if shown is None else []
    filling = _("The past 18 months are still being filled in ({done} of {total} parts): curves and changes have gaps.")
    judging = _("The accounts are being judged for the first time ({done} of {total} parts). Reload in a minute.")
    texts = [(filling, histories), (judging, first)]
    said = [Notice(text.format(done=run.done, total=run.total)) for text, which in texts for run in which[:1]]
    never = _("Nothing is judged yet: the next nightly run does it, and manage.py compute_signals does it now.")
    return said if shown or first else [*said, Notice(never)]


def _of_shown(shown: Run | None, user: User) -> list[Notice]:
    if shown is None:
        return []
    missing = [Notice(_orders_missing(one), "warning") for one in shown.notices if one["kind"] == ORDERS_MISSING]
    silent = [one for one in shown.notices if one["kind"] == OWNER_SILENT]
    told = silent and user.role in ROLES_TOLD_OF_OWNERS
    return [*missing, *_incomplete(shown, user), *_late_feeds(shown), *(_silent_owners(silent, user) if told else [])]


def _orders_missing(notice: Mapping[str, Any]) -> str:
    words = _(
        "Far fewer orders arrived in the week to {day} than usual ({seen}, usually {expected}): data are missing."
    )
    return words.format(
        day=day_text(dt.date.fromisoformat(notice["until"])), seen=notice["seen"], expected=round(notice["expected"])
    )


def _incomplete(shown: Run, user: User) -> list[Notice]:
    if shown.state != Run.State.INCOMPLETE:
        return []
    text = _(
        "The run of {day} is incomplete: accounts that could not be computed say so, and do not show what was before."
    )
    said = Notice(text.format(day=day_text(shown.business_date)), "warning")
    return [said, *_lost(shown)] if user.role == Role.ADMINISTRATOR else [said]


def _lost(shown: Run) -> list[Notice]:
    """Which accounts were given up, and why, in the words of the failure: for who looks after the system."""
    given_up = shown.chunks.filter(state=RunChunk.State.QUARANTINED, phase=Run.Phase.COMPUTE)
    errors = dict(given_up.values_list("first_account", "error")[:MOST_LOST_NAMED])
    names = dict(Account.objects.filter(pk__in=errors).values_list("pk", "name"))
    text = _("Not computed: {account} ({error})")
    return [
        Notice(text.format(account=names[pk], error=error_text(error)), "warning")
        for pk, error in errors.items()
        if pk in names
    ]


def error_text(error: str) -> str:
    """A failure in its own words; without any, the workers that tried ended before they could say."""
    return error[:LONGEST_ERROR] or _("workers ended")


def _late_feeds(shown: Run) -> list[Notice]:
    kinds = (
        FeedKind.objects.filter(used=True).exclude(complete_to=None).select_related("feed").order_by("feed", "source")
    )
    late: defaultdict[tuple[str, dt.date], list[str]] = defaultdict(list)
    for kind in kinds:
        if kind.complete_to and kind.is_stale(shown.business_date):
            late[str(kind.feed), kind.complete_to].append(str(kind.get_source_display()))
    words = _("{feed} is late, complete to {day} only ({kinds}): what rests on it is unknown.")
    return [
        Notice(words.format(feed=feed, day=day_text(day), kinds=", ".join(kinds).lower()), "warning")
        for (feed, day), kinds in late.items()
    ]


def _silent_owners(notices: Iterable[Mapping[str, Any]], user: User) -> list[Notice]:
    """Told to who leads them: one notice an owner, in place of an alert for each of the accounts."""
    by_owner = {notice["owner_id"]: notice for notice in notices}
    seen = User.objects.filter(pk__in=by_owner)
    if user.role != Role.ADMINISTRATOR:
        seen = seen.filter(teams__in=user.teams.all()).distinct()
    return [Notice(_owner_silent(owner.name, by_owner[owner.pk]), "warning") for owner in seen]


def _owner_silent(name: str, notice: Mapping[str, Any]) -> str:
    since = notice["since"]
    began = _("since {day}").format(day=day_text(dt.date.fromisoformat(since))) if since else _("ever")
    words = ngettext(
        "{name} has logged no contact on any account {since}: silence is unknown for {n} account.",
        "{name} has logged no contact on any account {since}: silence is unknown for {n} accounts.",
        notice["accounts"],
    )
    return words.format(name=name, since=began, n=notice["accounts"])
