"""The chance of no order that is learnt from one's own earlier days."""

import datetime as dt
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit
from scipy.stats import mannwhitneyu

from signals.compute.base import Facts, Json
from signals.compute.gaps import weighted_sums
from signals.compute.order_days import order_days
from signals.compute.order_features import FEATURES, Outlook, features
from signals.compute.order_history import OrderHistory, order_history
from signals.compute.order_outlook import LearntChance
from signals.compute.order_rhythm import OrderRhythm
from signals.compute.order_season import order_season
from signals.compute.order_states import past_states, present_states
from signals.compute.renewal import VAGUE_PRIOR, Prior
from signals.compute.score_table import facts_of_table
from tests.unit.signals.frames import table

SIGNAL = OrderRhythm()
FIRST = dt.date(2022, 1, 3)
NOTHING_MISSING = pd.DataFrame({"from_day": [], "until_day": []}, dtype="datetime64[s]")


@lru_cache
def portfolio(size: int = 300, days: int = 1200) -> Facts:
    """Half of the accounts fade: their gaps grow and their orders shrink before they stop."""
    rng = np.random.default_rng(5)
    rows = []
    for account in range(size):
        mean, stop = rng.uniform(8, 40), rng.uniform(300, days) if account % 2 else np.inf
        at = rng.uniform(0, mean)
        while at < min(days, stop):
            fading = at > stop - 120
            rows.append((account, int(at), (100 if fading else 1000) * rng.lognormal(0, 0.3)))
            at += rng.gamma(2, mean / 2) * (1.6 if fading else 1)
    names, offsets, amounts = zip(*rows, strict=True)
    day = pd.Series(pd.Timestamp(FIRST) + pd.to_timedelta(offsets, unit="D")).astype("datetime64[s]")
    return facts_of_table(pd.DataFrame({"customer": [f"{name:04d}" for name in names], "day": day, "amount": amounts}))[
        0
    ]


def as_of(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)


@lru_cache
def learnt() -> Json:
    return SIGNAL.fit(portfolio(), as_of(1150))


def details(params: Json, known: Facts | None = None, number: int = 1150) -> pd.DataFrame:
    found = SIGNAL.compute(known or portfolio(), params, as_of(number))
    return pd.DataFrame(list(found["details"]), index=found.index).assign(level=found["level"], status=found["status"])


def auc(gone: Any, score: Any) -> float:
    return float(mannwhitneyu(score[gone], score[~gone]).statistic / (gone.sum() * (~gone).sum()))


def history(known: Facts, number: int) -> OrderHistory:
    cut = known.until(as_of(number))
    day = (as_of(number) - dt.date(1970, 1, 1)).days
    return order_history(cut, order_days(cut.orders, cut.accounts.index), NOTHING_MISSING, day, 365.0)


def outlook(of: OrderHistory) -> Outlook:
    other = Prior(2.0, 40.0, VAGUE_PRIOR.weights, 0.3, 9.0)
    priors = {180.0: other, 365.0: VAGUE_PRIOR, 1e6: other}
    return Outlook(priors, 365.0, order_season(of.days, NOTHING_MISSING, of.as_of_day))


def test_past_state_is_what_the_day_itself_would_have_shown() -> None:
    """Nothing that came later may leak into what is learnt from."""
    whole, then = history(portfolio(), 1150), history(portfolio(), 700)
    season = outlook(whole)
    past = past_states(whole, np.arange(300), np.array([then.as_of_day]))
    past = past.take(past.order_days >= 5)
    present = present_states(then)
    present = present.take(present.order_days >= 5)
    assert past.account.tolist() == present.account.tolist()
    horizon = np.full(len(past.account), 45.0)
    remembered, seen = features(past, horizon, season), features(present, horizon, season)
    assert tuple(seen) == FEATURES
    for name in FEATURES:
        assert remembered[name] == pytest.approx(seen[name], rel=1e-9, abs=1e-9), name
    assert past.mean_gap == pytest.approx(then.mean_gap[present.account])


def test_sums_of_the_present_are_those_of_the_history() -> None:
    now = history(portfolio(), 900)
    found, wanted = present_states(now).sums(365.0), weighted_sums(now.gaps, now.weights).take(now.ordered)
    for name in ("count", "days", "log_days"):
        assert getattr(found, name) == pytest.approx(getattr(wanted, name), rel=1e-9)


def test_next_order_of_a_past_state() -> None:
    whole = history(portfolio(), 1150)
    past = past_states(whole, np.arange(300), np.array([whole.as_of_day - 200]))
    last_days = pd.Series(whole.days.day).groupby(whole.days.account).max()
    none_since = last_days.reindex(past.account).to_numpy() <= whole.as_of_day - 200
    assert (np.isinf(past.next_position()) == none_since).all()
    assert (past.next_position() > past.position).all()


def test_learnt_chance_is_used_and_says_on_what_it_rests() -> None:
    found = details(learnt())
    ok = found[found["status"] == "ok"]
    gone = learnt()["learnt"]["gone"]
    assert gone >= 100
    assert ok["learnt_from"].eq(gone).all()
    assert (ok["p_no_order"] == ok["level"].round(6)).all()
    within = ok[ok["silence_days"] <= ok["horizon_days"]]
    assert (within["p_no_order"] != within["p_renewal"]).mean() > 0.9


def test_learnt_chance_ranks_fading_accounts_better_than_the_plain_one() -> None:
    params, parts = SIGNAL.fit(portfolio(), as_of(800)), []
    orders = portfolio().orders
    for number in range(800, 1100, 30):
        found = details(params, number=number)
        later = orders[orders["day"] > pd.Timestamp(as_of(number))].groupby("account_id")["day"].min()
        wait = (later.reindex(found.index) - pd.Timestamp(as_of(number))).dt.days
        rows = found[(found["status"] == "ok") & (found["silence_days"] <= found["horizon_days"] / 2)]
        parts.append(rows.assign(gone=~(wait <= found["horizon_days"])))
    cases = pd.concat(parts)
    gone = cases["gone"].to_numpy()
    assert 30 < gone.sum() < len(cases) / 4
    assert auc(gone, cases["p_no_order"].to_numpy()) > auc(gone, cases["p_renewal"].to_numpy()) + 0.1


def test_too_few_cases_leave_the_plain_chance() -> None:
    few = portfolio().for_accounts(range(30))
    params = SIGNAL.fit(few, as_of(1150))
    assert params["learnt"] is None
    found = details(params, few)
    assert found["p_no_order"].equals(found["p_renewal"])
    assert found["learnt_from"].isna().all()


def test_correction_fades_to_a_half_where_few_cases_taught_it() -> None:
    """In full up to half the horizon; at its end and beyond the mean of both log odds."""
    found = details(learnt())
    states = present_states(history(portfolio(), 1150))
    states = states.take(states.order_days >= 5)
    chance = LearntChance.from_json(learnt()["learnt"], Prior.from_json(learnt()["prior"]), 365.0)
    horizon = found["horizon_days"].to_numpy()[states.account]
    seen = features(states, horizon, chance.outlook)
    full, told = chance.correction.chance(seen["own"], seen), found["p_no_order"].to_numpy()[states.account]
    early, beyond = states.silence <= horizon / 2, states.silence >= horizon
    assert min(early.sum(), beyond.sum()) > 20
    assert told[early] == pytest.approx(full[early], abs=1e-5)
    assert told[beyond] == pytest.approx(expit((logit(full) + seen["own"]) / 2)[beyond], abs=1e-5)


def test_account_without_enough_order_days_keeps_the_plain_chance() -> None:
    rows = [(999, str(as_of(1100 + 9 * number)), 50.0, str(as_of(1100 + 9 * number))) for number in range(3)]
    new = table("orders", rows)
    one = facts_with(new)
    found = details(learnt(), one).loc[999]
    assert found["status"] == "insufficient_history"
    assert found["p_no_order"] == found["p_renewal"]
    assert pd.isna(found["learnt_from"])


def facts_with(orders: pd.DataFrame) -> Facts:
    ids = pd.Index([999], dtype="int64", name="account_id")
    return Facts(accounts=portfolio().accounts.iloc[:1].set_axis(ids), orders=orders)


def test_rare_buyer_keeps_the_plain_chance() -> None:
    quarterly = [str(as_of(90 * number)) for number in range(12)]
    found = details(learnt(), facts_with(table("orders", [(999, each, 50.0, each) for each in quarterly]))).loc[999]
    assert found["status"] == "ok"
    assert found["p_no_order"] == found["p_renewal"]


def test_given_params_an_account_is_judged_alone() -> None:
    some = [3, 8, 41, 200]
    alone = SIGNAL.compute(portfolio().for_accounts(some), learnt(), as_of(1150))
    together = SIGNAL.compute(portfolio(), learnt(), as_of(1150)).loc[some]
    pd.testing.assert_frame_equal(alone, together, check_exact=True)


def test_fit_is_the_same_to_the_last_bit_and_survives_storage() -> None:
    assert SIGNAL.fit(portfolio(), as_of(1150)) == learnt()
    prior = Prior.from_json(learnt()["prior"])
    assert LearntChance.from_json(learnt()["learnt"], prior, 365.0).to_json() == learnt()["learnt"]


def test_nothing_after_the_day_is_learnt_from() -> None:
    assert SIGNAL.fit(portfolio().until(as_of(900)), as_of(900)) == SIGNAL.fit(portfolio(), as_of(900))
