"""Which value items suit an account, best first. Pure: no database, no words for readers."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

AGAIN_AFTER = dt.timedelta(days=365)
WANTS_MORE, NOT_USEFUL = "wants_more", "not_useful"


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A value item as far as it decides whom it suits; no industries or products named: it suits all."""

    key: int
    title: str
    topic: str = ""
    industries: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    checked_on: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Brought:
    """One time an item was brought to the account, and what was made of it ("" where nobody said)."""

    key: int
    on: dt.date
    topic: str = ""
    reaction: str = ""


@dataclass(frozen=True, kw_only=True)
class Taker:
    """An account as far as it decides what suits it; `initiatives` as (title, topic)."""

    industry: str = ""
    products: frozenset[str] = frozenset()
    initiatives: tuple[tuple[str, str], ...] = ()
    brought: tuple[Brought, ...] = ()
    planned: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Fit:
    """Why an item suits an account; what does not speak for it is empty."""

    key: int
    initiative: str = ""
    wanted_more: bool = False
    industry: bool = False
    product: str = ""
    last_on: dt.date | None = None


def rank(offers: Iterable[Offer], taker: Taker, today: dt.date) -> list[Fit]:
    """Return why each item that may be proposed suits the account, the best first.

    Parameters
    ----------
    offers : iterable of Offer
        The items valid today; each `key` once.
    taker : Taker
        The account, with everything ever brought to it in any order, and the items planned to be brought.
    today : date
        The day the proposal is made; what was brought later is not looked at.

    Returns
    -------
    list of Fit
        Left out is what names other industries than the account's or only products it does not buy, what it had
        within the last 365 days or is planned already, what it found not useful when it last said something of it,
        and every item of a topic whose latest reaction was "not useful".

    Notes
    -----
    The order is by rank, not by a sum of weights, so that the first difference is the reason: fits the topic of an
    open initiative; of a topic of which they last wanted more; never brought before brought long ago; made for its
    industry and for something it buys (both before one of them); looked after by its owner most recently; title.

    An item that names industries is left out where the account's industry is not known: it cannot be said to suit.
    Words are compared without regard to case and surrounding space.

    Examples
    --------
    >>> offers = [Offer(key=1, title="Norms"), Offer(key=2, title="Wear", topic="Downtime")]
    >>> [fit.key for fit in rank(offers, Taker(initiatives=(("Cut stops", "downtime"),)), dt.date(2026, 3, 2))]
    [2, 1]
    """
    past = sorted((one for one in taker.brought if one.on <= today), key=lambda one: (one.on, one.key, one.reaction))
    history = _History(past)
    fits = [(offer, _fit(offer, taker, history)) for offer in offers if _may_be_proposed(offer, taker, history, today)]
    return [fit for _offer, fit in sorted(fits, key=lambda pair: _order(*pair))]


class _History:
    """What was brought, by item and by topic; the later of two overwrites the earlier."""

    def __init__(self, past: Sequence[Brought]) -> None:
        self.last_on = {one.key: one.on for one in past}
        said = [one for one in past if one.reaction]
        self.by_item = {one.key: one.reaction for one in said}
        self.by_topic = {_folded(one.topic): one.reaction for one in said if one.topic.strip()}


def _may_be_proposed(offer: Offer, taker: Taker, history: _History, today: dt.date) -> bool:
    if offer.key in taker.planned:
        return False
    if (last := history.last_on.get(offer.key)) and last > today - AGAIN_AFTER:
        return False
    if NOT_USEFUL in {history.by_item.get(offer.key), history.by_topic.get(_folded(offer.topic))}:
        return False
    return _suits(offer.industries, frozenset({taker.industry})) and _suits(offer.products, taker.products)


def _suits(named: frozenset[str], own: frozenset[str]) -> bool:
    return not named or bool(_all_folded(named) & _all_folded(own))


def _fit(offer: Offer, taker: Taker, history: _History) -> Fit:
    topic = _folded(offer.topic)
    initiatives = [title for title, about in taker.initiatives if topic and _folded(about) == topic]
    wanted = _all_folded(offer.products)
    return Fit(
        key=offer.key,
        initiative=initiatives[0] if initiatives else "",
        wanted_more=history.by_topic.get(topic) == WANTS_MORE,
        industry=bool(offer.industries),
        product=min((one for one in taker.products if _folded(one) in wanted), default=""),
        last_on=history.last_on.get(offer.key),
    )


def _order(offer: Offer, fit: Fit) -> tuple[bool, bool, bool, int, int, str, int]:
    made_for_them = int(fit.industry) + int(bool(fit.product))
    looked_after = offer.checked_on.toordinal() if offer.checked_on else 0
    brought_before = fit.last_on is not None
    nothing_of_theirs = not fit.initiative
    return (
        nothing_of_theirs, not fit.wanted_more, brought_before, -made_for_them, -looked_after, offer.title, offer.key,
    )  # fmt: skip


# A page ranks the same two dozen items for fifty accounts: their words are folded once.
@lru_cache(maxsize=4096)
def _folded(word: str) -> str:
    return word.strip().casefold()


@lru_cache(maxsize=4096)
def _all_folded(words: frozenset[str]) -> frozenset[str]:
    return frozenset(map(_folded, words)) - {""}
