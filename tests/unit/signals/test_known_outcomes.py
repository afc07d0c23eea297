"""What counts as an outcome, worked by hand."""

import datetime as dt

import pandas as pd
import pytest

from signals.compute.known_outcomes import Outcome, origins, outcome_of_windows, reliability, silent_leavers

AS_OF = dt.date(2026, 6, 30)
ORIGIN = pd.Timestamp(AS_OF) - pd.Timedelta(days=180)


def table(*rows: tuple[int, int], **more: list[str]) -> pd.DataFrame:
    """Account, and days after the origin."""
    days = pd.Series([ORIGIN + pd.Timedelta(days=day) for _account, day in rows], dtype="datetime64[s]")
    accounts = pd.Series([account for account, _day in rows], dtype="int64")
    return pd.DataFrame({"account_id": accounts, "day": days, **more})


def judged(
    accounts: list[int], lost: pd.DataFrame, silent: pd.DataFrame, alerts: pd.DataFrame | None = None
) -> dict[int, str]:
    starts = pd.DataFrame({"account_id": accounts, "origin": ORIGIN})
    none = table(outcome=[])
    found = outcome_of_windows(starts, {Outcome.LOST: lost, Outcome.SILENT: silent}, none if alerts is None else alerts)
    return dict(zip(found["account_id"], found["outcome"], strict=True))


def test_windows_do_not_overlap() -> None:
    assert [(AS_OF - day).days for day in origins(AS_OF)] == [180, 360, 540]


@pytest.mark.parametrize(("day", "outcome"), [(0, None), (1, "lost"), (180, "lost"), (181, "stayed")])
def test_a_loss_counts_in_the_window_after_the_origin(day: int, outcome: str | None) -> None:
    assert judged([1], table((1, day)), table()).get(1) == outcome


def test_a_loss_counts_before_a_silence_and_both_before_what_somebody_said() -> None:
    alerts = table((1, 10), (2, 10), (3, 10), (3, 90), (4, 10), outcome=["false", "false", "real", "false", "real"])
    found = judged([1, 2, 3, 4, 5], table((1, 50)), table((1, 40), (2, 40)), alerts)
    assert found == {1: "lost", 2: "silent", 3: "false", 4: "real", 5: "stayed"}


def test_a_second_loss_of_an_account_that_had_left_is_no_case() -> None:
    assert judged([1], table((1, -5), (1, 50)), table()) == {}


def test_a_silent_leaver_let_three_expected_orders_pass_within_its_horizon() -> None:
    rhythm = pd.DataFrame(
        {
            "account_id": [1, 2, 3, 4],
            "silence_days": [60.0, 59.0, 179.0, 180.0],
            "mean_gap_days": [20.0, 20.0, 61.0, 60.0],
            "elapsed_days": [70.0, 70.0, 179.0, 180.0],
            "horizon_days": [60.0, 60.0, 180.0, 180.0],
            "usual_gap_days": [18.0, 18.0, 60.0, 55.0],
        }
    )
    found = silent_leavers(rhythm, AS_OF)
    assert found["account_id"].tolist() == [1, 4]
    assert [day.date() for day in found["day"]] == [AS_OF - dt.timedelta(days=52), AS_OF - dt.timedelta(days=125)]


def test_reliability_counts_by_tens_with_wilson_s_interval() -> None:
    risk = pd.Series([20, 29, 25, 25, 30, 99, 100])
    gone = pd.Series([True, False, False, False, True, True, True])
    found = reliability(risk, gone)
    assert found[["low", "high", "accounts", "gone"]].to_numpy().tolist() == [
        [20, 30, 4, 1],
        [30, 40, 1, 1],
        [90, 100, 2, 2],
    ]
    first = found.iloc[0]
    # The interval of 1 in 4 by statsmodels 0.14, proportion_confint with the method wilson.
    assert (first["share"], first["share_low"], first["share_high"]) == pytest.approx((0.25, 0.0456, 0.6994), abs=1e-4)


def test_no_case_gives_no_row() -> None:
    assert reliability(pd.Series(dtype="int64"), pd.Series(dtype=bool)).empty
