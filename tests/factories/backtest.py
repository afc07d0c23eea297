"""Results of backtests as a run would leave them, for tests of pages."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from accounts_app.models import Account
from signals.compute.backtest_replay import PLAIN_RULES, RISK_METHODS
from signals.compute.backtest_tally import THRESHOLDS
from signals.compute.backtest_verdicts import Verdict
from signals.models import BacktestAccount, BacktestResult, Run
from signals.services.rules import current_rules

METHODS = (*RISK_METHODS, "order_rhythm", "silence", *PLAIN_RULES)
UNTIL = date(2026, 6, 28)


def counts(**found: int) -> list[int]:
    """Alarms by verdict."""
    return [found.get(verdict.name.lower(), 0) for verdict in Verdict]


def loss(day: str, lead: int | None, *, late: int | None = None, kind: str = "recorded") -> dict[str, Any]:
    """A loss that the risk marked `lead` days before, with thresholds up to 50."""
    return {
        "day": day,
        "kind": kind,
        "leads": dict.fromkeys(METHODS) | {"marked": lead},
        "late": dict.fromkeys(METHODS) | {"marked": late},
        "thresholds": [lead if threshold <= 50 else None for threshold in THRESHOLDS],
        "healthy": lead is None,
        "marked": lead is not None,
        "risk": 12,
    }


def record(*losses: dict[str, Any], alarms: list[int] | None = None) -> dict[str, Any]:
    """What the replay of one account came to: a hundred days under watch."""
    told = alarms or counts()
    return {
        "watched": 100,
        "alarms": {key: told if key == "marked" else counts() for key in METHODS},
        "alarm_days": dict.fromkeys(METHODS, 3),
        "thresholds": [told if threshold <= 50 else counts() for threshold in THRESHOLDS],
        "gone": {key: {"60": 2} if losses else {} for key in METHODS},
        "stayed": {key: {"5": 8} for key in METHODS},
        "losses": list(losses),
        "reds": [],
    }


def backtested(records: dict[Account, dict[str, Any]], **fields: Any) -> BacktestResult:
    """A finished backtest over these accounts."""
    over = {"state": Run.State.DONE, "phase": Run.Phase.JUDGE, "finished_at": datetime(2026, 6, 29, 4, tzinfo=UTC)}
    ticket = 10_000 + Run.objects.count()
    plan = {"business_date": UNTIL, "from_day": UNTIL - timedelta(days=700), "step_days": 7}
    run = Run.objects.create(kind=Run.Kind.BACKTEST, ticket=ticket, rule_set=current_rules(), **(plan | over | fields))
    BacktestAccount.objects.bulk_create(
        BacktestAccount(run=run, account=account, record=found) for account, found in records.items()
    )
    return BacktestResult.objects.create(run=run, known_until=UNTIL)
