"""The sums of `ContactQuarter` that the cadence page reads, made anew when what they are made of has changed."""

import datetime as dt
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Count, IntegerField, Max, Min, Q, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, JSONObject

from accounts_app.models import Account, Interaction, Tier
from cadence.missing import missing
from cadence.models import CadenceSum, CadenceSummed, ContactQuarter
from cadence.quarter_days import last_day, quarters_until

HANDS: Final = ("begins_on", "account__team", "account__owner", "account__deputy", "owner", "account__tier")
COLUMNS: Final = ("begins_on", "team_id", "owner_id", "deputy_id", "answered_by_id", "tier_id")
SUMMED: Final = ("days_promised", "days_kept", "promised", "contacts", "proactive", "with_value")


@transaction.atomic
def add_up(today: dt.date, *, anew: bool = False) -> bool:
    """Make the sums anew if accounts, their quarters or the day have changed; whether they had.

    `anew`: whatever they were made of, for quarters that were just counted.
    """
    state = _state(today)
    kept, _made = CadenceSummed.objects.select_for_update().get_or_create(pk=1)
    if kept.state == state and not anew:
        return False
    CadenceSum.objects.all().delete()
    with connection.cursor() as cursor:
        for begins_on in quarters_until(today):
            _insert(cursor, begins_on, min(today, last_day(begins_on)))
    CadenceSummed.objects.filter(pk=1).update(state=state)
    return True


def _state(today: dt.date) -> str:
    counted = ContactQuarter.objects.aggregate(n=Count("pk"), at=Max("judged_at"), last=Max("pk"))
    followed: list[Any] = [Account, Tier]
    trail = [model.pgh_event_model.objects.aggregate(n=Max("pgh_id"))["n"] for model in followed]
    return " ".join(str(part) for part in (today, *counted.values(), *trail))


def _insert(cursor: Any, begins_on: dt.date, last_on: dt.date) -> None:
    sums = {f"sum_{name}": Sum(name) for name in SUMMED}
    purposes = {
        str(one): Coalesce(Sum(Cast(KeyTextTransform(one, "purposes"), IntegerField())), 0)
        for one in Interaction.Purpose.values
    }
    shows = {name: Count("pk", filter=condition) for name, condition in missing(last_on).items()}
    rows = (
        ContactQuarter.objects.filter(begins_on=begins_on)
        .exclude(account__status=Account.Status.FORMER)
        .order_by()
        .values_list(*HANDS)
        .annotate(
            n=Count("pk"),
            **sums,
            by_purpose=JSONObject(**purposes),
            by_show=JSONObject(**shows),
            unknown=Count("pk", filter=Q(first_on=None)),
            since=Min("first_on"),
        )
    )
    query, values = rows.query.sql_with_params()
    columns = ", ".join((*COLUMNS, "accounts", *SUMMED, "purposes", "shows", "unknown", "since"))
    cursor.execute(f"INSERT INTO cadence_cadencesum ({columns}) {query}", values)
