"""What the alerts page says around its rows: by which rules alerts open and close, and who has how many waiting."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.access import Request
from accounts_app.models import Role, User
from accounts_app.templatetags.formats import day_text
from signals.compute.alarm_control import FALSE_SHARE, GapTests
from signals.compute.registry import BY_KEY
from signals.models import Alert, Run
from signals.pages.alerts.rows import tests_text
from signals.services import alarm_budgets
from signals.services.alarm_budgets import Queue
from signals.services.rules import current_rules, values_of


@dataclass(frozen=True)
class QueueLine:
    """One manager's waiting list in a sentence, with the way to it."""

    text: str
    url: str


def alert_rules(shown: Run | None) -> list[str]:
    """The rules in force for opening and closing, one sentence each."""
    rules = values_of(shown.rule_set if shown else current_rules())
    lines = {
        "opens": rules.alert_opens_at,
        "closes": rules.alert_closes_under,
        "breaks": rules.snooze_breaks_at,
        "percent": f"{100 * rules.rhythm_alert_chance:g}",
        "share": round(100 * FALSE_SHARE),
    }
    texts = [
        _("One alert at most is open for an account and signal. It opens when the level reaches {opens}."),
        _(
            "An alert of the order rhythm opens when a gap this long had less than a {percent} % chance with nothing"
            " changed. The more gaps are tested, the smaller that chance must be, so that at most {share} % of these"
            " alerts are expected to be false. Each gap is tested once."
        ),
        _("It closes by itself when the level falls under {closes}: at night, or within seconds of what you log."),
        _("A snooze holds until its day, unless the level reaches {breaks} before."),
        _("One that you resolve opens anew only after the level was under {closes} in between."),
        _("Nothing opens while the orders of the whole portfolio are missing, and nothing because a level is unknown."),
        _(
            "What has most at stake stands first: risk times revenue of 12 months, and up to twice that where the"
            " customer may give notice soon."
        ),
    ]
    return [text.format(**lines) for text in texts]


def gap_text(shown: Run | None) -> str:
    """How many gaps the shown run tested, and how many of their alarms are expected to be for nothing."""
    for key, stored in (shown.alarms.get("tests", {}) if shown else {}).items():
        tests = GapTests.from_json(stored)
        figures = {"tested": round(tests.tested), "standing_out": tests.standing_out}
        said = tests_text(figures | {"expected_false": tests.expected_false})
        if said:
            return f"{BY_KEY[key].title}: {said}"
    return ""


def queue_lines(request: Request, today: dt.date) -> list[QueueLine]:
    """An account manager's own list; a leader's, one line for each manager who has somebody waiting."""
    waiting = Alert.objects.waiting().visible_to(request.user)
    if request.user.role == Role.ACCOUNT_MANAGER:
        waiting = waiting.filter(account__owner=request.user)
    keys = set(waiting.order_by().values_list("account__owner", flat=True).distinct())
    if not keys:
        return []
    owners: list[User | None] = list(User.objects.filter(pk__in=keys).order_by("name"))
    managers = [*owners, None] if None in keys else owners
    return [_line(queue, request.user) for queue in alarm_budgets.queues(managers, waiting, today)]


def _line(queue: Queue, reader: User) -> QueueLine:
    wait = ngettext("{n} waits", "{n} wait", queue.waiting).format(n=queue.waiting)
    shown = _("{shown} of {budget} shown in the last 7 days").format(shown=queue.shown, budget=queue.budget)
    more = (
        _("room for the next on {day}").format(day=day_text(queue.room_on)) if queue.room_on else _("shown next night")
    )
    text = f"{wait}: {shown}, {more}."
    if queue.manager != reader:
        text = f"{queue.manager.name if queue.manager else _('No owner')}: {text}"
    query = f"?state=waiting&owner={queue.manager.pk if queue.manager else 0}"
    return QueueLine(text, reverse("signals:alert_list") + query + ("" if queue.manager == reader else "&whose=all"))


def tabs(current: str) -> list[dict[str, Any]]:
    pages = (("list", _("Alerts"), "signals:alert_list"), ("quality", _("Alarm quality"), "signals:alert_quality"))
    return [
        {"label": label, "url": reverse(name), "count": None, "is_current": key == current}
        for key, label, name in pages
    ]
