"""People of either side thought away, on pairs of a handful of people worked out by hand."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.compute.level_pairs import LEVELS, what_is_left
from signals.compute.what_if import ToBuild, Who, what_if

TOP, MID, LOW = LEVELS
LUND, AAS, MOE, SOLHEIM = (("contact", key) for key in (1, 2, 3, 4))
OKAFOR, SANZ, THALMANN = (("colleague", key) for key in (1, 2, 3))
PEOPLE: dict[Who, str] = {LUND: TOP, AAS: LOW, MOE: LOW, SOLHEIM: MID, OKAFOR: MID, SANZ: LOW, THALMANN: TOP}


def pairs_of(*rows: tuple[Who, Who, int], people: dict[Who, str] = PEOPLE) -> pd.DataFrame:
    """Live pairs, as `live_pairs` returns them."""
    columns = ["account_id", "contact_id", "colleague_id", "theirs", "ours", "meetings"]
    made = [(7, one[1], other[1], people[one], people[other], days) for one, other, days in rows]
    return pd.DataFrame(made, columns=columns).astype({"contact_id": "int64", "colleague_id": "int64"})


def test_nobody_gone_changes_nothing() -> None:
    told = what_if(pairs_of((AAS, OKAFOR, 3), (LUND, THALMANN, 1)), PEOPLE, [])
    assert (told.before, told.after) == (2, 2)
    assert (told.lost, told.alone, told.to_build) == ([], [], [])


def test_a_level_pair_ends_only_where_nobody_else_keeps_it() -> None:
    pairs = pairs_of((AAS, OKAFOR, 3), (MOE, OKAFOR, 1), (AAS, SANZ, 2))
    told = what_if(pairs, PEOPLE, [AAS])
    assert (told.before, told.after) == (2, 1)
    assert told.lost == [(LOW, LOW)]


def test_the_link_to_build_names_who_stays_at_the_level_and_who_of_us_held_it() -> None:
    pairs = pairs_of((AAS, OKAFOR, 3), (MOE, OKAFOR, 1), (AAS, SANZ, 2))
    assert what_if(pairs, PEOPLE, [AAS]).to_build == [ToBuild(LOW, LOW, MOE[1], SANZ[1])]


def test_where_nobody_is_left_at_a_level_the_place_stays_open() -> None:
    told = what_if(pairs_of((LUND, OKAFOR, 1), (AAS, OKAFOR, 1)), PEOPLE, [LUND])
    assert told.to_build == [ToBuild(TOP, MID, None, OKAFOR[1])]


def test_a_successor_comes_before_who_was_met_more_often() -> None:
    pairs = pairs_of((AAS, SANZ, 5), (MOE, OKAFOR, 9))
    people = {**PEOPLE, ("contact", 9): LOW}
    told = what_if(pairs, people, [AAS], successors={AAS[1]: 9, MOE[1]: LUND[1]})
    assert told.to_build == [ToBuild(LOW, LOW, 9, SANZ[1])]


def test_our_side_leaves_somebody_alone_whose_level_others_keep() -> None:
    people = {**PEOPLE, ("colleague", 4): MID}
    pairs = pairs_of((AAS, OKAFOR, 3), (MOE, ("colleague", 4), 2), (LUND, THALMANN, 1), people=people)
    told = what_if(pairs, people, [OKAFOR])
    assert (told.before, told.after, told.alone) == (2, 2, [AAS])
    assert told.to_build == [ToBuild(LOW, MID, AAS[1], 4)]


def test_two_leave_at_once_and_all_hangs_on_them() -> None:
    told = what_if(pairs_of((AAS, OKAFOR, 3), (LUND, SANZ, 1)), PEOPLE, [AAS, SANZ])
    assert (told.before, told.after) == (2, 0)
    assert told.lost == [(TOP, LOW), (LOW, MID)]
    assert told.alone == [LUND, OKAFOR]
    assert told.to_build == [ToBuild(TOP, LOW, LUND[1], None), ToBuild(LOW, MID, MOE[1], OKAFOR[1])]


def test_of_no_pairs_nothing_is_lost() -> None:
    told = what_if(pairs_of(), PEOPLE, [AAS])
    assert (told.before, told.after, told.to_build) == (0, 0, [])


@pytest.mark.parametrize("stranger", [("contact", 999), ("nobody", 1)])
def test_somebody_unknown_changes_nothing(stranger: Who) -> None:
    told = what_if(pairs_of((AAS, OKAFOR, 3)), PEOPLE, [stranger])
    assert (told.before, told.after) == (1, 1)


who_met = st.lists(
    st.tuples(st.sampled_from([LUND, AAS, MOE, SOLHEIM]), st.sampled_from([OKAFOR, SANZ, THALMANN])),
    min_size=1,
    unique=True,
)


@given(who_met)
def test_it_agrees_with_what_the_signal_counts(met: list[tuple[Who, Who]]) -> None:
    pairs = pairs_of(*((theirs, ours, 1) for theirs, ours in met))
    left = what_is_left(pairs)
    for side, person, after in zip(left["side"], left["person_id"], left["left"], strict=True):
        assert what_if(pairs, PEOPLE, [(str(side), int(person))]).after == after


@given(who_met, st.sets(st.sampled_from(list(PEOPLE))))
def test_more_who_leave_never_leave_more(met: list[tuple[Who, Who]], gone: set[Who]) -> None:
    pairs = pairs_of(*((theirs, ours, 1) for theirs, ours in met))
    told = what_if(pairs, PEOPLE, gone)
    assert 0 <= told.after == told.before - len(told.lost)
    assert all(told.after <= what_if(pairs, PEOPLE, [one]).after for one in gone)
    assert not {("contact", one.contact) for one in told.to_build} & gone
    assert not {("colleague", one.colleague) for one in told.to_build} & gone
