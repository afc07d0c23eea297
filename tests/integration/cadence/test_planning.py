"""A quarter planned: looked at, written as one act, taken back; and what cannot be planned is said."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts_app.models import Account, AccountMark, ChannelHours, Company, Interaction, Role, Team, Tier, User
from signals.models import BulkAct
from tests.factories import AbsenceFactory, AccountFactory, ColleagueFactory, InteractionFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]

TODAY = dt.date(2026, 6, 30)
QUARTER = {"whose": "", "begins": "2026-07-01", "ends": "2026-09-30"}


@pytest.fixture
def tier() -> Tier:
    """A contact every 30 days, an hour each; no review promised."""
    tier = Tier.objects.get(key="key")
    ChannelHours.objects.filter(tier=tier).delete()
    Tier.objects.filter(pk=tier.pk).update(ideal_days=30, max_days=45, contact_hours=1, review_days=None)
    tier.refresh_from_db()
    return tier


@pytest.fixture
def account(north: Team, manager: User, tier: Tier) -> Account:
    """Last met on 10 June: due on 10 July."""
    ColleagueFactory(user=manager, hours_a_week=20)
    return met(AccountFactory(name="Halvorsen", team=north, owner=manager, tier=tier))


def met(account: Account, on: dt.date = dt.date(2026, 6, 10), **fields: Any) -> Account:
    InteractionFactory(account=account, happened_on=on, **fields)
    return account


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def look(user: User, **fields: str) -> Any:
    return client_of(user).get(reverse("cadence:plan"), QUARTER | fields)


def accept(user: User, **fields: str) -> Any:
    mark = look(user, **fields).context["page"].planning.mark
    return client_of(user).post(reverse("cadence:plan"), QUARTER | {"looked_at": mark} | fields)


def planned() -> list[str]:
    return [str(one.planned_on) for one in Interaction.objects.planned().order_by("planned_on")]


def test_looking_writes_nothing_and_accepting_writes_what_was_shown(account: Account, manager: User) -> None:
    page = look(manager).content.decode()
    assert "3 contacts to plan" in page
    assert planned() == []
    AccountMark.objects.all().delete()
    assert accept(manager).status_code == 302
    assert planned() == ["2026-07-10", "2026-08-07", "2026-09-04"]
    first = Interaction.objects.planned().earliest("planned_on")
    assert (first.by, first.due_on, first.purpose, first.channel) == (
        manager,
        dt.date(2026, 7, 10),
        "proactive",
        "call",
    )
    assert AccountMark.objects.filter(account=account).exists()


def test_planning_twice_adds_nothing(account: Account, manager: User) -> None:
    accept(manager)
    assert "Nothing to plan" in look(manager).content.decode()
    assert accept(manager).status_code == 422
    assert len(planned()) == 3


def test_it_is_taken_back_as_one_act(account: Account, manager: User) -> None:
    accept(manager)
    act = BulkAct.objects.get()
    assert client_of(manager).post(reverse("signals:bulk_undo", args=[act.pk])).status_code == 302
    assert planned() == []
    assert "3 contacts to plan" in look(manager).content.decode()


def test_a_contact_moved_since_is_not_taken_back_unasked(account: Account, manager: User) -> None:
    accept(manager)
    Interaction.objects.planned().filter(planned_on="2026-07-10").update(planned_on="2026-07-13")
    act, client = BulkAct.objects.get(), client_of(manager)
    assert client.post(reverse("signals:bulk_undo", args=[act.pk])).status_code == 409
    assert len(planned()) == 3
    client.post(reverse("signals:bulk_undo", args=[act.pk]), {"only_unchanged": "1"})
    assert planned() == ["2026-07-13"]


def test_what_changed_since_the_look_is_shown_again(account: Account, manager: User) -> None:
    mark = look(manager).context["page"].planning.mark
    met(account, TODAY)
    answer = client_of(manager).post(reverse("cadence:plan"), QUARTER | {"looked_at": mark})
    assert (answer.status_code, "Something has changed since you looked" in answer.content.decode()) == (422, True)
    assert planned() == []


@pytest.mark.parametrize("purpose", ["order", "incident", "renewal", "consultation"])
def test_other_contacts_do_not_reset_the_interval(account: Account, manager: User, purpose: str) -> None:
    met(account, dt.date(2026, 6, 25), purpose=purpose)
    met(account, dt.date(2026, 6, 26), initiator="them")
    met(account, dt.date(2026, 6, 27), state="attempted")
    accept(manager)
    assert planned()[0] == "2026-07-10"


def test_a_review_resets_it_and_the_next_one_is_due_its_interval_later(
    account: Account, manager: User, tier: Tier
) -> None:
    Tier.objects.filter(pk=tier.pk).update(review_days=70)
    met(account, dt.date(2026, 6, 12), purpose="review")  # the next by 21 August
    accept(manager)
    reviews = Interaction.objects.planned().order_by("planned_on").values_list("planned_on", "purpose")
    assert [(str(on), purpose) for on, purpose in reviews] == [
        ("2026-07-10", "proactive"),
        ("2026-08-07", "review"),
        ("2026-09-04", "proactive"),
    ]


def test_an_own_interval_goes_before_the_tiers_and_is_shown_with_its_reason(account: Account, manager: User) -> None:
    Account.objects.filter(pk=account.pk).update(own_ideal_days=60, own_max_days=80, own_interval_reason="asked for it")
    assert "every 60 d, own interval: asked for it" in look(manager).content.decode()
    accept(manager)
    assert planned() == ["2026-08-07"]


def test_holidays_of_both_countries_and_absences_are_kept(account: Account, manager: User) -> None:
    Company.objects.update(country="Germany")
    Account.objects.filter(pk=account.pk).update(country="Schweiz")
    AbsenceFactory(colleague=manager.colleague, from_day=dt.date(2026, 7, 9), until_day=dt.date(2026, 7, 31))
    accept(manager)
    # 10 July lies in the absence: the 8th; 30 days on 7 August; then 4 September (Sunday 6).
    assert planned() == ["2026-07-08", "2026-08-07", "2026-09-04"]


def test_an_unknown_country_has_no_holidays_and_it_is_said(account: Account, manager: User) -> None:
    Account.objects.filter(pk=account.pk).update(country="Atlantis")
    page = look(manager).content.decode()
    assert "No public holidays are known of “Atlantis”" in page
    assert "Our own country is not said" in page


@pytest.mark.parametrize(
    ("hours", "said"),
    [(None, "has for accounts is not known"), (0, "has no hours for accounts"), (20, "20 h")],
)
def test_hours_unknown_none_and_known(account: Account, manager: User, hours: int | None, said: str) -> None:
    type(manager.colleague).objects.update(hours_a_week=hours)
    assert said in look(manager).content.decode()
    accept(manager)
    assert len(planned()) == (0 if hours == 0 else 3)


def test_what_finds_no_hours_is_listed_not_planned(account: Account, manager: User, north: Team, tier: Tier) -> None:
    type(manager.colleague).objects.update(hours_a_week=5)
    for _n in range(24):
        met(AccountFactory(team=north, owner=manager, tier=tier))
    found = look(manager, ends="2026-07-24")
    assert "7 contacts find no day" in found.content.decode()  # 18 working days, an hour each
    assert found.context["page"].planning.contacts == 18


def test_only_what_the_reader_may_change_is_planned(account: Account, leader: User, north: Team, tier: Tier) -> None:
    met(AccountFactory(name="Zanzibar", owner=UserFactory(), tier=tier))
    met(AccountFactory(name="Ownerless", team=north, tier=tier))
    colleague = UserFactory(teams=[north])
    page = look(leader).content.decode()
    assert "Halvorsen" in page
    assert "Zanzibar" not in page
    assert "1 account has no owner" in page
    assert "Halvorsen" not in look(colleague).content.decode()
    accept(leader)
    assert set(Interaction.objects.planned().values_list("account__name", "by")) == {("Halvorsen", account.owner_id)}


def test_the_whose_of_somebody_else_is_refused(account: Account, leader: User) -> None:
    stranger = UserFactory()
    answer = look(leader, whose=str(stranger.pk))
    assert (answer.status_code, "whose" in answer.context["form"].errors) == (422, True)


@pytest.mark.parametrize(
    ("fields", "named", "said"),
    [
        ({"begins": "2026-06-29"}, "begins", "has passed"),
        ({"begins": "2026-08-01", "ends": "2026-07-31"}, "ends", "Not before the first day"),
        ({"ends": "2027-07-03"}, "ends", "A year at most"),
        ({"ends": ""}, "ends", "required"),
        ({"begins": "30 February"}, "begins", "valid date"),
        ({"begins": "9999-12-01", "ends": "9999-12-31"}, "begins", "within two years"),
    ],
)
def test_days_that_cannot_be_planned_are_refused_at_their_field(
    account: Account, manager: User, fields: dict[str, str], named: str, said: str
) -> None:
    answer = look(manager, **fields)
    assert answer.status_code == 422
    assert said in str(answer.context["form"].errors[named])


@pytest.mark.parametrize(
    ("today", "begins", "ends"),
    [
        ("2026-06-30", "2026-07-01", "2026-09-30"),
        ("2026-07-01", "2026-07-02", "2026-09-30"),
        ("2026-09-02", "2026-09-03", "2026-09-30"),  # 28 days left
        ("2026-09-03", "2026-10-01", "2026-12-31"),
        ("2026-12-31", "2027-01-01", "2027-03-31"),
        ("2028-02-29", "2028-03-01", "2028-03-31"),
    ],
)
def test_the_quarter_proposed(account: Account, manager: User, today: str, begins: str, ends: str) -> None:
    with time_machine.travel(f"{today}T10:00:00Z", tick=False):
        form = client_of(manager).get(reverse("cadence:plan")).context["form"]
    assert (str(form.span.begins), str(form.span.ends)) == (begins, ends)


@pytest.mark.parametrize(
    ("moment", "today"),
    [
        ("2026-03-28T22:59:00Z", "2026-03-28"),  # 23:59 in Berlin, the night the clocks go forward
        ("2026-03-28T23:01:00Z", "2026-03-29"),
        ("2026-10-24T21:59:00Z", "2026-10-24"),  # 23:59 in Berlin, the night they go back
        ("2026-10-24T22:01:00Z", "2026-10-25"),
        ("2026-10-25T22:59:00Z", "2026-10-25"),
        ("2026-10-25T23:01:00Z", "2026-10-26"),
    ],
)
def test_today_is_the_company_s_over_both_clock_changes(
    account: Account, manager: User, moment: str, today: str
) -> None:
    Company.objects.update(time_zone="Europe/Berlin")
    day = dt.date.fromisoformat(today)
    with time_machine.travel(moment, tick=False):
        answer = look(manager, begins=str(day), ends=str(day + dt.timedelta(days=40)))
        assert answer.status_code == 200
        refused = look(manager, begins=str(day - dt.timedelta(days=1)), ends=str(day))
        assert refused.status_code == 422


def test_statements_do_not_grow_with_the_accounts(account: Account, manager: User, north: Team, tier: Tier) -> None:
    def statements() -> int:
        client = client_of(manager)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("cadence:plan"), QUARTER).status_code == 200
        return len(captured)

    few = statements()
    for n in range(20):
        met(AccountFactory(team=north, owner=manager, tier=tier, country=f"Country {n % 3}"))
    assert statements() == few


def test_who_may_not_act_does_not_plan(north: Team) -> None:
    for role in (Role.READ_ONLY, Role.OPERATIONS):
        assert look(UserFactory(role=role, teams=[north])).status_code == 403


def test_it_is_a_tab_of_the_cadence(account: Account, manager: User) -> None:
    for query in ({}, QUARTER):
        page = client_of(manager).get(reverse("cadence:plan"), query).content.decode()
        assert re.search(r'href="/cadence/plan/" aria-current="page">Plan a quarter<', page)
    for name in ("cadence", "capacity"):
        other = client_of(manager).get(reverse(f"cadence:{name}")).content.decode()
        assert re.search(r'href="/cadence/plan/">Plan a quarter<', other)
