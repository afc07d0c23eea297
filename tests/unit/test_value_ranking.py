import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts_app.value_ranking import AGAIN_AFTER, Brought, Offer, Taker, rank

TODAY = dt.date(2026, 3, 2)
YEAR_AGO = TODAY - AGAIN_AFTER


def keys(offers: list[Offer], taker: Taker) -> list[int]:
    return [fit.key for fit in rank(offers, taker, TODAY)]


def offer(key: int, **fields: Any) -> Offer:
    return Offer(key=key, title=f"Item {key}", **fields)


def test_each_ground_outranks_all_that_come_after_it() -> None:
    offers = [
        offer(1),
        offer(2, checked_on=TODAY),
        offer(3, checked_on=YEAR_AGO),
        offer(4, products=frozenset({"Pumps"})),
        offer(5, industries=frozenset({"Food"}), products=frozenset({"Pumps"})),
        offer(6, topic="Seals"),
        offer(7, topic="Downtime"),
        offer(8, checked_on=TODAY, industries=frozenset({"Food"})),
    ]
    taker = Taker(
        industry="Food",
        products=frozenset({"Pumps"}),
        initiatives=(("Fewer stops", "Downtime"),),
        brought=(
            Brought(key=99, on=TODAY, topic="Seals", reaction="wants_more"),
            Brought(key=8, on=YEAR_AGO),
        ),
    )

    assert keys(offers, taker) == [7, 6, 5, 4, 2, 3, 1, 8]


@pytest.mark.parametrize(("days", "is_proposed"), [(364, False), (365, True), (366, True)])
def test_an_item_brought_is_proposed_again_after_a_year(days: int, is_proposed: bool) -> None:
    taker = Taker(brought=(Brought(key=1, on=TODAY - dt.timedelta(days)),))

    assert keys([offer(1)], taker) == ([1] if is_proposed else [])


def test_what_is_planned_already_is_not_proposed() -> None:
    assert keys([offer(1), offer(2)], Taker(planned=frozenset({1}))) == [2]


def test_what_was_not_useful_takes_its_topic_along() -> None:
    long_ago = dt.date(2019, 1, 7)
    taker = Taker(brought=(Brought(key=1, on=long_ago, topic="Seals", reaction="not_useful"),))

    assert keys([offer(1, topic="Seals"), offer(2, topic=" seals"), offer(3, topic="Energy"), offer(4)], taker) == [
        3,
        4,
    ]


def test_a_later_reaction_to_the_topic_replaces_the_earlier_whatever_the_order_of_rows() -> None:
    refused = Brought(key=1, on=dt.date(2024, 1, 8), topic="Seals", reaction="not_useful")
    liked = Brought(key=2, on=dt.date(2024, 5, 6), topic="Seals", reaction="wants_more")
    silent = Brought(key=2, on=dt.date(2024, 9, 2), topic="Seals")
    offers = [offer(1, topic="Seals"), offer(3, topic="Seals"), offer(4)]

    assert keys(offers, Taker(brought=(silent, liked, refused))) == [3, 4]
    [best, *_rest] = rank(offers, Taker(brought=(silent, liked, refused)), TODAY)
    assert best.wanted_more


def test_an_item_without_topic_bars_nothing_but_itself() -> None:
    taker = Taker(brought=(Brought(key=1, on=dt.date(2019, 1, 7), reaction="not_useful"),))

    assert keys([offer(1), offer(2)], taker) == [2]


def test_what_is_made_for_others_is_left_out() -> None:
    offers = [
        offer(1, industries=frozenset({"Food", "Paper"})),
        offer(2, industries=frozenset({"Steel"})),
        offer(3, products=frozenset({"Pumps", "Seals"})),
        offer(4, products=frozenset({"Drives"})),
    ]

    fits = rank(offers, Taker(industry=" food", products=frozenset({"seals"})), TODAY)

    assert [(fit.key, fit.industry, fit.product) for fit in fits] == [(1, True, ""), (3, False, "seals")]


def test_an_account_of_which_nothing_is_known_gets_what_suits_everybody() -> None:
    offers = [offer(1, industries=frozenset({"Food"})), offer(2, products=frozenset({"Pumps"})), offer(3)]

    assert keys(offers, Taker()) == [3]


def test_an_initiative_without_topic_fits_no_item_without_topic() -> None:
    [fit] = rank([offer(1)], Taker(initiatives=(("Fewer stops", ""),)), TODAY)

    assert fit.initiative == ""


WORDS = st.sampled_from(["", "Food", "food ", "Paper", "Seals"])
DAYS = st.dates(TODAY - dt.timedelta(900), TODAY + dt.timedelta(30))
OFFERS = st.lists(
    st.builds(
        Offer,
        key=st.integers(1, 9),
        title=st.text(max_size=3),
        topic=WORDS,
        industries=st.frozensets(WORDS, max_size=2),
        products=st.frozensets(WORDS, max_size=2),
        checked_on=st.none() | DAYS,
    ),
    max_size=9,
    unique_by=lambda one: one.key,
)
BROUGHT = st.lists(
    st.builds(
        Brought,
        key=st.integers(1, 9),
        on=DAYS,
        topic=WORDS,
        reaction=st.sampled_from(["", "useful", "not_useful", "wants_more"]),
    ),
    max_size=6,
)
TAKERS = st.builds(
    Taker,
    industry=WORDS,
    products=st.frozensets(WORDS, max_size=3),
    initiatives=st.lists(st.tuples(st.just("Aim"), WORDS), max_size=2).map(tuple),
    brought=BROUGHT.map(tuple),
    planned=st.frozensets(st.integers(1, 9), max_size=2),
)


@given(OFFERS, TAKERS)
def test_nothing_planned_nor_had_within_a_year_nor_found_not_useful_is_proposed(
    offers: list[Offer], taker: Taker
) -> None:
    proposed = set(keys(offers, taker))
    recent = {one.key for one in taker.brought if YEAR_AGO < one.on <= TODAY}
    last_said = {
        one.key: one.reaction
        for one in sorted(taker.brought, key=lambda one: one.on)
        if one.on <= TODAY and one.reaction
    }

    assert proposed <= {one.key for one in offers}
    assert not proposed & taker.planned
    assert not proposed & recent
    assert not proposed & {key for key, reaction in last_said.items() if reaction == "not_useful"}


@given(OFFERS, TAKERS)
def test_the_order_of_rows_changes_nothing(offers: list[Offer], taker: Taker) -> None:
    turned = Taker(**{**vars(taker), "brought": taker.brought[::-1]})

    assert rank(offers[::-1], turned, TODAY) == rank(offers, taker, TODAY)


@given(OFFERS, TAKERS, st.integers(1, 30))
def test_what_is_brought_after_today_changes_nothing(offers: list[Offer], taker: Taker, days: int) -> None:
    later = Brought(key=1, on=TODAY + dt.timedelta(days), topic="Food", reaction="not_useful")
    known = Taker(**{**vars(taker), "brought": (*taker.brought, later)})

    assert rank(offers, known, TODAY) == rank(offers, taker, TODAY)
