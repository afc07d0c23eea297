"""What is known today of how it went on, put beside a replay."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from signals.compute.backtest_course import NEVER, Course, losses_of
from signals.compute.backtest_replay import Recorder, seen_on
from signals.compute.backtest_tally import Evidence
from signals.compute.base import Facts, Status
from signals.compute.freshness import source_status
from signals.compute.operational_days import operational_clock
from signals.compute.order_days import IntArray, day_numbers, order_days
from signals.compute.proactive_gap import PROACTIVE_PURPOSES


@dataclass(frozen=True)
class Aftermath:
    """What people and feeds told of how it went on.

    Parameters
    ----------
    recorded : DataFrame
        Recorded losses: account_id, day (datetime64[s]), part (bool).
    missing : DataFrame
        Stretches in which the whole feed was silent (from_day, until_day).
    until : date
        Day up to which is known how it went on; orders of a late feed are known to the day it has come to.
    """

    recorded: pd.DataFrame
    missing: pd.DataFrame
    until: dt.date


def evidence_of(recorder: Recorder, facts: Facts, after: Aftermath, margin: float) -> Evidence:
    """Put what became of the accounts beside what was said of them.

    Parameters
    ----------
    recorder : Recorder
        Has taken every day.
    facts : Facts
        Of the same accounts in the same order, all that is known today.
    after : Aftermath
    margin : float
        Points below its threshold at which an alarm of the risk ends.
    """
    known, ids = facts.until(after.until), facts.accounts.index
    orders = order_days(known.orders, ids)
    clock = operational_clock(known.accounts, known.quiet, after.missing)
    course = Course(orders, clock, _known_to(facts, after.until))
    named = after.recorded[after.recorded["account_id"].isin(ids)]
    losses = pd.DataFrame(
        {
            "account": ids.get_indexer(pd.Index(named["account_id"])).astype(np.int64),
            "day": day_numbers(named["day"]),
            "part": named["part"].to_numpy(bool),
        }
    )
    return Evidence(
        replay=recorder.replay(orders, seen_on(known.orders, orders, ids)),
        course=course,
        losses=losses_of(course, losses),
        acts=_acts(known, ids),
        since=_since(known, ids),
        margin=margin,
    )


def _known_to(facts: Facts, until: dt.date) -> IntArray:
    source = source_status(facts, ("orders",), until)
    complete = source["complete_to"].where(source["status"] == Status.STALE, pd.Timestamp(until))
    return day_numbers(complete)


def _packed(account_id: pd.Series, day: IntArray, ids: pd.Index) -> IntArray:
    account = ids.get_indexer(pd.Index(account_id)).astype(np.int64)
    return account * NEVER + day


def _acts(known: Facts, ids: pd.Index) -> IntArray:
    """When somebody did something for an account: a proactive contact, or an incident closed."""
    met, closed = known.interactions, known.incidents[known.incidents["resolved"].notna()]
    ours = met[(met["initiator"] == "us") & met["purpose"].isin(PROACTIVE_PURPOSES)]
    contacts = _packed(ours["account_id"], day_numbers(ours["day"]), ids)
    incidents = _packed(closed["account_id"], np.floor(closed["resolved"].to_numpy()).astype(np.int64), ids)
    return np.sort(np.concatenate([contacts, incidents]))


def _since(known: Facts, ids: pd.Index) -> IntArray:
    """The day on which each account's first order or contact was known; NEVER without one."""
    rows = pd.concat([table[["account_id", "day", "known_on"]] for table in (known.orders, known.interactions)])
    first = rows[["day", "known_on"]].max(axis=1).groupby(rows["account_id"]).min().reindex(ids)
    return np.where(first.isna(), NEVER, day_numbers(first.fillna(pd.Timestamp(0)))).astype(np.int64)
