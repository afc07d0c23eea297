"""Who the customers are, and what is dealt to them."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from accounts_app.demo.clock import PAST_DAYS
from accounts_app.demo.firms import FIRMS
from accounts_app.demo.logins import DEMO_LOGINS, PASSWORDS
from accounts_app.demo.lots import SEED
from accounts_app.demo.portfolio import profiles
from accounts_app.demo.staff import PACE, TEAMS
from accounts_app.demo.stories import DRIFTING_NOW, LOST, RESEMBLING_NOW, stories

SEEDS = st.integers(min_value=0, max_value=10_000)


def test_firms_are_120_and_every_parent_is_one_of_them() -> None:
    names = {firm.name for firm in FIRMS}
    assert len(FIRMS) == len(names) == 120
    assert {firm.parent for firm in FIRMS if firm.parent} <= names


@given(SEEDS)
def test_portfolio_has_the_promised_tiers_whatever_the_seed(seed: int) -> None:
    portfolio = profiles(seed)
    assert Counter(profile.tier for profile in portfolio) == {"strategic": 8, "key": 24, "significant": 40, "other": 48}
    assert sum(profile.iberian for profile in portfolio) == 4
    assert sum(profile.begins > 0 for profile in portfolio) == 4
    assert not any(profile.iberian and profile.begins for profile in portfolio)


def test_every_manager_answers_for_nine_to_eleven_accounts_of_the_own_team() -> None:
    portfolio = profiles(SEED)
    counts = Counter(profile.manager for profile in portfolio)
    assert set(counts) == set(PACE)
    assert set(counts.values()) <= {9, 10, 11}
    managers = {team.name: team.managers for team in TEAMS}
    assert all({profile.manager, profile.deputy} <= set(managers[profile.team]) for profile in portfolio)
    assert all(profile.manager != profile.deputy for profile in portfolio)


@given(SEEDS)
def test_as_many_accounts_look_like_drifting_as_do(seed: int) -> None:
    told = stories(profiles(seed), seed)
    drifting = Counter(e.kind for episodes in told for e in episodes if e.drifting_on(PAST_DAYS))
    lost = Counter(e.kind for episodes in told for e in episodes if e.lost_on(PAST_DAYS))
    resembling = Counter(
        e.kind for episodes in told for e in episodes if not e.is_true and e.onset <= PAST_DAYS < (e.ends or 0)
    )
    assert drifting == Counter(DRIFTING_NOW)
    assert lost == Counter(LOST)
    assert resembling >= Counter(RESEMBLING_NOW)


@given(SEEDS)
def test_only_projects_pause_and_only_known_customers_have_a_story(seed: int) -> None:
    portfolio = profiles(seed)
    for profile, episodes in zip(portfolio, stories(portfolio, seed), strict=True):
        assert profile.rhythm == "project" or all(episode.kind != "pause" for episode in episodes)
        assert not (episodes and (profile.iberian or profile.begins))
        assert all(episode.ends is None or episode.ends > episode.onset for episode in episodes)


def test_log_ins_name_one_person_per_role_with_a_long_password() -> None:
    assert len(DEMO_LOGINS) == len(PASSWORDS) == 5
    assert {login.password for login in DEMO_LOGINS} == set(PASSWORDS.values())
    assert all(len(login.password) >= 12 and login.password.startswith("demo-") for login in DEMO_LOGINS)
    assert all(login.email.endswith("@tarnholm.example") for login in DEMO_LOGINS)
