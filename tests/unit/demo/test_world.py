"""The whole simulation: what is known when, and that it never depends on who asks or how often."""

import datetime as dt
import hashlib
import os
import subprocess
import sys
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts_app.demo.customer_news import account_surveys
from accounts_app.demo.episodes import Course
from accounts_app.demo.lots import SEED
from accounts_app.demo.people import MAIN
from accounts_app.demo.reveal import known, news
from accounts_app.demo.truth import truth
from accounts_app.demo.world import World, simulate

ANCHOR = dt.date(2026, 11, 22)
TABLES = (
    "ownerships", "quiet", "contacts", "orders", "incidents", "interactions", "links",
    "inquiries", "contracts", "events", "surveys", "losses", "absences", "promises", "initiatives",
)  # fmt: skip
WORLD = simulate(ANCHOR)

DIGEST = """
import datetime as dt, hashlib
from accounts_app.demo.world import simulate
print(hashlib.sha256(repr(simulate(dt.date(2026, 11, 22))).encode()).hexdigest())
"""

day_offsets = st.integers(min_value=-1096, max_value=1090)


def test_every_process_simulates_the_same_world() -> None:
    """Neither the order of sets nor the salt of hashes may leak into it."""
    ours = hashlib.sha256(repr(WORLD).encode()).hexdigest()
    env = os.environ | {"PYTHONHASHSEED": "4711"}
    theirs = subprocess.run([sys.executable, "-c", DIGEST], env=env, check=True, capture_output=True, text=True)
    assert theirs.stdout.strip() == ours


def test_another_seed_makes_another_world() -> None:
    assert simulate(ANCHOR, SEED + 1).orders != WORLD.orders


@given(day_offsets, st.lists(st.integers(min_value=1, max_value=60), max_size=6))
@hypothesis_settings(max_examples=25)
def test_revealing_in_any_steps_ends_with_what_is_known_that_day(start: int, steps: list[int]) -> None:
    day = ANCHOR + dt.timedelta(days=start)
    seen = {name: {row.key: row for row in known(getattr(WORLD, name), day)} for name in TABLES}
    for step in steps:
        later = day + dt.timedelta(days=step)
        for name in TABLES:
            new, changed = news(getattr(WORLD, name), day, later)
            assert not {row.key for row in new} & set(seen[name])
            assert {row.key for row in changed} <= set(seen[name])
            seen[name] |= {row.key: row for row in (*new, *changed)}
        day = later
    assert seen == {name: {row.key: row for row in known(getattr(WORLD, name), day)} for name in TABLES}


@given(day_offsets)
@hypothesis_settings(max_examples=25)
def test_nothing_shows_what_happens_later(offset: int) -> None:
    """Planned days and announced closures may lie ahead, deeds may not."""
    day = ANCHOR + dt.timedelta(days=offset)
    assert all(order.day <= day for order in known(WORLD.orders, day))
    assert all(row.happened_on is None or row.happened_on <= day for row in known(WORLD.interactions, day))
    assert all(row.since <= day and (row.left_on or day) <= day for row in known(WORLD.contacts, day))
    assert all(row.asked_on <= day and (row.decided_on or day) <= day for row in known(WORLD.inquiries, day))
    assert all(row.asked_on <= day and (row.answered_on or day) <= day for row in known(WORLD.surveys, day))
    assert all((row.notice_received_on or day) <= day for row in known(WORLD.contracts, day))
    assert all(row.happened_on <= day for row in known(WORLD.events, day))
    assert all(row.lost_on <= day for row in known(WORLD.losses, day))
    for incident in known(WORLD.incidents, day):
        moments = [incident.opened_at, incident.acknowledged_at, incident.resolved_at]
        moments += [moment for pause in incident.pauses for moment in (pause.from_at, pause.until_at)]
        assert all(moment is None or moment.date() < day for moment in moments)


@pytest.mark.parametrize("table", TABLES)
def test_keys_name_a_row_once(table: str) -> None:
    keys = [row.key for row in getattr(WORLD, table)]
    assert len(keys) == len(set(keys))


def test_a_reference_never_points_to_a_row_not_yet_known() -> None:
    for offset in (-900, -200, 0, 200):
        day = ANCHOR + dt.timedelta(days=offset)
        contacts = {row.key for row in known(WORLD.contacts, day)}
        assert {row.successor for row in known(WORLD.contacts, day)} <= contacts | {None}
        assert {key for row in known(WORLD.interactions, day) for key in row.contacts} <= contacts
        assert {row.contact for row in known(WORLD.links, day)} <= contacts
        assert {row.contact for row in known(WORLD.surveys, day)} <= contacts


def test_one_person_at_a_time_sits_in_a_seat() -> None:
    by_seat: dict[tuple[int, int], list[Any]] = {}
    for contact in WORLD.contacts:
        by_seat.setdefault((contact.account, contact.seat), []).append(contact)
    for people in by_seat.values():
        for person, follower in pairwise(people):
            assert person.left_on is not None
            assert person.left_on <= follower.since
            assert person.successor == follower.key
        assert people[-1].successor is None


def test_main_contact_leaves_in_the_stories_that_say_so() -> None:
    for profile, episodes in zip(WORLD.portfolio, WORLD.stories, strict=True):
        leavers = {c.left_on for c in WORLD.contacts if c.account == profile.number and c.seat == MAIN}
        for episode in episodes:
            if episode.kind in {"buyer_left", "handover"}:
                assert WORLD.clock.day(episode.onset) in leavers


def test_successor_of_a_handover_is_met_within_weeks() -> None:
    in_order = sorted(WORLD.interactions, key=lambda row: row.happened_on or dt.date.max, reverse=True)
    met = {(row.account, key): row.happened_on for row in in_order for key in row.contacts}
    handed_over = _accounts_in("handover", WORLD)
    assert handed_over
    for number, onset_on in handed_over:
        successor = next(c.successor for c in WORLD.contacts if c.account == number and c.left_on == onset_on)
        first_met = met[number, str(successor)]
        assert first_met is not None
        assert (first_met - onset_on).days < 45


def test_nobody_comes_while_we_are_absent() -> None:
    for number, onset_on in _accounts_in("our_absence", WORLD):
        ours = [
            row.happened_on
            for row in known(WORLD.interactions, ANCHOR)
            if row.account == number and row.initiator == "us" and row.purpose in {"proactive", "review"}
        ]
        assert all(day is not None and day < onset_on for day in ours)


def _accounts_in(kind: str, world: World) -> list[tuple[int, dt.date]]:
    """Number and onset of the accounts that live through something on the day of loading."""
    told = truth(ANCHOR)
    return [
        (profile.number, onset_on)
        for profile in world.portfolio
        if told[profile.key].kind == kind and (onset_on := told[profile.key].onset_on) is not None
    ]


def test_the_subsidiary_s_orders_end_when_its_erp_fell_silent() -> None:
    days = [order.day for order in WORLD.orders if order.iberian]
    assert days
    assert ANCHOR - dt.timedelta(days=200) < max(days) <= WORLD.silent_since
    assert {profile.firm.country for profile in WORLD.portfolio if profile.iberian} <= {"ES", "PT"}


def test_truth_tells_drift_loss_and_resemblance_apart() -> None:
    told = list(truth(ANCHOR).values())
    assert sum(account.drifts for account in told) == 14
    assert sum(account.lost for account in told) == 7
    assert sum(account.resembles for account in told) >= 20
    assert not any(account.drifts and (account.lost or account.resembles) for account in told)


def test_truth_changes_with_the_day_asked_about() -> None:
    before = truth(ANCHOR, ANCHOR - dt.timedelta(days=1000))
    later = truth(ANCHOR, ANCHOR + dt.timedelta(days=700))
    assert not any(account.drifts for account in before.values())
    assert sum(account.drifts for account in later.values()) >= 5
    lost_now = {account.account for account in truth(ANCHOR).values() if account.lost}
    assert lost_now < {account.account for account in later.values() if account.lost}


def test_every_loss_of_a_story_is_written_down_with_its_reason_and_notice() -> None:
    ended = {
        (profile.number, WORLD.clock.day(episode.lost))
        for profile, episodes in zip(WORLD.portfolio, WORLD.stories, strict=True)
        for episode in episodes
        if episode.lost is not None
    }
    assert {(loss.account, loss.lost_on) for loss in WORLD.losses} == ended
    assert all(bool(loss.went_to) == (loss.reason == "competitor") for loss in WORLD.losses)
    assert all(loss.lost_on < loss.known_on for loss in WORLD.losses)
    noticed = {contract.account for contract in WORLD.contracts if contract.notice_received_on}
    assert noticed
    assert noticed <= {account for account, _day in ended}


def test_terms_of_a_contract_follow_each_other_without_a_gap() -> None:
    by_account: dict[int, list[Any]] = {}
    for contract in WORLD.contracts:
        by_account.setdefault(contract.account, []).append(contract)
    assert len(by_account) >= 40
    for terms in by_account.values():
        assert all(later.starts_on == earlier.ends_on + dt.timedelta(days=1) for earlier, later in pairwise(terms))


def test_who_talks_no_more_answers_the_survey_less_often_and_with_fewer_points() -> None:
    """Over all accounts: single answers say little."""
    clock, silent = WORLD.clock, Course(WORLD.clock.length)
    silent.inbound[:] = 0.05
    usual = Course(WORLD.clock.length)
    answers: dict[str, list[int]] = {"usual": [], "silent": []}
    for profile in WORLD.portfolio:
        people = [row for row in WORLD.contacts if row.account == profile.number]
        for name, course in (("usual", usual), ("silent", silent)):
            rows = account_surveys(profile, course, people, clock, SEED)
            answers[name] += [row.score for row in rows if row.score is not None]
    mean = {name: sum(scores) / len(scores) for name, scores in answers.items()}
    assert mean["usual"] - mean["silent"] > 2
    assert len(answers["silent"]) < len(answers["usual"]) / 2


def test_about_one_leaving_in_three_was_announced_before_it_happened() -> None:
    leavers = [row for row in WORLD.contacts if row.left_on is not None]
    announced = [(row, row.leaving_known_on) for row in leavers if row.leaving_known_on is not None]
    assert 0.2 < len(announced) / len(leavers) < 0.45
    assert all(row.known_on < said_on < (row.left_on or said_on) for row, said_on in announced)


def test_who_slows_down_or_falls_silent_complains_before_and_speaks_in_a_bad_tone() -> None:
    clock = WORLD.clock
    soured = [
        (profile.number, episode)
        for profile, told in zip(WORLD.portfolio, WORLD.stories, strict=True)
        for episode in told
        if episode.kind in {"slowing", "contact_silence"} and episode.onset > 100
    ]
    complaints = {(row.account, row.opened_at.date()) for row in WORLD.incidents if row.kind == "complaint"}
    tones: list[int] = []
    for account, episode in soured:
        assert (account, clock.day(episode.onset - 10)) in complaints
        span = (clock.day(episode.onset - 60), clock.day(episode.onset + 60))
        rows = [row for row in WORLD.interactions if row.account == account and row.purpose != "incident"]
        tones += [row.tone for row in rows if row.tone is not None and span[0] <= (row.happened_on or ANCHOR) < span[1]]
    usual = [row.tone for row in WORLD.interactions if row.tone is not None]
    assert len(tones) > 50
    assert sum(tones) / len(tones) < sum(usual) / len(usual) - 0.3
