"""The row of each account that pages show: gathered once when it is judged, so that no page computes anything."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from signals.compute.base import Status
from signals.compute.proactive_gap import PROACTIVE_PURPOSES
from signals.models import Band, Run, Standing
from signals.strips import build_strips

if TYPE_CHECKING:
    from signals.services.assess import Assessment

CHANGE_SPAN = dt.timedelta(days=30)
REVENUE_SPAN = dt.timedelta(days=365)
# Money counts as at risk in these bands, in proportion to the risk.
BANDS_AT_RISK = (Band.AT_RISK, Band.DRIFTING)
BAND_RANK = {band: rank for rank, band in enumerate((Band.AT_RISK, Band.DRIFTING, Band.UNKNOWN, Band.HEALTHY))}
MOST_REASONS = 3
CENT = Decimal("0.01")
# PostgreSQL reads this word as the moment of the transaction.
NOW = "now"

Row = tuple[Any, ...]
COLUMNS = (
    "account_id", "run_id", "ticket", "as_of", "computed_at", "state", "error", "band", "band_rank", "risk",
    "probability", "coverage", "change_30d", "starting_points", "contributions", "top_reasons", "last_contact_on",
    "last_proactive_on", "due_on", "latest_on", "last_order_on", "next_planned_on", "next_planned_channel",
    "next_planned_purpose", "first_plan_on", "first_plan_by_id", "expected_next_on", "open_incidents",
    "notice_state", "notice_on", "notice_amount", "revenue_12m", "revenue_at_risk", "strip",
)  # fmt: skip


def rows(judged: "Assessment", run: Run, earlier_risk: Mapping[int, int]) -> list[Row]:
    """One row per account; `earlier_risk` is that of about 30 days before, where one is known."""
    index = judged.risk.index
    gathered = {
        **_days(judged),
        **_due(judged),
        **_plans(judged),
        "open_incidents": _open_incidents(judged),
        **_order_outlook(judged),
        **_notice(judged),
    }
    table = pd.DataFrame({name: column.reindex(index) for name, column in gathered.items()}, index=index)
    revenue = _revenue(judged).reindex(index, fill_value=0.0)
    strips = _strips(judged, table)
    return [
        _row(
            run,
            account_id,
            verdict=verdict,
            facts=facts,
            money=money,
            strip=strip,
            earlier_risk=earlier_risk.get(account_id),
        )
        for account_id, verdict, facts, money, strip in zip(
            index.tolist(), _records(judged.risk), _plain(table), revenue.tolist(), strips, strict=True
        )
    ]


def not_computed_rows(accounts: Sequence[int], run: Run, error: str) -> list[Row]:
    """What stands for an account that could not be computed: nothing but that, and why."""
    unknown = (Standing.State.NOT_COMPUTED, error, Band.UNKNOWN, BAND_RANK[Band.UNKNOWN], None, None, 0.0, None, None)
    nothing = ("[]", "[]", None, None, None, None, None, None, "", "", None, None, None, 0, "", None, None, 0, 0, "{}")
    return [(key, run.pk, run.ticket, run.business_date, NOW, *map(_text, unknown), *nothing) for key in accounts]


def _row(
    run: Run,
    account_id: int,
    *,
    verdict: dict[str, Any],
    facts: dict[str, Any],
    money: float,
    strip: dict[str, Any],
    earlier_risk: int | None,
) -> Row:
    band, chance = verdict["band"], round(verdict["probability"], 9)
    revenue = Decimal(money).quantize(CENT)
    at_risk = (max(revenue, Decimal()) * Decimal(chance)).quantize(CENT) if band in BANDS_AT_RISK else Decimal()
    reasons = [item["key"] for item in verdict["contributions"] if item["points"] >= 1][:MOST_REASONS]
    return (
        account_id, run.pk, run.ticket, run.business_date, NOW, str(Standing.State.COMPUTED), "", band, BAND_RANK[band],
        verdict["risk"], chance, round(verdict["coverage"], 9),
        None if earlier_risk is None else verdict["risk"] - earlier_risk,
        verdict["starting_points"], json.dumps(_rounded(verdict["contributions"])), json.dumps(reasons),
        facts["last_contact_on"], facts["last_proactive_on"], facts["due_on"], facts["latest_on"],
        facts["last_order_on"],
        facts["next_planned_on"], facts["next_planned_channel"] or "", facts["next_planned_purpose"] or "",
        facts["first_plan_on"], None if facts["first_plan_by"] is None else int(facts["first_plan_by"]),
        facts["expected_next_on"], int(facts["open_incidents"] or 0), facts["notice_state"] or "", facts["notice_on"],
        _money(facts["notice_amount"]), revenue, at_risk, json.dumps(strip),
    )  # fmt: skip


def _rounded(contributions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The last bits of a float depend on how many accounts were computed together; what is stored must not."""
    return [
        {name: round(value, 9) if isinstance(value, float) else value for name, value in item.items()}
        for item in contributions
    ]


def _days(judged: "Assessment") -> dict[str, pd.Series]:
    met, ordered = judged.facts.interactions, judged.facts.orders
    ours = (met["initiator"] == "us") & met["purpose"].isin(PROACTIVE_PURPOSES)
    return {
        "last_contact_on": met.groupby("account_id")["day"].max(),
        "last_proactive_on": met[ours].groupby("account_id")["day"].max(),
        "last_order_on": ordered[ordered["amount"] > 0].groupby("account_id")["day"].max(),
    }


def _due(judged: "Assessment") -> dict[str, pd.Series]:
    """When we are to come again, as the proactive gap counts it; nothing where nothing is promised."""
    reading = judged.readings["proactive_gap"]
    promised = reading["status"] != Status.NOT_USED
    details = pd.DataFrame(reading["details"].tolist(), index=reading.index)
    return {name: _moments(details, name).where(promised) for name in ("due_on", "latest_on")}


def _plans(judged: "Assessment") -> dict[str, pd.Series]:
    planned, today = judged.facts.planned, pd.Timestamp(judged.as_of)
    ahead = planned[planned["day"] >= today].sort_values(["account_id", "day"], kind="stable")
    following = ahead.drop_duplicates("account_id").set_index("account_id")
    first = planned.sort_values(["account_id", "day"], kind="stable").drop_duplicates("account_id")
    first = first.set_index("account_id")
    return {
        **{f"next_planned_{name}": following[column] for name, column in PLAN_COLUMNS.items()},
        "first_plan_on": first["day"],
        "first_plan_by": first["owner_id"],
    }


PLAN_COLUMNS = {"on": "day", "channel": "channel", "purpose": "purpose"}


def _open_incidents(judged: "Assessment") -> pd.Series:
    incidents = judged.facts.incidents
    return incidents[incidents["resolved"].isna()].groupby("account_id").size()


def _revenue(judged: "Assessment") -> pd.Series:
    orders = judged.facts.orders
    recent = orders[orders["day"] > pd.Timestamp(judged.as_of - REVENUE_SPAN)]
    return recent.groupby("account_id")["amount"].sum().round(2)


def _order_outlook(judged: "Assessment") -> dict[str, pd.Series]:
    """When the next order is expected, since when it is later than usual, and since when orders are not known."""
    reading = judged.readings["order_rhythm"]
    details = pd.DataFrame(reading["details"].tolist(), index=reading.index)
    late_days = (details["silence_days"] - details["usual_until_days"]).astype(float).where(lambda days: days >= 1)
    today = pd.Series(pd.Timestamp(judged.as_of), index=details.index)
    unseen = _moments(details, "complete_to").where(reading["status"] == Status.STALE) + pd.Timedelta(days=1)
    return {
        "expected_next_on": _moments(details, "expected_next").where(reading["status"] == Status.OK),
        "late_from": (today - pd.to_timedelta(np.floor(late_days - 1), unit="D")).where(reading["status"] == Status.OK),
        "no_data_from": unseen,
    }


def _notice(judged: "Assessment") -> dict[str, pd.Series]:
    """How the contract that decides may end, and when: a day that is known holds, however old its feed is."""
    reading = judged.readings.get("notice_window")
    if reading is None:  # rules of before this signal
        return {f"notice_{name}": pd.Series(dtype=object) for name in ("state", "on", "amount")}
    details = pd.DataFrame(reading["details"].tolist(), index=reading.index)
    last_day, end = _moments(details, "notice_by"), _moments(details, "ends_on")
    ends_anyway = details["state"].isin((Standing.Notice.RECEIVED, Standing.Notice.ENDING))
    return {
        "notice_state": details["state"],
        "notice_on": last_day.where(~ends_anyway, end),
        "notice_amount": details["amount"].astype(float),
    }


def _money(amount: float | None) -> Decimal | None:
    return None if amount is None else Decimal(amount).quantize(CENT)


def _moments(details: pd.DataFrame, name: str) -> pd.Series:
    return pd.to_datetime(details[name], format="%Y-%m-%d")


def _strips(judged: "Assessment", table: pd.DataFrame) -> list[dict[str, Any]]:
    met, incidents = judged.facts.interactions, judged.facts.incidents
    proactive = (met["initiator"] == "us") & met["purpose"].isin(PROACTIVE_PURPOSES)
    return build_strips(
        table.index.to_numpy(),
        orders=judged.facts.orders,
        contacts=met[["account_id", "day"]].assign(proactive=proactive),
        incidents=incidents[["account_id"]].assign(
            opened=incidents["day"], resolved=pd.to_datetime(np.floor(incidents["resolved"]), unit="D")
        ),
        late_from=table["late_from"],
        no_data_from=table["no_data_from"],
        as_of=judged.as_of,
    )


def _plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows with dates and None instead of timestamps, NaT and NaN."""
    plain = {
        name: column.dt.date if column.dtype.kind == "M" else column.astype(object) for name, column in table.items()
    }
    objects = pd.DataFrame(plain, index=table.index, dtype=object)
    return _records(objects.where(objects.notna(), None))


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    columns = [table[name].tolist() for name in table.columns]
    return [dict(zip(table.columns, values, strict=True)) for values in zip(*columns, strict=True)]


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value
