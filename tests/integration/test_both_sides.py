"""Days for a contact keep both countries' holidays and the owner's absences; a typed day says what is against it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts_app.forms.hand_over import HandOverForm
from accounts_app.models import Account, Company, Feed, Interaction, Role, User
from accounts_app.services.both_sides import calendars
from tests.factories import AbsenceFactory, AccountFactory, ColleagueFactory, ContactFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)  # a Tuesday; in a month it is Christmas Eve, in two weeks 8 December


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "time_zone": "UTC", "country": "Germany"})
    with time_machine.travel(datetime(2026, 11, 24, 9, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def manager() -> User:
    return UserFactory(name="Jonas Okafor", teams=[TeamFactory(name="North")])


@pytest.fixture
def account(manager: User) -> Account:
    """In Spain, where 8 December is a holiday."""
    ColleagueFactory(user=manager, name="Jonas Okafor")
    return AccountFactory(owner=manager, team=manager.teams.get(), country="España")


@pytest.fixture
def client(manager: User) -> Client:
    client = Client()
    client.force_login(manager)
    return client


def test_the_days_offered_are_working_days_of_both_sides(client: Client, account: Account, manager: User) -> None:
    AbsenceFactory(colleague=manager.colleague, from_day=date(2026, 12, 24), until_day=date(2027, 1, 8))
    log = client.get(f"/log/contact/?account={account.pk}").content.decode()
    plan = client.get(reverse("accounts:interaction_plan", args=[account.pk])).content.decode()
    for page in (log, plan):
        assert 'value="2026-12-08"' not in page
        assert 'value="2026-12-09"' in page  # two weeks from now is a Spanish holiday
        assert 'value="2027-01-11"' in page  # in a month the owner is away
    assert 'value="2026-12-01"' in plan
    assert "Next working day · 25\N{NO-BREAK SPACE}Nov" in plan


def test_several_ways_to_say_one_day_are_one(client: Client, account: Account, manager: User) -> None:
    AbsenceFactory(colleague=manager.colleague, from_day=date(2026, 11, 25), until_day=date(2026, 12, 8))
    plan = client.get(reverse("accounts:interaction_plan", args=[account.pk])).content.decode()
    assert plan.count('value="2026-12-09"') == 1


def told(account: Account, **more: str) -> dict[str, str]:
    said = {"happened_on": str(TODAY), "channel": "call", "purpose": "proactive", "initiator": "us"}
    return said | {"account": str(account.pk), "next_channel": "call", "next_purpose": "proactive"} | more


def test_as_promised_is_the_last_day_before_a_holiday(client: Client, account: Account) -> None:
    """31 days from now is Christmas Day at both sides."""
    Account.objects.update(own_ideal_days=31, own_max_days=60, own_interval_reason="asked for it")
    assert client.post("/log/contact/", told(account, next_on="due")).status_code == 302
    assert Interaction.objects.planned().get().planned_on == date(2026, 12, 24)


def test_a_group_plans_each_by_its_own_country(client: Client, account: Account) -> None:
    other = AccountFactory(owner=account.owner, team=account.team, country="Germany")
    Account.objects.update(own_ideal_days=14, own_max_days=60, own_interval_reason="asked for it")
    token = {"token": "7d9f3a52-6f0e-4c56-9d7b-0f6f0e4c569d", "plans_next": "on"}
    people = {"contacts": [ContactFactory(account=one).pk for one in (account, other)]}
    sent = {key: value for key, value in told(account).items() if not key.startswith(("account", "next"))}
    assert client.post("/log/group/", sent | token | people).status_code == 302
    days = {one.account_id: one.planned_on for one in Interaction.objects.planned()}
    assert days == {account.pk: date(2026, 12, 7), other.pk: date(2026, 12, 8)}


def test_joint_visits_are_proposed_past_holidays(account: Account, manager: User) -> None:
    boss = UserFactory(role=Role.ADMINISTRATOR)
    for today, wanted in ((date(2026, 12, 4), date(2026, 12, 7)), (date(2026, 12, 5), date(2026, 12, 9))):
        (row,) = HandOverForm(leaver=manager, by=boss, today=today).rows()
        assert (row.account, row.visit_on.initial) == (account, wanted)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-12-08", "A public holiday: España."),
        ("2026-12-25", "A public holiday: Germany, España."),
        ("2026-12-26", "This is a weekend. A public holiday: Germany."),
        ("2026-12-15", "Jonas Okafor is away until 18\N{NO-BREAK SPACE}Dec."),
        ("2026-12-21", ""),
        ("31.12.", ""),
        ("2026-02-31", ""),
    ],
)
def test_a_typed_day_says_what_is_against_it(
    client: Client, account: Account, manager: User, day: str, said: str
) -> None:
    AbsenceFactory(colleague=manager.colleague, from_day=date(2026, 12, 14), until_day=date(2026, 12, 18))
    answer = client.get(reverse("accounts:day_said", args=[account.pk]), {"next_on_other": day})
    assert answer.content.decode() == said


def test_a_bad_day_is_a_hint_and_no_error(client: Client, account: Account) -> None:
    address = reverse("accounts:interaction_plan", args=[account.pk])
    body = {"planned_on": "other", "planned_on_other": "2026-12-08", "channel": "call", "purpose": "proactive"}
    assert client.post(address, body).status_code == 302
    plan = Interaction.objects.planned().get()
    moving = client.get(reverse("accounts:interaction_move", args=[plan.pk])).content.decode()
    assert "A public holiday: España." in moving


def test_visit_days_in_the_forms_of_account_and_contact_are_asked_about(client: Client, account: Account) -> None:
    """The hint stands beside the day that came back refused, and a typed one asks for it."""
    contact = ContactFactory(account=account, feed=Feed.objects.get(name="vigil"))
    User.objects.update(role=Role.SALES_LEADER)
    other = UserFactory(teams=[account.team])
    forms = (
        (reverse("accounts:account_edit", args=[account.pk]), {"owner": other.pk, "visit": "on"}, "visit_on"),
        (reverse("accounts:contact_edit", args=[account.pk, contact.pk]), {"hand_over": "on"}, "hand_over_on"),
    )
    for address, body, field in forms:
        assert "A public holiday" not in client.get(address).content.decode()
        page = client.post(address, body | {field: "2026-12-08"})
        assert page.status_code == 422
        assert f'id="fact-{field}-said" role="status">A public holiday: España.</p>' in page.content.decode()
        assert f'hx-target="#fact-{field}-said"' in page.content.decode()


def test_a_hundred_calendars_cost_what_one_does(account: Account) -> None:
    def cost(accounts: list[Account]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert all(one.sides.meet(date(2026, 12, 9)) for one in calendars(accounts).values())
        return len(asked)

    many = [AccountFactory(owner=ColleagueFactory(user=UserFactory()).user) for _n in range(5)]
    assert cost([account]) == cost([account, *many])
