"""How well each signal, and the risk without it, tells the simulated drifts of the demo from its other accounts.

    python -m benchmarks.demo_signals [--day 2026-11-22] [--draws]

Loads the demo as of that day into a database of its own, computes every signal and prints per signal: accounts with a
level, how many reach the line of an alert (of those that drift, are lost, and all others), mean levels, the AUC of the
level alone, and that of the risk without the signal. With --draws only the ranking, for other days of loading and
other seeds beside (the table of docs/demo.md). The data are simulated: no promise for real customers.
"""

import argparse
import datetime as dt
import os
import sys
from collections.abc import Collection
from dataclasses import dataclass, replace

import django
import pandas as pd

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.db import connection, transaction  # noqa: E402

from accounts_app.demo.load import load  # noqa: E402
from accounts_app.demo.lots import SEED  # noqa: E402
from accounts_app.demo.truth import Truth, truth  # noqa: E402
from accounts_app.models import Account, AccountKey  # noqa: E402
from signals.compute import risk  # noqa: E402
from signals.compute.owners import owners_on  # noqa: E402
from signals.compute.registry import SIGNALS  # noqa: E402
from signals.compute.rules import DEFAULT_RULES  # noqa: E402
from signals.facts import read_facts  # noqa: E402
from signals.services.assess import BASE_RATE, learn  # noqa: E402

ALERT_LEVEL = 0.7
DRAWS = (
    ("2026-11-22", SEED), ("2026-08-20", SEED), ("2027-01-05", SEED), ("2027-04-15", SEED),
    ("2026-11-22", 1), ("2026-11-22", 2), ("2026-11-22", 3),
)  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """Every signal's result, the base rate, and what each account truly lives through."""

    readings: dict[str, pd.DataFrame]
    base_rate: float
    kinds: pd.Series  # drift, lost, alike (only looks so), other

    def risk_auc(self, without: str = "") -> tuple[float, float]:
        """AUC of the risk against all others, and against those that only look so."""
        kept = {key: frame for key, frame in self.readings.items() if key != without}
        points = risk.assess(kept, DEFAULT_RULES, self.base_rate)["risk"].astype(float)
        return self.auc(points, {"alike", "other"}), self.auc(points, {"alike"})

    def auc(self, values: pd.Series, against: Collection[str]) -> float:
        """The chance that a drifting account has the higher value than one of the others; a tie counts half."""
        known = values[values.notna()]
        kinds = self.kinds[known.index]
        drifting, others = known[kinds == "drift"], known[kinds.isin(against)]
        ranks = pd.concat([drifting, others]).rank()
        n, m = len(drifting), len(others)
        return float((ranks.iloc[:n].sum() - n * (n + 1) / 2) / (n * m))


def judge(day: dt.date, seed: int = SEED) -> Judged:
    """Load the demo and compute every signal on its day of loading."""
    load(day, seed)
    ids = list(Account.objects.order_by("pk").values_list("pk", flat=True))
    facts = read_facts(ids)
    params = learn(facts, DEFAULT_RULES, day)
    known = replace(facts, accounts=facts.accounts.assign(owner_id=owners_on(facts, day))).until(day)
    readings = {signal.key: signal.compute(known, params[signal.key], day) for signal in SIGNALS}
    keys = dict(AccountKey.objects.filter(feed__name="crm").values_list("account_id", "key"))
    told = truth(day, seed=seed)
    kinds = pd.Series({pk: _kind(told[keys[pk]]) for pk in ids})
    return Judged(readings, params[BASE_RATE], kinds)


def _kind(told: Truth) -> str:
    if told.drifts or told.lost:
        return "drift" if told.drifts else "lost"
    return "alike" if told.resembles else "other"


def line(key: str, judged: Judged) -> str:
    """What one signal says of the demo."""
    level, drift = judged.readings[key]["level"], judged.kinds == "drift"
    others = judged.kinds.isin({"alike", "other"})
    high = level >= ALERT_LEVEL
    counts = f"{level.notna().sum():>5} {high.sum():>4} ({high[drift].sum()}/{high[judged.kinds == 'lost'].sum()}"
    means = f"{level[drift].mean():.2f} {level[others].mean():.2f}"
    alone = f"{judged.auc(level, {'alike', 'other'}):.2f} {judged.auc(level, {'alike'}):.2f}"
    without = " ".join(f"{figure:.3f}" for figure in judged.risk_auc(without=key))
    return f"{key:<18}{counts}/{high[others].sum()})  {means}  {alone}  {without}"


def print_signals(day: dt.date) -> None:
    judged = judge(day)
    print(f"demo as of {day}: risk tells drift from others, and from those alike: {judged.risk_auc()}")
    print("signal            known, at 0.7 (drift/lost/others), mean drift and others, AUC alone, AUC of risk without")
    for key in judged.readings:
        print(line(key, judged))


def print_draws() -> None:
    """The ranking of each draw, each in a transaction that is taken back."""
    for day, seed in DRAWS:
        with transaction.atomic():
            of_others, of_those_alike = judge(dt.date.fromisoformat(day), seed).risk_auc()
            transaction.set_rollback(True)
        print(f"seed {seed}, as of {day}: AUC {of_others:.2f} against others, {of_those_alike:.2f} against those alike")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--day", type=dt.date.fromisoformat, default=dt.date(2026, 11, 22))
    parser.add_argument("--draws", action="store_true")
    options = parser.parse_args()
    connection.creation.create_test_db(verbosity=0, serialize=False)
    try:
        if options.draws:
            print_draws()
        else:
            print_signals(options.day)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
