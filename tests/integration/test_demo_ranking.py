"""The computed risk against what the simulation knows: do accounts that truly drift rank above the others?"""

import datetime as dt
import json
from collections.abc import Collection, Iterator
from io import StringIO
from typing import Any

import numpy as np
import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction

from accounts_app.demo.load import load
from accounts_app.demo.truth import Truth, truth
from accounts_app.models import AccountKey
from signals.models import Standing

# Loading and computing take seconds; the machine that runs all tests at once may need minutes.
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]

ANCHOR = dt.date(2026, 11, 22)
NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
# docs/demo.md tells what was measured: AUC .83 against all others, .82 against the look-alikes. Six other draws and
# days of loading gave .63 to .87, so the bounds leave room for a change of the process, none for a broken ranking.
LEAST_AUC = 0.75
LEAST_AUC_AGAINST_LOOKALIKES = 0.72


@pytest.fixture(scope="module")
def judged(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[tuple[Truth, Standing]]]:
    """The demo, loaded and computed once; taken back after the last test of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(ANCHOR)
        out = StringIO()
        with time_machine.travel(NOON):  # a day that has not come is refused, whatever the clock of the machine says
            call_command("compute_signals", "--as-of", ANCHOR.isoformat(), "--json", stdout=out)
        assert json.loads(out.getvalue())["accounts"] == 120
        keys = dict(AccountKey.objects.filter(feed__name="crm").values_list("account_id", "key"))
        told = truth(ANCHOR)
        yield [(told[keys[standing.account_id]], standing) for standing in Standing.objects.all()]
        transaction.set_rollback(True)


def auc(higher: Collection[int | None], lower: Collection[int | None]) -> float:
    """The chance that one of the first exceeds one of the second; a tie counts half."""
    first, second = (np.array(list(values), dtype=float) for values in (higher, lower))
    above = first[:, None] > second[None, :]
    equal = first[:, None] == second[None, :]
    return float((above + 0.5 * equal).mean())


def test_auc_counts_pairs() -> None:
    assert auc([3, 1], [2, 1]) == pytest.approx((1 + 1 + 0 + 0.5) / 4)


def test_drifting_accounts_rank_above_the_others(judged: list[tuple[Truth, Standing]]) -> None:
    drifting = [standing.risk for told, standing in judged if told.drifts]
    others = [standing.risk for told, standing in judged if not told.drifts and not told.lost]
    assert (len(drifting), len(others)) == (14, 99)
    assert auc(drifting, others) >= LEAST_AUC


def test_drifting_accounts_rank_above_those_that_only_look_so(judged: list[tuple[Truth, Standing]]) -> None:
    drifting = [standing.risk for told, standing in judged if told.drifts]
    resembling = [standing.risk for told, standing in judged if told.resembles]
    assert len(resembling) >= 20
    assert auc(drifting, resembling) >= LEAST_AUC_AGAINST_LOOKALIKES


def test_entered_pauses_and_steady_accounts_raise_no_alarm(judged: list[tuple[Truth, Standing]]) -> None:
    explained = {"pause", "closure", "merged", "lapse"}
    raised = [standing for told, standing in judged if told.kind in explained and standing.band == "at_risk"]
    assert not raised
    steady = [standing.band for told, standing in judged if told.kind == "steady"]
    assert steady.count("at_risk") <= 1


def test_accounts_without_history_or_fresh_orders_are_unknown(judged: list[tuple[Truth, Standing]]) -> None:
    bands = {standing.band for told, standing in judged if told.kind in {"newcomer", "stale_feed"}}
    assert bands == {"unknown"}
