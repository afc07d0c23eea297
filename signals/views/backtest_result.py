"""What the page of one backtest shows: the figures over the reader's own accounts, with names and links."""

import datetime as dt
from typing import Any

from accounts_app.access import Request
from accounts_app.models import Account
from signals.compute.backtest import histogram
from signals.compute.backtest_replay import MARKED
from signals.compute.rules import DEFAULT_RULES
from signals.models import BacktestAccount, BacktestResult, RunChunk
from signals.pages.backtest import words
from signals.services import backtest_figures

Json = dict[str, Any]

LEAST_THRESHOLD, MOST_THRESHOLD = 1, 99
LISTED = 50


def result_context(request: Request, result: BacktestResult) -> Json:
    """Figures, sentences and rows of a finished backtest."""
    names = dict(Account.objects.visible_to(request.user).values_list("pk", "name"))
    figures = backtest_figures.keep(result, list(names))
    threshold = _threshold(request, result)
    row = figures["thresholds"][threshold - LEAST_THRESHOLD]
    return {
        "shown": result,
        "figures": figures,
        "sentences": words.sentences(figures),
        "cautions": words.cautions(figures),
        "groups": words.groups(figures),
        "leads": _lead_rows(figures),
        "calibration": figures["calibration"],
        "threshold": threshold,
        "threshold_row": row,
        "threshold_sentence": words.threshold_sentence(row, figures["losses"]["whole"]),
        "missed": _named(figures["missed"], names, "day"),
        "reds": _named(figures["reds"], names, "from"),
        "unreplayed": _unreplayed(result, names),
    }


def _threshold(request: Request, result: BacktestResult) -> int:
    """The threshold asked for; without a readable one that from which an account was Drifting."""
    asked = request.GET.get("threshold", "")
    if asked.isdecimal() and LEAST_THRESHOLD <= int(asked) <= MOST_THRESHOLD:
        return int(asked)
    usual: float = result.run.rule_set.weights.get("drifting_from", DEFAULT_RULES.drifting_from)
    return round(usual)


def _lead_rows(figures: Json) -> list[Json]:
    """The numbers of the figure of lead times, a row a span."""
    methods = figures["methods"]
    columns = [histogram(methods[key]["leads"]) if key in methods else [] for key in (MARKED, "none_90", "three_gaps")]
    return [
        {"from": cells[0]["from"], "to": cells[0]["to"], "counts": [cell["count"] for cell in cells]}
        for cells in zip(*columns, strict=False)
    ]


def _named(rows: list[Json], names: dict[int, str], day: str) -> list[Json]:
    """The latest first, with the names of the accounts, which may have changed since."""
    latest = sorted(rows, key=lambda row: str(row[day]), reverse=True)[:LISTED]
    days = {"day", "from", "until"}
    return [
        {
            name: dt.date.fromisoformat(value) if name in days else value
            for name, value in (row | {"name": names[row["account"]]}).items()
        }
        for row in latest
    ]


def _unreplayed(result: BacktestResult, names: dict[int, str]) -> list[Json]:
    """Accounts that failed: the others are shown without them."""
    lost = result.run.chunks.filter(state=RunChunk.State.QUARANTINED, phase="compute")
    failed = {pk for pk in lost.values_list("first_account", flat=True) if pk is not None}
    replayed = set(
        BacktestAccount.objects.filter(run=result.run_id, account__in=failed).values_list("account", flat=True)
    )
    return [{"account": pk, "name": names[pk]} for pk in sorted(failed - replayed) if pk in names]
