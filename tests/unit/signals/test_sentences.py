"""What the list says of an account first: the gravest reason, what is missing, or that all is as usual."""

from typing import Any

import pytest

from signals.models import Band, Standing
from signals.pages.sentences import lead, lead_in_a_row, sentence, why

RHYTHM_DETAILS: dict[str, Any] = {
    "elapsed_days": 4,
    "silence_days": 4,
    "usual_gap_days": 16,
    "usual_from_days": 12,
    "usual_until_days": 19,
    "gaps": 41,
    "p_gap_this_long": 0.9,
    "p_slowed": 0.0,
    "recent_gap_days": None,
    "earlier_gap_days": None,
    "earlier_is_year_ago": False,
    "dependable": True,
}
SILENCE_DETAILS = {"days_any": 40, "usual_gap_any": 12, "contact_days_any": 20, "days_inbound": 40}
PROACTIVE_DETAILS = {"ideal_days": 30, "max_days": 45, "days": 112, "last_proactive_on": "2026-03-10", "since_on": None}
RHYTHM = "In rhythm: ordered 4 days ago, usual gap 16 days (middle half 12-19, 41 gaps)."
SILENCE = "No contact either way for 40 days; usual gap 12 days (20 contact days)."
PROACTIVE = "112 days without a contact that we started. Promised: every 30 days."


def contribution(key: str, details: dict[str, Any], status: str = "ok") -> dict[str, Any]:
    return {"key": key, "status": status, "points": 5, "level": 0.5, "details": details, "evidence": {}}


def standing(band: Band, reasons: list[str], *, orders: str = "ok") -> Standing:
    contributions = [
        contribution("order_rhythm", RHYTHM_DETAILS if orders == "ok" else {"complete_to": "2026-06-24"}, orders),
        contribution("silence", SILENCE_DETAILS),
        contribution("proactive_gap", PROACTIVE_DETAILS),
    ]
    return Standing(band=band, contributions=contributions, top_reasons=reasons)


@pytest.mark.parametrize("band", [Band.AT_RISK, Band.DRIFTING])
def test_the_two_heaviest_reasons_in_their_order(band: Band) -> None:
    assert why(standing(band, ["proactive_gap", "silence", "order_rhythm"])) == f"{PROACTIVE} {SILENCE}"


def test_a_healthy_account_is_in_rhythm_first() -> None:
    assert why(standing(Band.HEALTHY, ["proactive_gap"])) == f"{RHYTHM} {PROACTIVE}"
    assert why(standing(Band.HEALTHY, ["order_rhythm"])) == RHYTHM


def test_an_unknown_account_says_first_what_is_missing() -> None:
    text = why(standing(Band.UNKNOWN, ["silence"], orders="stale"))
    assert text.startswith("Unknown: ")
    assert text.endswith(SILENCE)


def test_nothing_to_say_is_empty() -> None:
    assert why(Standing(band=Band.UNKNOWN, contributions=[], top_reasons=[])) == ""


def test_percentages_stay_in_one_piece() -> None:
    late = RHYTHM_DETAILS | {"p_gap_this_long": 0.004, "elapsed_days": 71, "silence_days": 71}
    assert "a 0.4\N{NO-BREAK SPACE}% chance." in sentence(contribution("order_rhythm", late))


# Headlines


def test_the_lead_is_short_and_whole() -> None:
    found = standing(Band.AT_RISK, ["proactive_gap", "silence"])
    proactive = "No proactive contact for 112 days, promised every 30."
    assert lead(found) == f"{proactive} No contact either way for 40 days, usual gap 12."
    assert lead_in_a_row(found) == proactive  # both together have more than 60 letters


def test_a_row_takes_a_second_reason_where_there_is_room() -> None:
    late = RHYTHM_DETAILS | {"p_gap_this_long": 0.004, "elapsed_days": 71, "silence_days": 71}
    thread = contribution("single_thread", {"left": 0, "without": "Per Aas"}) | {"value": 1}
    both = Standing(
        band=Band.DRIFTING,
        contributions=[contribution("order_rhythm", late), thread],
        top_reasons=["order_rhythm", "single_thread"],
    )
    assert lead_in_a_row(both) == "Last order 71 days ago, usual gap 16. All hangs on Per Aas."


def test_a_headline_of_what_is_unknown_is_its_sentence() -> None:
    text = lead(standing(Band.UNKNOWN, ["silence"], orders="stale"))
    assert text.startswith("Unknown: orders are complete only until 24 Jun 2026.")
    assert lead_in_a_row(Standing(band=Band.UNKNOWN, contributions=[], top_reasons=[])) == ""


def test_in_rhythm_is_said_first() -> None:
    assert lead(standing(Band.HEALTHY, [])) == "In rhythm: last order 4 days ago, usual gap 16."
