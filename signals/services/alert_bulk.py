"""One act on several alerts: all of them or none, only those this person may act on, taken back as one."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import ngettext

from accounts_app.models import Account, User
from signals.models import Alert, AlertAction, BulkAct
from signals.models.alert import AlertQuerySet
from signals.services import alerts


def editable(asked: Iterable[int], *, by: User) -> AlertQuerySet:
    """The unclosed alerts among these that are this person's to act on, in the order in which they are locked."""
    accounts = Account.objects.editable_by(by).values("pk")
    chosen = Alert.objects.visible_to(by).unclosed().filter(pk__in=list(asked), account__in=accounts)
    return chosen.order_by("pk")


@transaction.atomic
def acknowledge(asked: Iterable[int], *, by: User) -> BulkAct:
    """Say of each that somebody is on it; those acknowledged already stay as they are."""
    fresh = editable(asked, by=by).exclude(state=Alert.State.ACKNOWLEDGED)
    done = [alerts.acknowledge(alert, by=by) for alert in fresh]
    return _kept(done, ngettext("{n} alert acknowledged.", "{n} alerts acknowledged.", len(done)), by=by)


@transaction.atomic
def snooze(asked: Iterable[int], *, by: User, until: date, reason: str, today: date) -> BulkAct:
    chosen = editable(asked, by=by)
    done = [alerts.snooze(alert, by=by, until=until, reason=reason, today=today) for alert in chosen]
    return _kept(done, ngettext("{n} alert snoozed.", "{n} alerts snoozed.", len(done)), by=by)


@transaction.atomic
def resolve(asked: Iterable[int], *, by: User, outcome: Alert.Outcome, cause: str, note: str, today: date) -> BulkAct:
    """Close each with what it was: one word for all, as for a holiday that nobody entered."""
    done = [
        alerts.resolve(alert, by=by, outcome=outcome, cause=cause, note=note, today=today)
        for alert in editable(asked, by=by)
    ]
    return _kept(done, ngettext("{n} alert resolved.", "{n} alerts resolved.", len(done)), by=by)


def _kept(done: list[AlertAction], words: str, *, by: User) -> BulkAct:
    items = [{"account": one.alert.account_id, "alert": one.alert_id, "action": one.pk} for one in done]
    act = BulkAct.objects.create(kind=BulkAct.Kind.ALERTS, items=items, by=by, said=words.format(n=len(items)))
    act.refresh_from_db(fields=["at"])
    return act
