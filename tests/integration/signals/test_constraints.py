"""What the database refuses of runs, readings and standings, and who may see a standing."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from accounts_app.models import Account, User
from signals.models import Reading, RiskDay, Run, Standing
from signals.services import runs
from tests.integration.signals.portfolio import DAY, make_portfolio


@pytest.fixture
def judged(db: None) -> Account:
    """One account with a standing, readings and a risk, in a finished run."""
    (pk,) = make_portfolio(accounts=1, orders=12, contacts=6)
    runs.work_off(runs.request_explicit(DAY))
    return Account.objects.get(pk=pk)


@pytest.mark.parametrize(
    ("model", "wrong"),
    [
        (Standing, {"band": "fine"}),
        (Standing, {"risk": 101}),
        (Standing, {"risk": None}),
        (Standing, {"coverage": 1.01}),
        (Standing, {"state": "not_computed"}),
        (RiskDay, {"band": "fine"}),
        (RiskDay, {"risk": 101}),
        (RiskDay, {"coverage": -0.01}),
        (RiskDay, {"origin": "guess"}),
        (Reading, {"level": 1.01, "status": "ok"}),
        (Reading, {"level": 0.5, "status": "stale"}),
        (Run, {"kind": "weekly"}),
        (Run, {"state": "open"}),
        (Run, {"finished_at": None}),
        (Run, {"phase": "dream"}),
        (Run, {"from_day": DAY}),
        (Run, {"step_days": 0}),
    ],
)
def test_what_cannot_be_is_refused(judged: Account, model: type[models.Model], wrong: dict[str, Any]) -> None:
    rows = model._default_manager.filter(kind="explicit") if model is Run else model._default_manager.all()
    assert rows.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**wrong)


@pytest.mark.parametrize(
    ("model", "right"),
    [
        (Standing, {"risk": 100, "coverage": 1, "band": "at_risk"}),
        (Standing, {"state": "not_computed", "risk": None, "band": "unknown"}),
        (RiskDay, {"risk": 0, "coverage": 0}),
        (Reading, {"level": 1, "status": "ok"}),
        (Reading, {"level": None, "status": "stale"}),
    ],
)
def test_what_can_be_is_taken(judged: Account, model: type[models.Model], right: dict[str, Any]) -> None:
    assert model._default_manager.update(**right) > 0


def test_a_date_has_one_run_of_a_kind(judged: Account) -> None:
    run = Run.objects.get(kind="explicit")
    run.pk, run.ticket = None, run.ticket + 1000
    with pytest.raises(IntegrityError), transaction.atomic():
        run.save(force_insert=True)


@pytest.mark.parametrize(
    ("role", "sees"), [("account_manager", True), ("administrator", True), ("operations", False), ("read_only", False)]
)
def test_a_standing_is_seen_by_whom_the_account_is_seen_with_its_money(judged: Account, role: str, sees: bool) -> None:
    owner = User.objects.get(owned_accounts=judged)
    owner.role = role
    owner.save()
    for model in (Standing, Reading, RiskDay):
        assert model.objects.visible_to(owner).exists() is sees


def test_days_of_a_run_are_its_date_or_every_step_from_the_first(db: None) -> None:
    run = Run(kind=Run.Kind.HISTORY, business_date=DAY, from_day=DAY - dt.timedelta(days=10), step_days=4)
    assert run.days == [DAY - dt.timedelta(days=n) for n in (10, 6, 2)]
    assert Run(kind=Run.Kind.NIGHTLY, business_date=DAY).days == [DAY]
