"""The judgement of accounts for an audit's evidence: risk, pulse strip and money, and which feeds are late."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import OuterRef, QuerySet, Subquery, Sum

from accounts_app.models import Account, Company, Order
from signals.compute.base import Status
from signals.models import Band, ManualJudgement, RiskDay, Standing

Section = dict[str, Any]
YEAR: Final = dt.timedelta(days=365)
# By what a signal's reading names a person; the id beside it stays.
NAMES: Final = frozenset({"name", "successor_name", "without"})
# A source is missing in these states of the signal that rests on it alone.
UNKNOWN: Final = (Status.STALE, Status.NOT_USED)
# Which signal says of a source whether its feed is late.
SIGNAL_OF: Final = {
    "orders": "order_rhythm",
    "interactions": "proactive_gap",
    "incidents": "incident_delay",
    "inquiries": "award_lost",
    "surveys": "loyalty",
    "contracts": "notice_window",
}


@dataclass(frozen=True)
class Judged:
    """How an account stood on the day; nothing of it where it was never judged."""

    standing: Standing | None
    day: RiskDay | None
    judgement: ManualJudgement | None
    currency: str

    def on(self, as_of: dt.date) -> Standing | None:
        """How it was judged, unless that was after the day, or could not be done."""
        standing = self.standing
        is_of_then = standing is not None and standing.as_of <= as_of and standing.state == Standing.State.COMPUTED
        return standing if is_of_then else None

    def knows(self, source: str, *, has_rows: bool) -> Section:
        """Whether a source is known here, as its signal found; without rows only where a feed says there are none."""
        reading = self.reading(SIGNAL_OF[source])
        status = reading["status"] if reading else ""
        until = reading["details"].get("complete_to") if reading else None
        if status in UNKNOWN:
            return {"known": False, "reason": str(status), "until": until}
        is_fed = bool(status) and status != Status.NO_DATA
        if not has_rows and not is_fed:
            return {"known": False, "reason": Status.NO_DATA.value, "until": None}
        return {"known": True, "reason": "", "until": None}

    def reading(self, key: str) -> Mapping[str, Any] | None:
        parts = self.standing.contributions if self.standing else []
        return next((one for one in parts if one["key"] == key), None)


def read_judged(keys: Sequence[int], as_of: dt.date) -> dict[int, Judged]:
    standings = Standing.objects.filter(account__in=keys).select_related("run__rule_set").in_bulk()
    kept = RiskDay.objects.filter(account__in=keys, day__lte=as_of, day__gt=as_of - RiskDay.objects.all().LOOK_BACK)
    days = {row.account_id: row for row in kept.order_by("account_id", "-day").distinct("account_id")}
    said = ManualJudgement.objects.filter(account__in=keys, judged_on__lte=as_of, holds_until__gte=as_of)
    judgements = {row.account_id: row for row in said.filter(ended_at=None)}
    currency = Company.the().currency
    return {key: Judged(standings.get(key), days.get(key), judgements.get(key), currency) for key in keys}


def risk(keys: Sequence[int], as_of: dt.date, judged: Mapping[int, Judged]) -> dict[int, Section]:
    return {key: _risk(judged[key], as_of) for key in keys}


def _risk(judged: Judged, as_of: dt.date) -> Section:
    said = judged.judgement
    judgement = said and {
        "band": said.band,
        "reason": said.reason,
        "by": said.by_id,
        "judged_on": said.judged_on.isoformat(),
        "holds_until": said.holds_until.isoformat(),
    }
    return _computed(judged, as_of) | {"judgement": judgement}


NOT_JUDGED: Final[Section] = {
    "known": False, "reason": "not_judged", "as_of": None, "band": Band.UNKNOWN.value, "risk": None,
    "probability": None, "coverage": None, "change_30d": None, "starting_points": None, "contributions": [],
    "top_reasons": [], "rule_version": None, "error": "",
}  # fmt: skip


def _computed(judged: Judged, as_of: dt.date) -> Section:
    standing, day = judged.standing, judged.day
    if standing is not None and standing.as_of <= as_of:
        return _of_standing(standing)
    if day is None:
        return dict(NOT_JUDGED)
    kept = {"as_of": day.day.isoformat(), "band": day.band, "risk": day.risk, "coverage": day.coverage}
    return NOT_JUDGED | {"known": day.band != Band.UNKNOWN, "reason": _band_reason(day.band)} | kept


def _of_standing(standing: Standing) -> Section:
    told = {"as_of": standing.as_of.isoformat(), "rule_version": standing.run.rule_set.version}
    if standing.state == Standing.State.NOT_COMPUTED:
        return NOT_JUDGED | told | {"reason": "not_computed", "error": standing.error}
    return told | {
        "known": standing.band != Band.UNKNOWN,
        "reason": _band_reason(standing.band),
        "band": standing.band,
        "risk": standing.risk,
        "probability": standing.probability,
        "coverage": standing.coverage,
        "change_30d": standing.change_30d,
        "starting_points": standing.starting_points,
        "contributions": [_without_names(one) for one in standing.contributions],
        "top_reasons": standing.top_reasons,
        "error": "",
    }


def _band_reason(band: str) -> str:
    return "little_known" if band == Band.UNKNOWN else ""


def _without_names(value: Any) -> Any:
    """The same without people's names: sentences are made to do without."""
    if isinstance(value, dict):
        return {name: None if name in NAMES else _without_names(one) for name, one in value.items()}
    return [_without_names(one) for one in value] if isinstance(value, list) else value


def strip(keys: Sequence[int], as_of: dt.date, judged: Mapping[int, Judged]) -> dict[int, Section]:
    """Drawn when the account was last judged; one drawn later than the day is none of that day."""
    return {key: _strip(judged[key].standing, as_of) for key in keys}


def _strip(standing: Standing | None, as_of: dt.date) -> Section:
    if standing is None or not standing.strip or standing.as_of > as_of:
        return {"known": False, "reason": "not_judged", "data": {}}
    return {"known": True, "reason": "", "data": standing.strip}


def money(keys: Sequence[int], as_of: dt.date, judged: Mapping[int, Judged]) -> dict[int, Section]:
    """Orders of twelve months and of the twelve before, as known on the day; at risk as it was judged."""
    orders = Order.objects.filter(account__in=keys, ordered_on__lte=as_of, known_on__lte=as_of).order_by()
    now = _sums(orders.filter(ordered_on__gt=as_of - YEAR))
    before = _sums(orders.filter(ordered_on__lte=as_of - YEAR, ordered_on__gt=as_of - 2 * YEAR))
    first = _first_orders(keys, as_of)
    return {
        key: judged[key].knows("orders", has_rows=first[key] is not None)
        | _amounts(first[key], now.get(key, Decimal()), before.get(key, Decimal()))
        | {"currency": judged[key].currency, "at_risk": _at_risk(judged[key], as_of)}
        for key in keys
    }


def _sums(orders: QuerySet[Order]) -> dict[int, Decimal]:
    return dict(orders.values_list("account").annotate(Sum("reporting_amount")))


def _first_orders(keys: Sequence[int], as_of: dt.date) -> dict[int, dt.date | None]:
    """Since when there are orders on record: each by one look into the index, not by reading them all."""
    orders = Order.objects.filter(account=OuterRef("pk"), known_on__lte=as_of, ordered_on__lte=as_of)
    first = Subquery(orders.order_by("ordered_on").values("ordered_on")[:1])
    return dict(Account.objects.filter(pk__in=keys).values_list("pk", first))


def _amounts(first_on: dt.date | None, now: Decimal, before: Decimal) -> Section:
    """Without any order on record the sums are not zero but not known."""
    told = {"first_order_on": first_on and first_on.isoformat()}
    if first_on is None:
        return told | {"revenue_12m": None, "revenue_before": None}
    return told | {"revenue_12m": str(now), "revenue_before": str(before)}


def _at_risk(judged: Judged, as_of: dt.date) -> str | None:
    """What is to be expected of an Unknown account nobody knows."""
    standing = judged.on(as_of)
    return None if standing is None or standing.band == Band.UNKNOWN else str(standing.revenue_at_risk)
