"""Hours needed and available of each of our people, by week, and with accounts in other hands."""

import datetime as dt
import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts_app.models import Account, AccountMark, ChannelHours, Colleague, Company, Feed, Role, Team, Tier, User
from cadence.services.capacity import Capacity, Week
from tests.factories import (
    AbsenceFactory,
    AccountFactory,
    ColleagueFactory,
    InteractionFactory,
    TeamFactory,
    UserFactory,
)
from tests.factories.judgement import judged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]
TODAY = dt.date(2026, 6, 30)  # a Tuesday


@pytest.fixture
def tier() -> Tier:
    """A contact takes two hours, a visit five."""
    tier = Tier.objects.get(key="key")
    tier.contact_hours = 2
    tier.save()
    ChannelHours.objects.filter(tier=tier, channel="visit").update(hours=5)
    return tier


@pytest.fixture
def marta(north: Team) -> User:
    user = UserFactory(name="Marta Sanz", teams=[north])
    ColleagueFactory(name="Marta Sanz", user=user, hours_a_week=2)
    return user


def account(owner: User, tier: Tier, due_on: dt.date | None = None, days: int = 7, **fields: object) -> Account:
    interval = {"own_ideal_days": days, "own_max_days": 2 * days, "own_interval_reason": "agreed"}
    made = AccountFactory(owner=owner, team=owner.teams.first(), tier=tier, **(interval | fields))
    if due_on:
        judged(made, due_on=due_on)
    return made


def weeks_of(user: User, today: dt.date = TODAY) -> list[Week]:
    capacity = Capacity([user], today)
    return capacity.with_weeks(capacity.loads())[0].weeks


def opened(user: User, query: str = "") -> str:
    client = Client()
    client.force_login(user)
    response = client.get(reverse("cadence:capacity") + query)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def test_overload_is_said_in_words(tier: Tier, marta: User, leader: User) -> None:
    for _number in range(2):
        account(marta, tier)  # two hours every seven days, each
    text = opened(leader)
    assert "1 of 1 has promised" not in text
    assert "Marta Sanz needs 4 h a week, has 2." in text
    assert "2 h a week too few" in text


def test_hours_that_are_not_known_are_neither_zero_nor_enough(tier: Tier, manager: User, leader: User) -> None:
    account(manager, tier)
    text = opened(leader)
    assert "Of 1 manager the hours are not known." in text
    assert "unknown: the hours a week are not known" in text
    assert "to spare" not in text


def test_the_weeks_hold_plans_by_channel_and_what_is_promised_after_them(tier: Tier, marta: User) -> None:
    customer = account(marta, tier, due_on=dt.date(2026, 7, 2), days=14)
    plan = {"state": "planned", "happened_on": None, "happened_known_on": None, "channel": "visit"}
    InteractionFactory(account=customer, planned_on=dt.date(2026, 7, 8), **plan)
    weeks = weeks_of(marta)
    assert [one.begins_on for one in weeks[:2]] == [dt.date(2026, 6, 29), dt.date(2026, 7, 6)]
    # The visit in the second week, five hours; from it every second week on two hours until the thirteenth.
    assert [one.planned for one in weeks] == [0, 5] + [0] * 11
    assert [one.promised for one in weeks] == [0, 0, 0, 2, 0, 2, 0, 2, 0, 2, 0, 2, 0]


def test_what_is_overdue_takes_its_time_this_week(tier: Tier, marta: User) -> None:
    account(marta, tier, due_on=dt.date(2026, 1, 1), days=90)
    account(marta, tier, days=90)  # never contacted: the first one is due
    weeks = weeks_of(marta)
    assert [one.promised for one in weeks] == [4] + [0] * 12
    assert weeks[0].available == pytest.approx(2 / 5 * 4)  # Monday has passed


def test_absences_and_public_holidays_are_taken_off_each_week(tier: Tier, marta: User) -> None:
    Company.objects.update(country="Germany")
    Colleague.objects.filter(user=marta).update(country="France")  # 14 July, a Tuesday
    AbsenceFactory(
        colleague=Colleague.objects.get(user=marta), from_day=dt.date(2026, 7, 20), until_day=dt.date(2026, 7, 22)
    )
    available = [one.available for one in weeks_of(marta)]
    assert available[1:5] == pytest.approx([2, 2 / 5 * 4, 2 / 5 * 2, 2])


def test_at_a_weekend_the_weeks_begin_on_monday(tier: Tier, marta: User) -> None:
    weeks = weeks_of(marta, dt.date(2026, 7, 4))
    assert (weeks[0].begins_on, weeks[0].available) == (dt.date(2026, 7, 6), 2)


def test_what_if_another_takes_an_account_over(tier: Tier, marta: User, manager: User, leader: User) -> None:
    ColleagueFactory(user=manager, hours_a_week=10)
    asked, _other = account(marta, tier, name="Asked Works"), account(marta, tier)
    text = opened(leader, f"?to={manager.pk}&account={asked.pk}")
    assert "Jonas Okafor would need 2 h a week instead of 0 and has 10." in text
    assert "Marta Sanz would need 2 h a week instead of 4 and has 2." in text
    asked.refresh_from_db()
    assert asked.owner == marta


def test_a_manager_asks_for_oneself_and_does_not_see_the_other_s_load(tier: Tier, marta: User, manager: User) -> None:
    ColleagueFactory(user=manager, hours_a_week=1)
    asked = account(marta, tier)
    text = opened(manager, f"?to={manager.pk}&account={asked.pk}")
    assert "Jonas Okafor would need 2 h a week instead of 0 and has 1: 1 h too few." in text
    assert "Marta Sanz would need 2 h a week less." in text
    assert "instead of 0 and has 2" not in text


@pytest.mark.parametrize("query", ["?to=x&account=y", "?to=99999999&account=0", "?account=%00&to=", "?account=9&to=9"])
def test_a_question_that_makes_no_sense_is_a_page(marta: User, leader: User, query: str) -> None:
    assert "What if somebody took an account over?" in opened(leader, query)


def test_another_team_s_people_and_accounts_are_not_shown(tier: Tier, marta: User) -> None:
    asked = account(marta, tier, name="Asked Works")
    stranger = UserFactory(role=Role.SALES_LEADER, teams=[TeamFactory(name="South")])
    text = opened(stranger, f"?to={marta.pk}&account={asked.pk}")
    assert "Sanz" not in text
    assert "Asked" not in text


def test_the_number_of_queries_is_that_of_one_account(tier: Tier, marta: User, leader: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            opened(leader)
        return len(seen)

    account(marta, tier)
    few = queries()
    for number in range(12):
        owner = UserFactory(name=f"Manager {number}", teams=[marta.teams.get()])
        ColleagueFactory(user=owner, hours_a_week=5)
        account(owner, tier)
    assert queries() == few


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_manager_enters_the_own_hours_for_the_first_time(tier: Tier, manager: User) -> None:
    concerned = account(manager, tier)
    address = reverse("accounts:person_of_user", args=[manager.pk])
    assert client_of(manager).post(address, {"hours_a_week": "12.5", "country": "DE"}).status_code == 302
    person = Colleague.objects.get(user=manager)
    assert (float(person.hours_a_week or 0), person.country, person.feed.name) == (12.5, "DE", "vigil")
    assert AccountMark.objects.filter(account=concerned).exists()


@pytest.mark.parametrize("typed", [{"hours_a_week": "81"}, {"hours_a_week": "-1"}, {"country": "Atlantis"}])
def test_what_cannot_be_is_refused(manager: User, typed: dict[str, str]) -> None:
    address = reverse("accounts:person_of_user", args=[manager.pk])
    assert client_of(manager).post(address, typed).status_code == 422
    assert not Colleague.objects.exists()


def test_absences_are_added_changed_and_removed(tier: Tier, marta: User, leader: User) -> None:
    person, concerned = Colleague.objects.get(user=marta), account(marta, tier)
    client = client_of(leader)
    days = {"from_day": "2026-07-06", "until_day": "2026-07-10"}
    assert client.post(reverse("accounts:absence_add", args=[person.pk]), days).status_code == 302
    absence = person.absences.get()
    assert AccountMark.objects.filter(account=concerned).exists()
    edit = reverse("accounts:absence_edit", args=[person.pk, absence.pk])
    assert client.post(edit, days | {"until_day": "2026-07-01"}).status_code == 422
    assert client.post(edit, days | {"until_day": "2026-07-17"}).status_code == 302
    absence.refresh_from_db()
    assert absence.until_day == dt.date(2026, 7, 17)
    assert "2026-07-17" in client.get(reverse("accounts:person_list")).content.decode()
    client.post(reverse("accounts:absence_remove", args=[person.pk, absence.pk]))
    assert not person.absences.exists()


def test_what_a_feed_delivers_and_strangers_are_out_of_reach(marta: User, manager: User, leader: User) -> None:
    person = Colleague.objects.get(user=marta)
    delivered = AbsenceFactory(colleague=person, from_day=TODAY, until_day=TODAY, feed=Feed.objects.create(name="crm"))
    edit = reverse("accounts:absence_edit", args=[person.pk, delivered.pk])
    assert client_of(leader).get(edit).status_code == 404
    assert client_of(manager).get(reverse("accounts:person_edit", args=[person.pk])).status_code == 404
    assert client_of(manager).get(reverse("accounts:person_of_user", args=[marta.pk])).status_code == 404
    assert client_of(manager).get(reverse("accounts:person_list")).status_code == 403
