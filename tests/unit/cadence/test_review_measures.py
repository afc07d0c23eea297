"""How we served a customer against what was promised, worked by hand."""

import datetime as dt
from decimal import Decimal
from typing import Any

from cadence.services.review_measures import service

DAY = dt.timedelta(days=1)
TARGETS = {"critical": 1, "major": 3, "minor": 7}
REVIEW = {f"account__tier__{key}_days": days for key, days in TARGETS.items()}


def case(severity: str, days: float, *, solved: bool = True, kind: str = "delivery") -> dict[str, Any]:
    return {
        "severity": severity,
        "kind": kind,
        "solved": solved,
        "running": days * DAY,
        "target": TARGETS[severity] * DAY,
    }


NOW = [
    case("critical", 1),  # on the last day promised
    case("critical", 4, solved=False),  # open, and beyond its time
    case("minor", 2, kind="technical"),
    case("minor", 9),
    case("minor", 4),
    case("minor", 6, solved=False),  # open, and still within it: nothing can be said yet
]
BEFORE = [case("minor", 3), case("minor", 8), case("major", 1)]


def test_what_was_promised_is_set_against_what_was_kept() -> None:
    """Kept: the critical on its day, minor ones of 2 and 4 days. Decided: these, one of 9 days, one open beyond."""
    shown = service(NOW, BEFORE, REVIEW)
    assert shown is not None
    assert shown.lead == (
        "6 cases in this time, 3 in as many days before. Solved within the time promised: 3 of 5, 2 of 3 before. "
        "1 is open beyond it. By kind: delivery 5, technical 1."
    )
    assert shown.table is not None
    assert shown.table.rows == (
        ("Critical", "2", "0", "1", "1 day", "1 day", "1 of 2", "–"),
        ("Major", "0", "1", "0", "3 days", "–", "–", "1 of 1"),
        ("Minor", "4", "2", "1", "7 days", "4 days", "2 of 3", "1 of 2"),
    )
    assert shown.bars is not None
    assert (shown.bars.was, shown.bars.promised) == ((Decimal("1.0"), Decimal("4.0")), (Decimal(1), Decimal(7)))


def test_a_case_within_its_time_is_neither_kept_nor_missed() -> None:
    shown = service([case("minor", 6, solved=False)], [], REVIEW)
    assert shown is not None
    assert shown.lead == "1 case in this time, 0 in as many days before. By kind: delivery 1."
    assert shown.table is not None
    assert shown.table.rows == (("Minor", "1", "0", "1", "7 days", "–", "–", "–"),)
    assert shown.bars is None


def test_a_time_without_a_case_says_so_and_without_any_before_it_is_left_out() -> None:
    shown = service([], BEFORE, REVIEW)
    assert shown is not None
    assert (shown.lead, shown.table) == ("0 cases in this time, 3 in as many days before.", None)
    assert service([], [], REVIEW) is None
