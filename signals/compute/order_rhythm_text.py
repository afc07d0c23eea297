"""Sentences of the order rhythm."""

from collections.abc import Mapping
from typing import Any

from signals.compute.base import Json, Status
from signals.compute.wording import days_text, explain_unknown

# A gap exceeded by one in four is nothing to remark on; one exceeded by one in twenty comes before all else.
ORDINARY_CHANCE, STRIKING_CHANCE = 0.25, 0.05

# Slower is said where the filter thinks it likelier than not and the gaps themselves have grown by a third.
SLOWED_CHANCE, GROWN = 0.5, 4 / 3


def rhythm_sentence(reading: Mapping[str, Any], least_order_days: int) -> str:
    """Say when the last order was, what was usual before, and how unusual the silence is.

    Parameters
    ----------
    reading : mapping
        `status`, and `details` with the columns of `rhythm_figures`.
    least_order_days : int
        Order days needed for a level.

    Returns
    -------
    str
        One to four short sentences.
    """
    details = reading["details"]
    if reading["status"] == Status.OK:
        return _joined(_main(details), _quiet(details), _irregular(details))
    if reading["status"] == Status.INSUFFICIENT_HISTORY:
        return _joined(_too_few(details, least_order_days), _quiet(details))
    return explain_unknown("orders", reading)


def rhythm_headline(reading: Mapping[str, Any], least_order_days: int) -> str:
    """Say when the last order was and what is usual, or that orders have become rarer, in one short sentence."""
    details = reading["details"]
    if reading["status"] != Status.OK:
        return rhythm_sentence(reading, least_order_days)
    if _slower(details):
        return _slowed(details)
    begin = "In rhythm: last" if details["p_gap_this_long"] >= ORDINARY_CHANCE else "Last"
    return f"{_last_order(details).replace('Last', begin, 1)}, usual gap {_number(details['usual_gap_days'])}."


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def _main(details: Json) -> str:
    ordinary = details["p_gap_this_long"] >= ORDINARY_CHANCE
    if _slower(details):
        return _joined(f"{_slowed(details)} {_last_order(details)}.", "" if ordinary else _late(details))
    if ordinary:
        last = _last_order(details).replace("Last order", "ordered")
        return f"In rhythm: {last}, usual gap {days_text(details['usual_gap_days'])} ({_spread(details)})."
    usual = f"Usual gap {days_text(details['usual_gap_days'])} ({_spread(details)})."
    return _joined(f"{_last_order(details)}.", usual, _late(details))


def _slower(details: Json) -> bool:
    recent, earlier = details["recent_gap_days"], details["earlier_gap_days"]
    if recent is None or earlier is None or details["p_gap_this_long"] < STRIKING_CHANCE:
        return False
    return bool(details["p_slowed"] >= SLOWED_CHANCE and recent >= GROWN * earlier)


def _slowed(details: Json) -> str:
    before = "a year ago" if details["earlier_is_year_ago"] else "before"
    recent, earlier = days_text(details["recent_gap_days"]), _number(details["earlier_gap_days"])
    return f"Orders every {recent}, against {earlier} {before}."


def _last_order(details: Json) -> str:
    elapsed = details["elapsed_days"]
    return "Last order today" if elapsed == 0 else f"Last order {days_text(elapsed)} ago"


def _spread(details: Json) -> str:
    low, high = _number(details["usual_from_days"]), _number(details["usual_until_days"])
    middle = low if low == high else f"{low}-{high}"
    return f"middle half {middle}, {details['gaps']} gaps"


def _late(details: Json) -> str:
    percent = 100 * details["p_gap_this_long"]
    chance = "less than 0.1" if percent < 0.1 else f"{percent:.1f}" if percent < 9.95 else f"{percent:.0f}"
    indefinite = "" if percent < 0.1 else "an " if chance.startswith(("8", "11", "18")) else "a "
    return f"A gap this long had {indefinite}{chance} % chance."


def _quiet(details: Json) -> str:
    left_out = round(details["elapsed_days"] - details["silence_days"])
    return f"{days_text(left_out)} of quiet or missing data since then left out." if left_out else ""


def _irregular(details: Json) -> str:
    return "" if details["dependable"] else "No dependable rhythm: gaps vary more than by chance alone."


def _too_few(details: Json, least: int) -> str:
    count = details["order_days"]
    known = "1 order day known" if count == 1 else f"{count} order days known"
    return f"{_last_order(details)}; {known}, {least} needed for a rhythm."


def _number(days: float) -> str:
    """Write gaps below a day as "1": nobody orders twice in the time of half a day."""
    return str(max(round(days), 1))
