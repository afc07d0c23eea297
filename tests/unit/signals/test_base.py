import numpy as np
import pandas as pd
import pytest

from signals.compute.base import Facts, Status, json_records, lookup, result_frame
from signals.compute.columns import COLUMNS
from signals.compute.freshness import source_status
from tests.unit.signals.frames import account, accounts, contact, contacts, day, freshness, interactions, table


def test_empty_facts_have_all_columns() -> None:
    facts = Facts.empty()
    for name, columns in COLUMNS.items():
        assert dict(getattr(facts, name).dtypes.astype(str)) == columns


@pytest.mark.parametrize(
    ("orders", "message"),
    [
        (table("orders", []).drop(columns="amount"), "orders: column amount is missing"),
        (table("orders", []).astype({"account_id": "float64"}), "orders.account_id: expected int64, got float64"),
        (table("orders", []).astype({"account_id": "Int64"}), "orders.account_id: expected int64, got Int64"),
        (table("orders", []).assign(day=pd.to_datetime([], utc=True)), "orders.day: expected datetime64"),
        (table("orders", []).astype({"day": "str"}), "orders.day: expected datetime64"),
    ],
)
def test_wrong_table_is_refused_where_it_is_built(orders: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message.replace("[", r"\[")):
        Facts(orders=orders)


def test_repeated_account_is_refused() -> None:
    with pytest.raises(ValueError, match="unique"):
        Facts(accounts=accounts((1, "DE", 30, 45, 1), (1, "DE", 30, 45, 2)))


def test_until_keeps_the_day_itself_and_drops_the_next() -> None:
    facts = Facts(
        interactions=interactions(
            (1, "2026-02-28", "us", "order"),
            (2, "2026-03-01", "us", "order", np.nan, False, "2026-02-01"),  # entered ahead of its day
            (3, "2026-02-01", "us", "order", np.nan, False, "2026-03-01"),  # entered late
        )
    )
    assert facts.until(day("2026-02-28")).interactions["account_id"].tolist() == [1]
    assert facts.until(day("2026-03-01")).interactions["account_id"].tolist() == [1, 2, 3]


def test_until_takes_back_an_ending_that_was_learnt_later() -> None:
    facts = Facts(contacts=contacts(contact(1, left_on="2026-02-10", left_known_on="2026-03-01", successor_id=2)))
    before, after = (facts.until(day(as_of)).contacts.iloc[0] for as_of in ("2026-02-28", "2026-03-01"))
    assert before[["left_on", "left_known_on", "successor_id"]].isna().all()
    assert after["left_on"] == pd.Timestamp("2026-02-10")
    assert after["successor_id"] == 2


def test_until_counts_an_ending_without_day_of_learning_from_its_own() -> None:
    facts = Facts(contacts=contacts(contact(1, left_on="2026-02-10", left_known_on=None)))
    assert facts.until(day("2026-02-09")).contacts["left_on"].isna().all()
    assert facts.until(day("2026-02-10")).contacts["left_on"].notna().all()


def test_until_drops_contacts_who_have_not_come() -> None:
    people = (contact(1, since="2026-03-01"), contact(2, since=None), contact(3, known_on="2026-03-01"))
    assert Facts(contacts=contacts(*people)).until(day("2026-02-28")).contacts["contact_id"].tolist() == [2]


def test_until_keeps_closures_that_lie_ahead() -> None:
    rows = [
        (np.nan, "", "2026-08-03", "2026-08-21", "2026-01-01", "Works holiday"),
        (np.nan, "", "2026-08-03", "2026-08-21", "2026-03-01", "Entered later"),
    ]
    assert Facts(quiet=table("quiet", rows)).until(day("2026-02-28")).quiet["reason"].tolist() == ["Works holiday"]


def test_facts_of_some_accounts_keep_quiet_periods_of_all() -> None:
    rows = [(owner, "", "2026-08-03", "2026-08-21", "2026-01-01", "Closed") for owner in (np.nan, 1.0, 2.0)]
    facts = Facts(accounts=accounts((1, "DE", 30, 45, 1), (2, "DE", 30, 45, 1)), quiet=table("quiet", rows))
    one = facts.for_accounts([1])
    assert one.accounts.index.tolist() == [1]
    assert one.quiet["account_id"].fillna(0).tolist() == [0, 1]


@pytest.mark.parametrize(
    ("feeds", "status"),
    [
        ([], "ok"),
        ([("orders", "2026-03-27", 2.0, True)], "ok"),  # 4 days: two intervals
        ([("orders", "2026-03-26", 2.0, True)], "stale"),
        ([("orders", "2026-04-30", 2.0, True)], "ok"),  # replay: the feed has run on since
        ([("orders", "2026-03-26", 2.0, False)], "not_used"),
        ([("contacts", "2026-01-01", 2.0, True)], "ok"),  # not a source of the signal
        ([("orders", "2026-03-26", 2.0, False), ("orders", "2026-03-30", 1.0, True)], "ok"),
        ([("orders", "2026-03-26", 2.0, True), ("orders", "2026-03-30", 1.0, True)], "stale"),
        ([("orders", None, 2.0, True)], "ok"),  # never delivered: no rows, which the signal reports
    ],
)
def test_source_is_stale_after_two_intervals(feeds: list[tuple[object, ...]], status: str) -> None:
    facts = Facts(accounts=account(), freshness=freshness(*((1, *feed) for feed in feeds)))
    assert source_status(facts, ("orders",), day("2026-03-31"))["status"].tolist() == [status]


def test_source_furthest_behind_is_named() -> None:
    rows = [(1, "orders", "2026-02-01", 1.0, True), (1, "orders", "2026-01-01", 1.0, True)]
    found = source_status(Facts(accounts=account(), freshness=freshness(*rows)), ("orders",), day("2026-03-31"))
    assert found["complete_to"].iloc[0] == pd.Timestamp("2026-01-01")


def test_level_without_ok_is_empty() -> None:
    facts = Facts(accounts=accounts((1, "DE", 30, 45, 1), (2, "DE", 30, 45, 1)))
    result = result_frame(
        facts,
        value=[1, 2],
        baseline=[3, 4],
        level=[0.5, 0.5],
        status=[Status.OK, Status.STALE],
        details=[{}, {}],
        evidence=[{}, {}],
    )
    assert result["level"].isna().tolist() == [False, True]
    assert result["status"].tolist() == ["ok", "stale"]


def test_json_has_days_in_iso_whole_numbers_as_int_and_none_for_missing() -> None:
    frame = pd.DataFrame(
        {
            "day": pd.Series(["2026-02-28", None], dtype="datetime64[s]"),
            "count": [1.0, np.nan],
            "share": [0.5, 1.0],
            "name": ["x", None],
            "flag": [True, False],
        }
    )
    assert json_records(frame) == [
        {"day": "2026-02-28", "count": 1, "share": 0.5, "name": "x", "flag": True},
        {"day": None, "count": None, "share": 1, "name": None, "flag": False},
    ]


def test_lookup_finds_days_even_in_an_empty_table() -> None:
    keys = pd.Series([2, 1, 2], index=[7, 8, 9])
    days = pd.Series(pd.to_datetime(["2026-01-01"]), index=[2])
    assert lookup(days, keys).notna().tolist() == [True, False, True]
    assert lookup(days.iloc[:0], keys).isna().all()
