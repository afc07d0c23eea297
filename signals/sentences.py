"""What readings say, in sentences: rendered when shown, from what is stored of them."""

import re
from collections.abc import Mapping
from typing import Any

from signals.compute.base import Status
from signals.compute.registry import BY_KEY
from signals.models import Band, Standing

# As many as a row of the portfolio has room for.
MOST_REASONS = 2
ASIDE = re.compile(r" \([^()]*\)")


def sentence(contribution: Mapping[str, Any]) -> str:
    """The sentence of one stored contribution."""
    return BY_KEY[contribution["key"]].explain(contribution)


def why(standing: Standing) -> str:
    """The heaviest reasons in words; of an Unknown account first what is missing; of a healthy one its rhythm."""
    by_key = {contribution["key"]: contribution for contribution in standing.contributions}
    heaviest = [by_key[key] for key in standing.top_reasons if key in by_key]
    missing = [one for one in standing.contributions if one["status"] not in {Status.OK, Status.NOT_USED}]
    chosen = [*missing, *heaviest] if standing.band == Band.UNKNOWN else heaviest
    # Two signals that rest on the same missing source say the same.
    sentences = dict.fromkeys(sentence(one) for one in chosen or standing.contributions)
    return " ".join(list(sentences)[:MOST_REASONS])


def brief(sentences: str) -> str:
    """The same without what stands in brackets, for a list of which two lines are seen."""
    return ASIDE.sub("", sentences)
