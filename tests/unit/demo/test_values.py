import datetime as dt

from accounts_app.demo.products import GROUPS
from accounts_app.demo.value_library import LIBRARY, last_day
from accounts_app.demo.values import AGAIN_AFTER, MOST_OPEN, WISHES
from accounts_app.demo.world import simulate

ANCHOR = dt.date(2026, 7, 15)
WORLD = simulate(ANCHOR)
ITEMS = {item.title: item for item in LIBRARY}


def test_the_library_is_about_what_is_sold_and_to_whom() -> None:
    trades = {profile.firm.trade for profile in WORLD.portfolio}

    assert {group for item in LIBRARY for group in item.products} <= set(GROUPS)
    assert {trade for item in LIBRARY for trade in item.industries} <= trades
    assert WISHES.keys() <= {item.topic for item in LIBRARY}


def test_what_is_brought_suits_the_customer_is_valid_and_was_not_brought_lately() -> None:
    trade = {profile.number: profile.firm.trade for profile in WORLD.portfolio}
    last: dict[tuple[int, str], dt.date] = {}
    brought = [row for row in WORLD.interactions if row.value_item]
    for row in sorted(brought, key=lambda row: row.happened_on or row.known_on):
        item, day = ITEMS[row.value_item or ""], row.happened_on or row.known_on
        assert not item.industries or trade[row.account] in item.industries
        until = last_day(item, ANCHOR)
        assert until is None or day <= until
        before = last.get((row.account, item.title))
        assert before is None or (day - before).days >= AGAIN_AFTER
        last[row.account, item.title] = day

    assert {row.reaction for row in brought} == {"", "useful", "not_useful", "wants_more"}
    assert not [row for row in WORLD.interactions if row.reaction and not row.value_item]


def test_a_plan_has_no_reaction_yet() -> None:
    for row in WORLD.interactions:
        if row.planned_on and (seen := row.at(row.known_on)) and seen.state == "planned":
            assert seen.reaction == ""


def test_some_customers_say_what_they_want_never_more_than_two_things_at_once() -> None:
    today = [row for one in WORLD.initiatives if (row := one.at(ANCHOR))]
    opened = [row.account for row in today if row.ended_on is None]

    assert len(set(opened)) >= 30
    assert max(opened.count(account) for account in opened) <= MOST_OPEN
    assert {row.outcome for row in today} == {"", "reached", "dropped"}
