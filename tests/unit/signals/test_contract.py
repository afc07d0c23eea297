"""What holds for every signal of the registry."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.compute.base import Facts, Signal, Status, json_records
from signals.compute.columns import COLUMNS
from signals.compute.known_until import HAPPENED, KNOWN
from signals.compute.registry import BY_KEY, SIGNALS
from signals.compute.rules import DEFAULT_RULES
from tests.unit.signals.frames import portfolio, table

AS_OF = dt.date(2026, 3, 31)
# Where the rows of a reading are listed.
TABS = {"orders", "contacts", "interactions", "incidents", "inquiries", "events", "loyalty", "contracts", "owner"}
TABLES = [name for name in COLUMNS if name != "accounts"]
every_signal = pytest.mark.parametrize("signal", SIGNALS, ids=lambda signal: signal.key)
seeds = st.integers(0, 3)
# Fitting a portfolio's rhythm takes a while; a few portfolios with hundreds of rows say more than many tiny ones.
few = settings(max_examples=3, deadline=None)


def run(signal: Signal, facts: Facts, as_of: dt.date = AS_OF) -> pd.DataFrame:
    return signal.compute(facts, signal.fit(facts, as_of), as_of)


def fed(facts: Facts, complete_to: dt.date, *, used: bool = True) -> Facts:
    """Give every account one feed per source, due each day."""
    sources = sorted({source for signal in SIGNALS for source in signal.sources})
    rows = [
        (number, source, pd.Timestamp(complete_to), 1.0, used) for number in facts.accounts.index for source in sources
    ]
    return replace(facts, freshness=table("freshness", rows))


def settled(facts: Facts) -> Facts:
    """Leave the accounts without owners, so that none of them is one who logs nothing."""
    return replace(facts, accounts=facts.accounts.assign(owner_id=np.nan))


@every_signal
@given(seed=seeds)
@few
def test_result_has_one_row_per_account_and_levels_from_0_to_1(signal: Signal, seed: int) -> None:
    facts = portfolio(seed, AS_OF)
    result = run(signal, facts)
    pd.testing.assert_index_equal(result.index, facts.accounts.index)
    assert list(result.columns) == ["value", "baseline", "level", "status", "details", "evidence"]
    assert set(result["status"]) <= {status.value for status in Status}
    known = result["status"] == "ok"
    assert known.any()
    assert result.loc[known, "level"].between(0, 1).all()
    assert result.loc[~known, "level"].isna().all()


@every_signal
@given(seed=seeds)
@few
def test_order_of_rows_is_irrelevant(signal: Signal, seed: int) -> None:
    facts = portfolio(seed, AS_OF)
    shuffled = Facts(**{name: getattr(facts, name).sample(frac=1, random_state=seed) for name in COLUMNS})
    pd.testing.assert_frame_equal(run(signal, shuffled).loc[facts.accounts.index], run(signal, facts))


@every_signal
@given(seed=seeds)
@few
def test_rows_that_were_not_known_change_nothing(signal: Signal, seed: int) -> None:
    facts = portfolio(seed, AS_OF)
    known = facts.until(AS_OF)
    assert len(known.interactions) < len(facts.interactions)
    params = signal.fit(known, AS_OF)
    assert signal.fit(facts, AS_OF) == params
    pd.testing.assert_frame_equal(signal.compute(known, params, AS_OF), signal.compute(facts, params, AS_OF))


@every_signal
def test_until_drops_rows_by_event_and_by_learning_day(signal: Signal) -> None:
    known = portfolio(1, AS_OF).until(AS_OF)
    day = pd.Timestamp(AS_OF)
    for name in (*HAPPENED, "incidents", "inquiries", "answers"):
        rows = getattr(known, name)
        assert len(rows)
        assert (rows["day"] <= day).all()
        assert (rows["known_on"] <= day).all()
    assert not (known.contacts["left_known_on"] > day).any()
    assert not (known.contacts["leaving_known_on"] > day).any()
    assert not (known.incidents["resolved_known_on"] > day).any()
    for name in (*KNOWN, "contracts", "ownerships"):
        assert len(getattr(known, name)) or name == "quiet"
        assert (getattr(known, name)["known_on"] <= day).all()
    endings = {"ownerships": "until", "inquiries": "decided", "answers": "answered", "contracts": "notice_received"}
    for name, ending in endings.items():
        rows = getattr(known, name)
        assert rows[f"{ending}_known_on"].notna().any()
        assert not (rows[f"{ending}_known_on"] > day).any()
        day_of = f"{ending}_day" if ending == "until" else f"{ending}_on"
        assert rows.loc[rows[f"{ending}_known_on"].isna(), day_of].isna().all()
    undecided = known.inquiries["decided_on"].isna()
    assert (known.inquiries.loc[undecided, "outcome"] == "open").all()
    assert known.answers.loc[known.answers["answered_on"].isna(), "score"].isna().all()


@every_signal
@given(seed=seeds)
@few
def test_input_is_not_mutated(signal: Signal, seed: int) -> None:
    facts = portfolio(seed, AS_OF)
    copies = {name: getattr(facts, name).copy(deep=True) for name in COLUMNS}
    run(signal, facts)
    for name, copy in copies.items():
        pd.testing.assert_frame_equal(getattr(facts, name), copy)


@every_signal
@given(seed=seeds)
@few
def test_given_params_other_accounts_change_nothing(signal: Signal, seed: int) -> None:
    facts = portfolio(seed, AS_OF)
    params = signal.fit(facts, AS_OF)
    some = [1, 4, 12]
    alone = signal.compute(facts.for_accounts(some), params, AS_OF)
    pd.testing.assert_frame_equal(alone, signal.compute(facts, params, AS_OF).loc[some])


@every_signal
def test_params_survive_json(signal: Signal) -> None:
    facts = portfolio(7, AS_OF)
    params = signal.fit(facts, AS_OF)
    stored = json.loads(json.dumps(params, allow_nan=False))
    pd.testing.assert_frame_equal(signal.compute(facts, stored, AS_OF), signal.compute(facts, params, AS_OF))


@every_signal
def test_empty_tables_are_allowed(signal: Signal) -> None:
    assert run(signal, Facts.empty()).empty
    without_rows = run(signal, Facts(accounts=portfolio(3, AS_OF).accounts))
    assert set(without_rows["status"]) <= {"no_data", "insufficient_history"}
    assert len(without_rows) == 12


@every_signal
@pytest.mark.parametrize("missing", TABLES)
def test_one_empty_table_is_allowed(signal: Signal, missing: str) -> None:
    facts = portfolio(5, AS_OF)
    without: dict[str, Any] = {missing: table(missing, [])}
    result = run(signal, replace(facts, **without))
    assert len(result) == len(facts.accounts)


@every_signal
def test_reading_is_json(signal: Signal) -> None:
    result = run(signal, portfolio(11, AS_OF))
    for details, evidence in zip(result["details"], result["evidence"], strict=True):
        json.dumps(details, allow_nan=False)
        json.dumps(evidence, allow_nan=False)
        assert set(evidence) == {"tab", "count", "from", "until", "ids"}
        assert evidence["tab"] in TABS
        assert isinstance(evidence["count"], int)


@every_signal
def test_late_feed_is_stale_and_unused_feed_not_used(signal: Signal) -> None:
    facts = settled(portfolio(13, AS_OF))
    assert "ok" in set(run(signal, fed(facts, AS_OF - dt.timedelta(days=2)))["status"])
    late = run(signal, fed(facts, AS_OF - dt.timedelta(days=3)))
    assert set(late["status"]) <= {"stale", "no_data"}
    assert "stale" in set(late["status"])
    assert set(run(signal, fed(facts, AS_OF, used=False))["status"]) == {"not_used"}


@every_signal
def test_explain_speaks_for_every_status(signal: Signal) -> None:
    facts = settled(portfolio(17, AS_OF))
    results = [
        run(signal, facts),
        run(signal, fed(facts, AS_OF - dt.timedelta(days=30))),
        run(signal, fed(facts, AS_OF, used=False)),
        run(signal, Facts(accounts=facts.accounts)),
        run(signal, facts, AS_OF - dt.timedelta(days=690)),
    ]
    readings = json_records(pd.concat(results))
    seen = {reading["status"] for reading in readings}
    assert {"ok", "stale", "not_used"} <= seen
    for reading in readings:
        for sentence in (signal.explain(reading), signal.headline(reading)):
            assert sentence.endswith(".")
            assert sentence[0] == sentence[0].upper()
            assert "None" not in sentence
            assert "nan" not in sentence.lower().split()


def test_registry_agrees_with_rules_and_docs() -> None:
    assert len(BY_KEY) == len(SIGNALS)
    assert set(BY_KEY) == set(DEFAULT_RULES.weights)
    docs = Path(__file__).parents[3] / "docs" / "signals"
    for signal in SIGNALS:
        assert DEFAULT_RULES.weights[signal.key].family == signal.family
        assert (docs / f"{signal.key}.md").is_file()
