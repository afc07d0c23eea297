"""Replays of lost accounts: asked for where facts changed, computed in the background, stored with the loss."""

import dataclasses
import datetime as dt
import json
import logging
from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
from celery import current_app
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from accounts_app.models import Account, Loss, User
from signals.compute import post_mortem as replaying
from signals.compute.rules import RuleSetValues
from signals.facts import read_facts
from signals.models import PostMortem, RiskDay, Run
from signals.services import assess, history, ledger, store
from signals.services.rules import current_rules, values_of

logger = logging.getLogger(__name__)

Json = dict[str, Any]
REPLAY_LOSS = "signals.tasks.replay_loss"
# Longer than a task may take: whoever began then is gone.
LEASE = dt.timedelta(minutes=20)
LONGEST_ERROR = 300
STORED, COMPUTED = "stored", "computed"

REVENUE_AND_RANK = """
    WITH revenue AS (
        SELECT account_id, sum(reporting_amount) AS total FROM accounts_app_order
        WHERE ordered_on > %(day)s - 365 AND ordered_on <= %(day)s AND known_on <= %(known)s GROUP BY 1
    )
    SELECT own.total, 1 + (SELECT count(*) FROM revenue WHERE total > own.total)
    FROM revenue own WHERE own.account_id = %(account)s"""


def ask_again(post_mortem: PostMortem) -> None:
    PostMortem.objects.filter(pk=post_mortem.pk).update(asked_at=Now(), started_at=None, error="")
    ring([post_mortem.pk])


def sweep() -> None:
    """Give every loss its post-mortem, and ring for those that are due and in nobody's hands."""
    missing = Loss.objects.filter(post_mortem=None).values_list("pk", flat=True)
    PostMortem.objects.bulk_create([PostMortem(loss_id=pk, asked_at=Now()) for pk in missing], ignore_conflicts=True)
    if not _history_is_being_filled():
        ring(list(_free().values_list("pk", flat=True)))


def of_loss(loss: Loss) -> PostMortem:
    """The post-mortem of a loss; one is begun where the sweep has not been by yet."""
    made, is_new = PostMortem.objects.get_or_create(loss=loss, defaults={"asked_at": Now()})
    if is_new:
        made.refresh_from_db()
        ring([made.pk])
    return made


def ring(keys: list[int]) -> None:
    """Tell the workers; a bell nobody hears is rung again by the next sweep."""
    transaction.on_commit(partial(_send, keys))


def _send(keys: list[int]) -> None:
    try:
        for key in keys:
            current_app.send_task(REPLAY_LOSS, args=(key,), retry=False)
    except (OperationalError, OSError) as reason:
        logger.warning("The queue cannot be reached (%s); %d post-mortems wait for the next sweep", reason, len(keys))


def _free() -> "Any":
    expired = Q(started_at__lt=ledger.from_now(-LEASE))
    return PostMortem.objects.filter(Q(started_at=None) | expired, asked_at__isnull=False)


def _history_is_being_filled() -> bool:
    """What would be computed here at length stands there soon; the sweep rings when it does."""
    return Run.objects.unfinished().filter(kind=Run.Kind.HISTORY).exists()


def replay(key: int) -> None:
    """Replay one loss, unless somebody else is at it or nothing is due."""
    if _history_is_being_filled() or not _free().filter(pk=key).update(started_at=Now()):
        return
    due = PostMortem.objects.select_related("loss").get(pk=key)
    try:
        found = _found(due.loss)
    except Exception as reason:
        # Kept and shown: whoever reads the page may ask again.
        logger.exception("The post-mortem of loss %d failed", due.loss_id)
        found = {"error": repr(reason)[:LONGEST_ERROR]}
    PostMortem.objects.filter(pk=key).update(started_at=None, **found)
    # What was asked for while it was replayed stays due.
    PostMortem.objects.filter(pk=key, asked_at=due.asked_at).update(asked_at=None)


def _found(loss: Loss) -> Json:
    revenue, rank = revenue_and_rank(loss)
    return {
        "replay": replay_of(loss),
        "replayed_at": Now(),
        "revenue_before": revenue,
        "rank_before": rank,
        "error": "",
    }


def revenue_and_rank(loss: Loss) -> tuple[Any, int | None]:
    """Revenue in the 12 months before the loss, and its rank among all accounts; of no revenue there is no rank."""
    with connection.cursor() as cursor:
        known = max(loss.lost_on, loss.known_on)
        cursor.execute(REVENUE_AND_RANK, {"day": loss.lost_on, "known": known, "account": loss.account_id})
        revenue, rank = cursor.fetchone() or (None, None)
    return revenue, rank if revenue and revenue > 0 else None


def replay_of(loss: Loss) -> Json:
    """What was judged of the account week by week, as it was stored then, else computed from what was known then."""
    rules = values_of(current_rules())
    weeks = replaying.weekly(_stored(loss), loss.lost_on)
    origin = STORED if replaying.covers(weeks) else COMPUTED
    if origin == COMPUTED:
        weeks = replaying.weekly(_computed(loss, rules), loss.lost_on)
    levels = pd.DataFrame(weeks["levels"].tolist(), index=pd.DatetimeIndex(weeks["day"]), dtype=float)
    found = replaying.rises(levels, opens_at=rules.alert_opens_at, closes_under=rules.alert_closes_under)
    return {
        "origin": origin,
        "lost_on": loss.lost_on.isoformat(),
        "opens_at": rules.alert_opens_at,
        "lines": [rules.drifting_from, rules.at_risk_from],
        "weeks": [_week(row) for row in weeks.to_dict("records")],
        "rises": [_plain(rise) for rise in found],
        "first": getattr(replaying.first_of(found), "key", None),
    }


def _week(row: Mapping[Any, Any]) -> Json:
    return {"day": row["day"].date().isoformat(), **{name: row[name] for name in ("risk", "band", "levels")}}


def _plain(rise: replaying.Rise) -> Json:
    days = {name: day.isoformat() if day else None for name, day in (("day", rise.day), ("until", rise.until))}
    return dataclasses.asdict(rise) | days


def _frame(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["day", "risk", "band", "levels"])
    return frame.assign(day=pd.to_datetime(frame["day"]))


def _stored(loss: Loss) -> pd.DataFrame:
    days = replaying.weekly_days(loss.lost_on)
    span = (days[0] - dt.timedelta(days=replaying.DAYS_OF_WEEK), loss.lost_on)
    known = RiskDay.objects.filter(account=loss.account_id, day__range=span)
    return _frame(list(known.values_list("day", "risk", "band", "levels")))


def _computed(loss: Loss, rules: RuleSetValues) -> pd.DataFrame:
    """Judge the account on each of the days, with what could be learnt of the portfolio by then."""
    run = Run(from_day=replaying.weekly_days(loss.lost_on)[0], business_date=loss.lost_on, params={})
    portfolio = read_facts(list(Account.objects.order_by("pk").values_list("pk", flat=True)))
    for n in range(len(run.fit_days)):
        for day, learnt in history.learn_days(portfolio, rules, history.quarter(run, n)):
            run.params[day.isoformat()] = learnt
    facts, bands, rows = portfolio.for_accounts([loss.account_id]), pd.Series(dtype="str"), []
    for day in run.days:
        judged = assess.assess_day(day, facts, params=run.params_for(day), rules=rules, bands=bands)
        bands = judged.risk["band"]
        [(_account, _day, band, risk, _coverage, levels)] = store.risk_day_rows(judged.risk, judged.readings, day)
        rows.append((day, risk, band, json.loads(levels)))
    return _frame(rows)


def conclude(post_mortem: PostMortem, text: str, *, by: User, today: dt.date) -> None:
    """Write down what is concluded, signed; an empty text takes it back."""
    if not Account.objects.editable_by(by).filter(losses=post_mortem.loss_id).exists():
        raise PermissionDenied
    post_mortem.conclusion = text.strip()
    post_mortem.done_by, post_mortem.done_on = (by, today) if post_mortem.conclusion else (None, None)
    post_mortem.save(update_fields=["conclusion", "done_by", "done_on"])
