"""Several of the largest accounts lost: who is told, of which, and by what numbers."""

from datetime import date

import pytest
from django.test import Client

from accounts_app.models import Account, Company, Loss, Role, Team, User
from signals.models import LossAlarm, PostMortem
from signals.pages.losses.alarm import months_before
from tests.factories import AccountFactory, LossFactory, OrderFactory, TeamFactory, UserFactory
from tests.integration.portfolio.reading import page, spoken

pytestmark = pytest.mark.django_db
SAID = "2 of the 20 largest accounts were lost in 12 months: Ferro, Gamma."


def lost(team: Team, name: str, on: str = "2026-05-01", rank: int | None = 20, **fields: object) -> Loss:
    day = date.fromisoformat(on)
    values = {"part": "", "known_on": day, **fields}
    loss = LossFactory(account=AccountFactory(name=name, team=team), lost_on=day, **values)
    PostMortem.objects.create(loss=loss, rank_before=rank)
    return loss


def test_two_of_the_largest_are_told_to_who_leads_and_reads(north: Team, leader: User, manager: User) -> None:
    lost(north, "Ferro", rank=1)
    lost(north, "Gamma")
    readers = [leader, UserFactory(role=Role.ADMINISTRATOR), UserFactory(role=Role.READ_ONLY, teams=[north])]
    for reader in readers:
        assert SAID in spoken(page(reader))
    assert "largest accounts" not in spoken(page(manager))


@pytest.mark.parametrize(
    "other",
    [
        {"rank": 21},
        {"rank": None},
        {"on": "2025-06-30"},  # 12 months ago to the day
        {"part": "Pumps"},
    ],
)
def test_smaller_earlier_and_partial_losses_do_not_count(north: Team, leader: User, other: dict[str, object]) -> None:
    lost(north, "Ferro")
    lost(north, "Gamma", **other)  # type: ignore[arg-type]
    assert "largest accounts" not in spoken(page(leader))


def test_one_is_not_enough_and_the_first_day_of_the_12_months_counts(north: Team, leader: User) -> None:
    lost(north, "Ferro")
    assert "largest accounts" not in spoken(page(leader))
    lost(north, "Gamma", "2025-07-01")
    assert "of the 20 largest" in spoken(page(leader))


def test_two_accounts_of_one_name_are_two_losses(north: Team, leader: User) -> None:
    lost(north, "Ferro", rank=1)
    lost(north, "Ferro", rank=2)
    assert "2 of the 20 largest accounts were lost in 12 months: Ferro, Ferro." in spoken(page(leader))


def test_what_the_reader_may_not_see_is_neither_named_nor_counted(north: Team, leader: User) -> None:
    lost(north, "Ferro")
    lost(TeamFactory(), "Zanzibar")
    assert "largest accounts" not in spoken(page(leader))
    assert "Zanzibar" in spoken(page(UserFactory(role=Role.ADMINISTRATOR)))


def test_an_account_won_back_is_lost_no_more(north: Team, leader: User) -> None:
    lost(north, "Ferro")
    gone = lost(north, "Gamma")
    OrderFactory(account=gone.account, ordered_on=date(2026, 6, 1))
    assert "largest accounts" not in spoken(page(leader))


def test_an_account_set_back_by_hand_is_lost_no_more(north: Team, leader: User) -> None:
    lost(north, "Ferro")
    gone = lost(north, "Gamma").account
    gone.status = Account.Status.FORMER
    gone.save(update_fields=["status"])
    assert SAID in spoken(page(leader))
    gone.status = Account.Status.ACTIVE
    gone.save(update_fields=["status"])
    assert "largest accounts" not in spoken(page(leader))


def test_the_numbers_are_those_saved_in_the_settings(north: Team, leader: User, company: Company) -> None:
    lost(north, "Ferro", rank=3)
    client = Client()
    client.force_login(leader)
    answer = client.post("/settings/losses/", {"losses": 1, "largest": 3, "months": 2})
    assert answer.status_code == 302
    assert "1 of the 3 largest accounts was lost in 2 months: Ferro." in spoken(page(leader))
    assert LossAlarm.pgh_event_model.objects.count() == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"losses": 4, "largest": 3, "months": 12}, "more losses than accounts"),
        ({"losses": 0, "largest": 3, "months": 12}, "greater than or equal to 1"),
        ({"losses": 1, "largest": 3, "months": 61}, "less than or equal to 60"),
    ],
)
def test_numbers_that_cannot_be_are_refused(leader: User, form: dict[str, int], said: str) -> None:
    client = Client()
    client.force_login(leader)
    answer = client.post("/settings/losses/", form)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not LossAlarm.objects.exists()


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        ("2026-06-30", 12, "2025-06-30"),
        ("2026-03-31", 1, "2026-02-28"),
        ("2024-03-31", 1, "2024-02-29"),
        ("2026-01-15", 1, "2025-12-15"),
        ("2026-12-31", 12, "2025-12-31"),
        ("2024-02-29", 12, "2023-02-28"),
    ],
)
def test_months_before_a_day(day: str, months: int, before: str) -> None:
    assert months_before(date.fromisoformat(day), months).isoformat() == before
