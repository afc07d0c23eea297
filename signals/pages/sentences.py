"""What readings say, in sentences: rendered when shown, from what is stored of them."""

from collections.abc import Callable, Mapping
from typing import Any

from signals.compute.base import Status
from signals.compute.registry import BY_KEY
from signals.models import Band, Standing

# As many as a row of the portfolio has room for.
MOST_REASONS = 2
MOST_LETTERS = 60


def sentence(contribution: Mapping[str, Any]) -> str:
    """The sentence of one stored contribution; its percentages do not break at the end of a line."""
    return _unbroken(BY_KEY[contribution["key"]].explain(contribution))


def headline(contribution: Mapping[str, Any]) -> str:
    """The same in one short sentence."""
    return _unbroken(BY_KEY[contribution["key"]].headline(contribution))


def _unbroken(text: str) -> str:
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def why(standing: Standing) -> str:
    """The heaviest reasons in words; of an Unknown account first what is missing, of a healthy one first its rhythm."""
    return " ".join(_different(standing, sentence))


def lead(standing: Standing) -> str:
    """The same reasons in a short sentence each."""
    return " ".join(_different(standing, headline))


def lead_in_a_row(standing: Standing) -> str:
    """As many of these short sentences as a row has room for, whole ones, and at least the first."""
    first, *others = _different(standing, headline) or [""]
    return " ".join([first, *(one for one in others if len(first) + 1 + len(one) <= MOST_LETTERS)])


def _different(standing: Standing, say: Callable[[Mapping[str, Any]], str]) -> list[str]:
    """What the heaviest contributions say; two signals that lack the same source say the same."""
    contributions = standing.contributions
    rank = {key: place for place, key in enumerate(standing.top_reasons)}
    heaviest = sorted((one for one in contributions if one["key"] in rank), key=lambda one: rank[one["key"]])
    first = [one for one in contributions if _leads(one, standing.band)]
    rest = [one for one in heaviest if one not in first]
    return list(dict.fromkeys(say(one) for one in [*first, *rest]))[:MOST_REASONS]


def _leads(contribution: Mapping[str, Any], band: str) -> bool:
    if band == Band.UNKNOWN:
        return contribution["status"] not in {Status.OK, Status.NOT_USED}
    return band == Band.HEALTHY and contribution["key"] == "order_rhythm" and contribution["status"] == Status.OK
