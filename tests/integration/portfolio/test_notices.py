"""What the page says of its own age and gaps, and where nothing is to be shown."""

from datetime import date, timedelta

import pytest

from accounts_app.models import Company, Feed, FeedKind, Role, Team, User
from signals.models import Run
from tests.factories import AccountFactory, TeamFactory, UserFactory
from tests.factories.judgement import AS_OF, finished_run, judged
from tests.integration.portfolio.reading import page, spoken

pytestmark = pytest.mark.django_db


def test_the_page_says_of_when_it_is(leader: User, north: Team, company: Company) -> None:
    judged(AccountFactory(team=north))
    Company.objects.update(time_zone="Europe/Berlin")
    assert "as of today 05:12" in spoken(page(leader))


def test_a_past_day_is_named_with_when_it_was_computed(leader: User, north: Team) -> None:
    judged(AccountFactory(team=north), as_of=date(2011, 12, 9))
    assert "as of 9 Dec 2011, computed today 03:12" in spoken(page(leader))


def test_simulated_data_are_called_so(leader: User, company: Company) -> None:
    assert "Simulated data." not in page(leader)
    Company.objects.update(simulated=True)
    assert "Simulated data." in page(leader)


def test_an_incomplete_run_a_filling_history_and_a_late_feed_are_said(leader: User, north: Team) -> None:
    judged(AccountFactory(team=north))
    Run.objects.update(state=Run.State.INCOMPLETE)
    finished_run(kind=Run.Kind.HISTORY, from_day=AS_OF, ticket=2, state=Run.State.OPEN, finished_at=None)
    feed = Feed.objects.create(name="erp", title="ERP")
    for source, behind in (("orders", 15), ("contacts", 14)):
        complete_to = AS_OF - timedelta(days=behind)
        FeedKind.objects.create(feed=feed, source=source, complete_to=complete_to, expected_days=7)
    words = spoken(page(leader))
    assert "The run of 30 Jun is incomplete" in words
    assert "still being filled in (0 of 0 parts)" in words
    assert "ERP is late, complete to 15 Jun only (orders)" in words


def test_before_the_first_run_the_page_says_what_starts_it(leader: User, north: Team) -> None:
    AccountFactory(team=north)
    assert "Nothing is judged yet" in spoken(page(leader))
    finished_run(state=Run.State.OPEN, finished_at=None)
    words = spoken(page(leader))
    assert "Nothing is judged yet" not in words
    assert "judged for the first time (0 of 0 parts)" in words


def test_an_owner_who_logs_nothing_is_named_to_the_leader_only(leader: User, manager: User, north: Team) -> None:
    judged(AccountFactory(team=north, owner=manager))
    notice = {"kind": "owner_silent", "owner_id": manager.pk, "since": "2026-05-01", "accounts": 4}
    Run.objects.update(notices=[notice])
    said = "Jonas Okafor has logged no contact on any account since 1 May: silence is unknown for 4 accounts."
    assert said in spoken(page(leader))
    assert said not in spoken(page(manager))
    assert said not in spoken(page(UserFactory(role=Role.SALES_LEADER, teams=[TeamFactory()])))


def test_without_any_account_the_page_teaches_how_to_begin() -> None:
    html = page(UserFactory(role=Role.ADMINISTRATOR))
    assert "manage.py import_file orders FILE --feed NAME --create-accounts" in html
    assert "manage.py" not in page(UserFactory(role=Role.READ_ONLY))


def test_without_own_accounts_a_manager_is_shown_the_way_to_all(manager: User, north: Team) -> None:
    AccountFactory(team=north)
    assert 'href="?whose=all">Show all that I may see</a>' in page(manager)


def test_where_nothing_matches_the_filters_can_be_cleared(leader: User, north: Team) -> None:
    AccountFactory(team=north)
    html = page(leader, "?q=nothing&sort=name&tier=key")
    assert "No account matches" in html
    assert 'href="?sort=name">Clear the filters</a>' in html
