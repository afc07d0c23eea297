"""What pages say of the judgement as a whole: how old it is, what is missing, what is still being computed."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import FeedKind
from accounts_app.templatetags.formats import day_text
from signals.models import Run, RunChunk


@dataclass(frozen=True)
class Notice:
    text: str
    kind: str = ""


@dataclass(frozen=True)
class Judgement:
    """The run whose results pages show, and what to know about it."""

    shown: Run | None
    notices: list[Notice]


def judgement() -> Judgement:
    """Read in two queries: the runs that matter to pages, and the feeds in use."""
    done = Count("chunks", filter=Q(chunks__state=RunChunk.State.DONE))
    latest = Run.objects.assessments().exclude(state=Run.State.OPEN).order_by("-ticket").values("pk")[:1]
    wanted = Run.objects.filter(Q(pk__in=latest) | Q(state=Run.State.OPEN))
    runs = list(wanted.annotate(done=done, total=Count("chunks")).order_by("-ticket"))
    shown = next((run for run in runs if run.state != Run.State.OPEN), None)
    return Judgement(shown, [*_of_open_runs(runs, shown), *_of_shown(shown), *_of_feeds(shown)])


def _of_open_runs(runs: list[Any], shown: Run | None) -> list[Notice]:
    unfinished = [run for run in runs if run.state == Run.State.OPEN]
    histories = [run for run in unfinished if run.kind == Run.Kind.HISTORY]
    first = [run for run in unfinished if run.kind != Run.Kind.HISTORY] if shown is None else []
    filling = _("The history is still being filled in ({done} of {total} parts): changes and curves may have gaps.")
    judging = _("The accounts are being judged for the first time ({done} of {total} parts). Reload in a minute.")
    texts = [(filling, histories), (judging, first)]
    return [Notice(text.format(done=run.done, total=run.total)) for text, which in texts for run in which[:1]]


def _of_shown(shown: Run | None) -> list[Notice]:
    if shown is None or shown.state != Run.State.INCOMPLETE:
        return []
    text = _("The run of {day} is incomplete: accounts that could not be computed say so, and are not shown as before.")
    return [Notice(text.format(day=day_text(shown.business_date)), "warning")]


def _of_feeds(shown: Run | None) -> list[Notice]:
    """Late feeds: what rests on them is unknown, not fine."""
    if shown is None:
        return []
    kinds = FeedKind.objects.filter(used=True).exclude(complete_to=None).select_related("feed")
    late = [kind for kind in kinds if kind.is_stale(shown.business_date)]
    return [Notice(_late(kind), "warning") for kind in late]


def _late(kind: FeedKind) -> str:
    words = ngettext(
        "{kind} of {feed} are late: complete to {day}, expected every day. What rests on them is unknown.",
        "{kind} of {feed} are late: complete to {day}, expected every {days} days. What rests on them is unknown.",
        kind.expected_days,
    )
    day = day_text(kind.complete_to) if kind.complete_to else ""
    return words.format(kind=kind.get_source_display(), feed=kind.feed, day=day, days=kind.expected_days)
