"""The list of the day: who stands where, who sees what, and what a press does."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts_app.models import Account, Company, Contact, Interaction, Level, Role, Team, User, ValueItem
from cadence.services.desk_acts import hand_over_contact, take_hand_over_back
from signals.models import Band
from tests.factories import (
    AbsenceFactory,
    AccountFactory,
    ColleagueFactory,
    ContactFactory,
    InteractionFactory,
    LinkFactory,
    UserFactory,
    ValueItemFactory,
)
from tests.factories.judgement import judged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]

TODAY = dt.date(2026, 6, 30)


def day(offset: int) -> dt.date:
    return TODAY + dt.timedelta(days=offset)


def due(account: Account, after: int, *, latest: int | None = None, **fields: Any) -> Account:
    """The account with its next contact due so many days from today."""
    values: dict[str, Any] = {
        "band": Band.DRIFTING,
        "due_on": day(after),
        "latest_on": day(after + 15 if latest is None else latest),
    }
    values |= {"last_contact_on": day(-60), "probability": 0.4}
    judged(account, **(values | fields))
    return account


def planned(account: Account, after: int, **fields: Any) -> Interaction:
    plan = InteractionFactory(
        account=account, state="planned", planned_on=day(after), happened_on=None, happened_known_on=None, **fields
    )
    values = {"first_plan_on": plan.planned_on, "first_plan_by": plan.by}
    type(account.standing).objects.filter(pk=account.pk).update(**values)
    return plan


def page(user: User, query: str = "") -> str:
    client = Client()
    client.force_login(user)
    response = client.get(reverse("cadence:today") + query)
    assert response.status_code == 200
    return response.content.decode()


def listed(html: str) -> dict[str, list[str]]:
    """The names on the list by section."""
    found = {}
    for part in html.split('aria-labelledby="section-')[1:]:
        found[part[: part.index('"')]] = re.findall(r'class="task__name"[^>]*>([^<]+)<', part)
    return found


@pytest.mark.parametrize(
    ("after", "latest", "section"),
    [
        (-20, -1, "overdue"),
        (-20, 0, "today"),
        (-1, 14, "today"),
        (0, 15, "today"),
        (1, 16, "week"),
        (6, 21, "week"),
    ],
)
def test_a_due_contact_stands_where_its_days_put_it(
    manager: User, north: Team, after: int, latest: int, section: str
) -> None:
    due(AccountFactory(name="Brenner", team=north, owner=manager), after, latest=latest)
    assert listed(page(manager)) == {section: ["Brenner"]}


@pytest.mark.parametrize(
    ("last_minute", "latest"),
    [
        ("2026-03-29T21:59:00Z", dt.date(2026, 3, 29)),  # 23:59 in Berlin, the day the clocks went forward
        ("2026-10-25T22:59:00Z", dt.date(2026, 10, 25)),  # and back
        ("2028-02-29T22:59:00Z", dt.date(2028, 2, 29)),
        ("2026-06-30T21:59:00Z", dt.date(2026, 6, 30)),
        ("2026-12-31T22:59:00Z", dt.date(2026, 12, 31)),
    ],
)
def test_a_promise_is_broken_at_midnight_of_the_company_s_clock(
    manager: User, north: Team, last_minute: str, latest: dt.date
) -> None:
    Company.objects.update(time_zone="Europe/Berlin")
    due(AccountFactory(name="Brenner", team=north, owner=manager), 0, due_on=latest, latest_on=latest)
    moment = dt.datetime.fromisoformat(last_minute)
    for passed, section in ((0, "today"), (1, "overdue")):
        with time_machine.travel(moment + passed * dt.timedelta(minutes=1), tick=False):
            assert listed(page(manager)) == {section: ["Brenner"]}


def test_what_is_due_after_the_week_waits(manager: User, north: Team) -> None:
    due(AccountFactory(team=north, owner=manager), 7)
    assert "Nobody is waiting" in page(manager)


@pytest.mark.parametrize(("plan", "section"), [(-1, "overdue"), (0, "today"), (6, "week"), (12, None), (16, "today")])
def test_a_plan_in_time_counts_and_a_late_one_hides_nothing(
    manager: User, north: Team, plan: int, section: str | None
) -> None:
    account = due(AccountFactory(name="Brenner", team=north, owner=manager), -2, latest=13)
    planned(account, plan, by=manager)
    html = page(manager)
    assert listed(html) == ({section: ["Brenner"]} if section else {})
    assert ("comes too late" in html) == (plan == 16)


def test_an_account_without_any_contact_is_not_left_out(manager: User, north: Team) -> None:
    due(AccountFactory(name="New", team=north, owner=manager), 0, due_on=None, latest_on=None, last_contact_on=None)
    assert listed(page(manager)) == {"never": ["New"]}


def test_the_most_at_stake_stands_first_in_each_section(manager: User, north: Team) -> None:
    for name, chance, revenue in (("Small", 0.9, 1_000), ("Large", 0.2, 900_000), ("Grave", 0.8, 500_000)):
        due(AccountFactory(name=name, team=north, owner=manager), -40, probability=chance, revenue=revenue)
    due(AccountFactory(name="Huge", team=north, owner=manager), 0, revenue=90_000_000)
    assert listed(page(manager)) == {"overdue": ["Grave", "Large", "Small"], "today": ["Huge"]}


def test_mine_is_mine_and_a_deputy_stands_in_for_who_is_away(manager: User, north: Team) -> None:
    other = UserFactory(name="Tara Iyer", teams=[north])
    due(AccountFactory(name="Hers", team=north, owner=other, deputy=manager), 0)
    due(AccountFactory(name="Vacant", team=north, owner=None, deputy=manager), 0)
    due(AccountFactory(name="Foreign", owner=other), 0)
    left = UserFactory(is_active=False)
    due(AccountFactory(name="Left alone", team=north, owner=left, deputy=manager), 0)
    assert sorted(listed(page(manager))["today"]) == ["Left alone", "Vacant"]
    AbsenceFactory(colleague=ColleagueFactory(user=other), from_day=TODAY, until_day=TODAY)
    assert sorted(listed(page(manager))["today"]) == ["Hers", "Left alone", "Vacant"]
    assert sorted(listed(page(manager, "?whose=team"))["today"]) == ["Hers", "Left alone", "Vacant"]


def test_an_account_at_risk_is_not_left_to_its_interval(manager: User, north: Team) -> None:
    def at_risk(name: str, **fields: Any) -> Account:
        return due(AccountFactory(name=name, team=north, owner=manager), 40, band=Band.AT_RISK, **fields)

    at_risk("Nothing planned")
    at_risk("Met just before", last_proactive_on=day(-14))
    planned(at_risk("Planned this week"), 6, by=manager)
    planned(at_risk("Planned later"), 7, by=manager)
    html = page(manager)
    assert sorted(listed(html)["today"]) == ["Nothing planned", "Planned later"]
    assert listed(html)["week"] == ["Planned this week"]
    assert html.count("At risk, and no contact is planned this week.") == 2


def test_former_accounts_want_nothing(manager: User, north: Team) -> None:
    due(AccountFactory(team=north, owner=manager, status="former"), -40)
    assert "No account here yet" in page(manager)


def test_the_level_not_met_longest_is_proposed_and_there_the_strongest_link(manager: User, north: Team) -> None:
    account = due(AccountFactory(team=north, owner=manager), 0)
    met = ContactFactory(account=account, name="Met Lately", level=Level.MANAGEMENT)
    InteractionFactory(account=account, happened_on=day(-5)).contacts.add(met)
    for name, strength in (("Weak Link", 1), ("Strong Link", 3)):
        contact = ContactFactory(account=account, name=name, level=Level.OPERATIONAL)
        InteractionFactory(account=account, happened_on=day(-90)).contacts.add(contact)
        LinkFactory(contact=contact, colleague=ColleagueFactory(), strength=strength)
    ContactFactory(account=account, name="Gone", level=Level.EXECUTIVE, left_on=day(-1), left_known_on=day(-1))
    html = page(manager)
    assert "Strong Link" in html
    assert "Operational level: not met for 90" in html
    assert "Gone" not in html


def post(user: User, name: str, *keys: int, **data: Any) -> str:
    client = Client(headers={"HX-Request": "true"})
    client.force_login(user)
    response = client.post(reverse(f"cadence:{name}", args=keys), data)
    assert response.status_code in {200, 422}
    return response.content.decode()


@pytest.fixture
def account(manager: User, north: Team) -> Account:
    return due(AccountFactory(name="Brenner", team=north, owner=manager), 0)


@pytest.fixture
def contact(account: Account) -> Contact:
    return ContactFactory(account=account)


def test_done_logs_what_the_line_showed_and_plans_the_next(manager: User, account: Account, contact: Contact) -> None:
    item = ValueItemFactory()
    html = post(manager, "today_done", account.pk, key=uuid.uuid4(), contact=contact.pk, item=item.pk)
    assert "Logged: Brenner." in html
    assert "Done today: call." in html
    done = Interaction.objects.done().get()
    assert (done.happened_on, done.purpose, done.value_item, done.by) == (TODAY, "proactive", item, manager)
    assert list(done.contacts.all()) == [contact]
    following = Interaction.objects.planned().get()
    assert following.planned_on is not None
    assert dt.timedelta(days=account.ideal_days - 2) <= following.planned_on - TODAY
    assert following.planned_on - TODAY <= dt.timedelta(days=account.ideal_days)


def test_done_twice_is_one_contact(manager: User, account: Account) -> None:
    key = uuid.uuid4()
    for _press in range(2):
        post(manager, "today_done", account.pk, key=key)
    assert Interaction.objects.done().count() == Interaction.objects.planned().count() == 1


def test_done_makes_the_plan_the_contact_that_took_place(manager: User, account: Account) -> None:
    plan = planned(account, 0, channel="visit", by=manager)
    post(manager, "today_done", account.pk, key=uuid.uuid4(), plan=plan.pk)
    plan.refresh_from_db()
    assert (plan.state, plan.channel, plan.happened_on) == ("done", "visit", TODAY)
    again = post(manager, "today_done", account.pk, key=uuid.uuid4(), plan=plan.pk)
    assert "moved or voided meanwhile" in again
    assert Interaction.objects.done().count() == 1


def test_done_can_be_taken_back(manager: User, account: Account) -> None:
    client = Client(headers={"HX-Request": "true"})
    client.force_login(manager)
    html = client.post(reverse("cadence:today_done", args=[account.pk]), {"key": uuid.uuid4()}).content.decode()
    undo = re.search(r"/interactions/\d+/undo/", html)
    assert undo is not None
    assert "Taken back" in client.post(undo[0]).content.decode()
    assert not Interaction.objects.exclude(state="voided").exists()


def test_people_and_plans_of_another_account_are_refused(manager: User, account: Account) -> None:
    stranger = ContactFactory()
    foreign = InteractionFactory(state="planned", planned_on=TODAY, happened_on=None, happened_known_on=None)
    post(manager, "today_done", account.pk, key=uuid.uuid4(), contact=stranger.pk)
    post(manager, "today_done", account.pk, key=uuid.uuid4(), plan=foreign.pk)
    assert not Interaction.objects.done().exists()


def test_what_is_handed_over_leaves_the_desk_for_the_deputys(manager: User, account: Account, north: Team) -> None:
    deputy = UserFactory(name="Tara Iyer", teams=[north])
    html = post(manager, "today_hand_over", account.pk, to=deputy.pk, on=day(1).isoformat())
    assert "Tara Iyer makes this contact" in html
    account.refresh_from_db()
    assert account.deputy == deputy
    plan = Interaction.objects.planned().get()
    assert (plan.by, plan.planned_on) == (deputy, day(1))
    type(account.standing).objects.update(first_plan_on=plan.planned_on, first_plan_by=deputy)
    assert "Brenner" not in str(listed(page(manager)))
    assert listed(page(deputy)) == {"week": ["Brenner"]}


def test_a_hand_over_can_be_taken_back(manager: User, account: Account, north: Team) -> None:
    deputy = UserFactory(teams=[north])
    client = Client(headers={"HX-Request": "true"})
    client.force_login(manager)
    sent = {"to": deputy.pk, "on": day(1).isoformat()}
    html = client.post(reverse("cadence:today_hand_over", args=[account.pk]), sent).content.decode()
    undo = re.search(r"/today/\d+/hand-over/\d+/undo/", html)
    assert undo is not None
    assert "Taken back" in client.post(undo[0]).content.decode()
    account.refresh_from_db()
    assert account.deputy is None
    assert not Interaction.objects.planned().exists()


def test_a_contact_handed_over_twice_is_planned_once(manager: User, account: Account, north: Team) -> None:
    """Both had looked at a line without a plan."""
    deputy = UserFactory(teams=[north])
    hand_over_contact(account, None, to=deputy, on=day(1), by=manager, today=TODAY)
    with pytest.raises(ValidationError, match="A contact was planned meanwhile"):
        hand_over_contact(account, None, to=deputy, on=day(2), by=manager, today=TODAY)
    assert Interaction.objects.planned().get().planned_on == day(1)


def test_a_hand_over_is_taken_back_of_its_account_and_from_whom_it_was_given_to(
    manager: User, account: Account, north: Team
) -> None:
    deputy = UserFactory(teams=[north])
    done = hand_over_contact(account, None, to=deputy, on=day(1), by=manager, today=TODAY)
    with pytest.raises(ValidationError, match="changed since"):
        take_hand_over_back(done, AccountFactory(owner=manager), by=manager, today=TODAY)
    Interaction.objects.planned().update(by=manager)
    with pytest.raises(ValidationError, match="changed since"):
        take_hand_over_back(done, account, by=manager, today=TODAY)
    assert Interaction.objects.planned().get().by == manager


def test_the_only_one_who_can_take_it_over_is_chosen(manager: User, account: Account, north: Team) -> None:
    client = Client()
    client.force_login(manager)
    address, chosen = reverse("cadence:today_hand_over", args=[account.pk]), re.compile(r'name="to"[^>]*checked')
    UserFactory(teams=[north])
    assert chosen.search(client.get(address).content.decode())
    UserFactory(teams=[north])
    assert not chosen.search(client.get(address).content.decode())


@pytest.mark.parametrize("who", ["stranger", "past"])
def test_a_hand_over_that_cannot_be_is_said(manager: User, account: Account, north: Team, who: str) -> None:
    colleague = UserFactory(teams=[north])
    to = UserFactory() if who == "stranger" else colleague
    html = post(manager, "today_hand_over", account.pk, to=to.pk, on=day(-1 if who == "past" else 1).isoformat())
    assert 'aria-invalid="true"' in html or "This day has passed" in html
    assert not Interaction.objects.planned().exists()


def test_a_colleagues_line_is_seen_and_not_acted_on(account: Account, north: Team) -> None:
    colleague = UserFactory(teams=[north])
    html = page(colleague, "?whose=team")
    assert "Brenner" in html
    assert "/done/" not in html
    client = Client()
    client.force_login(colleague)
    assert client.post(reverse("cadence:today_done", args=[account.pk])).status_code == 403


def test_a_line_by_itself_is_only_for_who_sees_its_account(manager: User, account: Account) -> None:
    client = Client(headers={"HX-Request": "true"})
    client.force_login(manager)
    assert "Brenner" in client.get(reverse("cadence:today_line", args=[account.pk])).content.decode()
    for unseen in (due(AccountFactory(), 0).pk, 2_000_000_000, AccountFactory(owner=manager).pk):
        assert client.get(reverse("cadence:today_line", args=[unseen])).status_code == 404


def test_as_many_queries_for_two_lines_as_for_forty(manager: User, north: Team) -> None:
    def asked() -> int:
        client = Client()
        client.force_login(manager)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse("cadence:today"))
        return len(queries)

    def more(number: int) -> None:
        for _n in range(number):
            account = due(AccountFactory(team=north, owner=manager, deputy=UserFactory(teams=[north])), -3)
            ContactFactory(account=account)
            plan = planned(account, -1, by=manager, value_item=ValueItemFactory())
            plan.contacts.add(ContactFactory(account=account))

    more(2)
    few = asked()
    more(38)
    assert asked() == few
    assert few <= 24


def test_the_menu_counts_who_waits(manager: User, account: Account) -> None:
    due(AccountFactory(team=account.team, owner=manager), 3)
    html = page(manager)
    assert re.search(r'class="nav__count">1<span class="visually-hidden"> waiting', html)


def test_operations_and_readers_have_no_desk(north: Team) -> None:
    for role in (Role.OPERATIONS, Role.READ_ONLY):
        client = Client()
        client.force_login(UserFactory(role=role, teams=[north]))
        assert client.get(reverse("cadence:today")).status_code == 403


def test_nothing_that_fits_is_said(manager: User, account: Account) -> None:
    assert ValueItem.objects.count() == 0
    assert "nothing that fits is in the library" in page(manager)
