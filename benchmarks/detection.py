"""How well the order rhythm ranks accounts that are not yet late, replayed on real payment histories.

    python -m benchmarks.detection [london] [--every 60]

Protocol of the design, reduced: eligible on day t with at least 5 order days, own mean gap of at most 60 days and a
silence of at most H = clip(3 mean gaps, 30, 180); gone = no order in (t, t + H]; early zone = silence of at most 1.5
mean gaps. Everything is computed from the rows until t. Windows that touch a stretch in which the whole feed is silent
are left out: whether an account ordered there is not known. Peers: plain rules that need no fitting. Needs the folder
named by VIGIL_TEST_DATA. Tuning looked at london only.
"""

import argparse
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import rankdata

from signals.compute.base import Facts
from signals.compute.order_days import OrderDays, order_days
from signals.compute.order_rhythm import OrderRhythm
from signals.compute.score_table import facts_of_table
from signals.compute.silent_stretches import silent_stretches

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# Ids that stand for many firms (README of the data).
CATCH_ALL = {"V15050001", "V99999999"}
FIRST_YEAR, LONGEST_HORIZON = 365, 180
RESAMPLES, SEED = 400, 7
MEAN_GAPS = ((0, 10), (10, 20), (20, 35), (35, 60))


def read(name: str) -> Facts:
    """Read one of the council files as facts."""
    rows = pd.read_csv(Path(os.environ["VIGIL_TEST_DATA"]) / "council" / f"{name}.csv.gz", parse_dates=["date"])
    rows = rows[~rows["customer"].isin(CATCH_ALL) & rows["amount"].notna()]
    table = rows.rename(columns={"date": "day"}).astype({"day": "datetime64[s]"})
    return facts_of_table(table[["customer", "day", "amount"]])[0]


def cases(facts: Facts, every: int, signal: OrderRhythm) -> pd.DataFrame:
    """Replay: one row per eligible account and origin, with its label and what each method says."""
    days = order_days(facts.orders, facts.accounts.index)
    stretches = silent_stretches(days, int(days.day.max()))
    unknown = [
        ((first - pd.Timestamp(0)).days, (last - pd.Timestamp(0)).days)
        for first, last in zip(stretches["from_day"], stretches["until_day"], strict=True)
    ]
    parts = []
    for origin in range(int(days.day.min()) + FIRST_YEAR, int(days.day.max()) - LONGEST_HORIZON, every):
        rows = _eligible(days, origin)
        as_of = (pd.Timestamp(0) + pd.Timedelta(days=origin)).date()
        readings = signal.compute(facts, signal.fit(facts, as_of), as_of)
        details = pd.DataFrame(list(readings["details"]))
        rows["rhythm"], rows["regularity"] = details["p_no_order"], details["regularity"]
        hidden = np.zeros(len(rows), dtype=bool)
        for first, last in unknown:
            hidden |= ((origin <= last) & (origin + rows["horizon"] >= first)).to_numpy()
        parts.append(rows[~hidden])
    return pd.concat(parts, ignore_index=True)


def _eligible(days: OrderDays, origin: int) -> pd.DataFrame:
    """Return the eligible accounts of a day, index = account, from the bare order days."""
    table = pd.DataFrame({"account": days.account, "day": days.day})
    past, future = table[table["day"] <= origin], table[table["day"] > origin]
    gaps = past.groupby("account")["day"].diff().dropna()
    by_account = gaps.groupby(past["account"])
    rows = pd.DataFrame(
        {
            "silence": origin - past.groupby("account")["day"].max(),
            "orders": past.groupby("account").size(),
            "mean_gap": by_account.mean(),
            "median_gap": by_account.median(),
            "p90_gap": by_account.quantile(0.9),
            "next": future.groupby("account")["day"].min(),
        }
    )
    rows["horizon"] = np.rint((3 * rows["mean_gap"]).clip(30, LONGEST_HORIZON))
    rows = rows[(rows["orders"] >= 5) & (rows["mean_gap"] <= 60) & (rows["silence"] <= rows["horizon"])]
    return rows.assign(gone=~(rows["next"] <= origin + rows["horizon"]), account=rows.index)


def auc(gone: Flags, score: Floats) -> float:
    """Chance that an account that went scores higher than one that stayed; ties count half."""
    left = int(gone.sum())
    ranks = rankdata(score)[gone].sum() - left * (left + 1) / 2
    return float(ranks / (left * (len(gone) - left)))


def average_precision(gone: Flags, score: Floats) -> float:
    """Mean of the precision at each account that went, from the highest score down."""
    ordered = gone[np.argsort(-score, kind="stable")]
    return float((np.cumsum(ordered) / np.arange(1, len(ordered) + 1))[ordered].mean())


def calibration_error(gone: Flags, chance: Floats) -> float:
    """Expected calibration error over ten bins of equal size."""
    bins = np.array_split(np.argsort(chance, kind="stable"), 10)
    return float(sum(len(rows) * abs(chance[rows].mean() - gone[rows].mean()) for rows in bins) / len(gone))


METHODS: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "order rhythm": lambda rows: rows["rhythm"],
    "silence (recency)": lambda rows: rows["silence"].astype(float),
    "silence / median gap": lambda rows: rows["silence"] / rows["median_gap"],
    "silence / mean gap": lambda rows: rows["silence"] / rows["mean_gap"],
    "silence / p90 gap": lambda rows: rows["silence"] / rows["p90_gap"],
    "mean gap": lambda rows: rows["mean_gap"],
    "90 days without order": lambda rows: (rows["silence"] >= 90).astype(float),
}


def report(zone: str, rows: pd.DataFrame) -> None:
    """Print AUC with a 95 % interval by bootstrap over accounts, and average precision, of every method."""
    gone = rows["gone"].to_numpy()
    print(f"\n{zone}: {len(rows):,} cases, {gone.sum():,} gone")
    places = [np.asarray(where) for where in rows.groupby("account").indices.values()]
    for name, method in METHODS.items():
        score = method(rows).to_numpy()
        low, high = _interval(places, gone, score)
        print(
            f"  {name:24s} AUC {auc(gone, score):.3f} [{low:.3f}, {high:.3f}]   AP {average_precision(gone, score):.3f}"
        )
    chance = rows["rhythm"].to_numpy()
    error = calibration_error(gone, chance)
    print(f"  order rhythm says {chance.mean():.3f} on average, {gone.mean():.3f} went; ECE {error:.3f}")


def _interval(places: list[npt.NDArray[np.int64]], gone: Flags, score: Floats) -> tuple[float, float]:
    rng = np.random.default_rng(SEED)
    found = []
    for _ in range(RESAMPLES):
        drawn = np.concatenate([places[place] for place in rng.integers(0, len(places), len(places))])
        found.append(auc(gone[drawn], score[drawn]))
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)


def strata(rows: pd.DataFrame) -> None:
    """Print the order rhythm's AUC by mean gap and by regularity."""
    groups = {
        f"mean gap {low}-{high} d": rows["mean_gap"].between(low, high, inclusive="right") for low, high in MEAN_GAPS
    }
    groups |= {
        "regularity under 1.3": rows["regularity"] < 1.3,
        "regularity 1.3-3": rows["regularity"].between(1.3, 3),
        "regularity over 3": rows["regularity"] > 3,
    }
    for name, chosen in groups.items():
        part = rows[chosen]
        gone = part["gone"].to_numpy()
        if 5 <= gone.sum() < len(part):
            print(
                f"  {name:24s} AUC {auc(gone, part['rhythm'].to_numpy()):.3f}   {len(part):,} cases, {gone.sum()} gone"
            )


def main(arguments: list[str] | None = None) -> int:
    """Replay one file and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", default="london", choices=("london", "network_rail"))
    parser.add_argument("--every", type=int, default=60, metavar="DAYS", help="days between origins")
    parser.add_argument("--half-life", type=float, default=OrderRhythm.half_life_days, metavar="DAYS")
    chosen = parser.parse_args(arguments)
    if "VIGIL_TEST_DATA" not in os.environ:
        parser.error("set VIGIL_TEST_DATA to the folder of the real data sets")
    found = cases(read(chosen.file), chosen.every, OrderRhythm(half_life_days=chosen.half_life))
    early = found[found["silence"] <= 1.5 * found["mean_gap"]].reset_index(drop=True)
    print(f"{chosen.file}, origins every {chosen.every} days, half-life {chosen.half_life:.0f} days")
    report("early zone", early)
    strata(early)
    report("all", found)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
