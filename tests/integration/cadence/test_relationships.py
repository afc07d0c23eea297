"""The relationship map: what each cell says, what is left without somebody, links told, and the log of the guard."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts_app.models import (
    Account,
    AccountMark,
    Colleague,
    Company,
    Contact,
    Feed,
    Interaction,
    Link,
    Ownership,
    Role,
    User,
)
from signals.compute.single_thread import SingleThread
from signals.facts import read_facts
from tests.factories import (
    AccountFactory,
    ColleagueFactory,
    ContactFactory,
    InteractionFactory,
    LinkFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
TODAY, LONG_AGO = date(2026, 6, 30), date(2020, 1, 1)
World = dict[str, Any]


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "time_zone": "UTC"})
    with time_machine.travel(datetime(2026, 6, 30, 8, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def manager() -> User:
    return UserFactory(name="Jonas Okafor", teams=[TeamFactory(name="North")])


@pytest.fixture
def account(manager: User) -> Account:
    return AccountFactory(name="Halvorsen", team=manager.teams.get(), owner=manager)


@pytest.fixture
def client(manager: User) -> Client:
    client = Client()
    client.force_login(manager)
    return client


def person(account: Account, name: str, level: str, **other: object) -> Contact:
    return ContactFactory(account=account, name=name, level=level, known_on=LONG_AGO, **other)


def meet(contact: Contact, colleague: Colleague, days_ago: int) -> None:
    day = TODAY - timedelta(days=days_ago)
    meeting = InteractionFactory(account=contact.account, happened_on=day, known_on=day)
    meeting.contacts.add(contact)
    meeting.colleagues.add(colleague)


@pytest.fixture
def world(account: Account, manager: User) -> World:
    """Aas is met by two of ours, Lund by one long ago; Solheim left, and Moe was never met."""
    left = {"left_on": date(2026, 5, 26), "left_known_on": date(2026, 5, 28)}
    okafor = ColleagueFactory(name="Jonas Okafor", level="management", user=manager)
    sanz = ColleagueFactory(name="Maria Sanz", level="operational")
    lund, moe = person(account, "Karin Lund", "executive"), person(account, "Tor Moe", "operational")
    aas = person(account, "Per Aas", "operational")
    solheim = person(account, "Ingrid Solheim", "management", since=date(2019, 3, 1), **left)
    for contact, colleague, days in ((aas, okafor, 6), (aas, sanz, 19), (lund, okafor, 400), (solheim, sanz, 60)):
        meet(contact, colleague, days)
    LinkFactory(contact=aas, colleague=okafor, strength=3, known_on=LONG_AGO)
    return {"aas": aas, "moe": moe, "okafor": okafor, "sanz": sanz, "lund": lund, "solheim": solheim}


def spoken(html: str) -> str:
    return re.sub(r"[\s\N{NO-BREAK SPACE}]+", " ", re.sub(r"<[^>]+>", " ", html)).replace(" :", ":")


def read(client: Client, account: Account, query: str = "", *, htmx: bool = False) -> str:
    headers = {"HX-Request": "true"} if htmx else {}
    response = client.get(f"/accounts/{account.pk}/relationships/{query}", headers=headers)
    assert response.status_code == 200
    html: str = response.content.decode()
    return html


def post(client: Client, account: Account, path: str, **body: object) -> Any:
    return client.post(f"/accounts/{account.pk}/relationships/links/{path}/", body)


def test_the_cells_name_who_knows_whom_how_well_and_since_when(client: Client, account: Account, world: World) -> None:
    text = spoken(read(client, account))
    assert "2 of 9 level pairs alive" in text
    assert "P. Aas – J. Okafor trusts · 6 days ago" in text
    assert "P. Aas – M. Sanz strength not told" in text
    assert "K. Lund – J. Okafor" in text
    assert "last met May 2025" in text
    assert "I. Solheim – M. Sanz strength not told · ended 26 May" in text
    assert "vacant (I. Solheim left)" in text


def test_people_are_shown_with_the_day_they_were_met_and_by_whom(
    client: Client, account: Account, world: World
) -> None:
    text = spoken(read(client, account))
    assert "Per Aas met 6 days ago by J. Okafor" in text
    assert "Tor Moe never met" in text
    assert "their management nobody known there" in text
    assert text.index("their management nobody known there") < text.index("400 days ago: K. Lund, by J. Okafor")


def test_one_person_thought_away_says_what_is_left_and_what_to_build(
    client: Client, account: Account, world: World
) -> None:
    text = spoken(read(client, account, f"?without={key(world['aas'])}", htmx=True))
    assert "Without Per Aas: 0 of 9 level pairs alive, now 2." in text
    assert "Still linked nobody" in text
    assert "their operational level – our management" in text
    assert "Tor Moe with Jonas Okafor" in text
    assert "Tor Moe with Maria Sanz" in text


def test_of_ours_too_and_several_at_once(client: Client, account: Account, world: World) -> None:
    meet(world["moe"], world["sanz"], 5)
    html = read(client, account, f"?without={key(world['okafor'])}&without={key(world['aas'])}")
    text = spoken(html)
    assert "Without Per Aas and Jonas Okafor: 1 of 9 level pairs alive, now 2." in text
    assert "Still linked Tor Moe – Maria Sanz" in text
    assert html.count(" checked>") == 2


@pytest.mark.parametrize("strange", ["contact-0", "x", "contact-99999999999999999999", "%00", "contact-"])
def test_whoever_is_not_here_changes_nothing(client: Client, account: Account, world: World, strange: str) -> None:
    foreign = key(ContactFactory())
    assert "Nobody leaves" not in read(client, account, f"?without={strange}&without={foreign}")


def test_a_bow_tie_is_named_in_a_sentence(client: Client, account: Account) -> None:
    meet(person(account, "Per Aas", "operational"), ColleagueFactory(name="Maria Sanz"), 3)
    text = spoken(read(client, account))
    assert "the whole relationship hangs on Per Aas and Maria Sanz" in text


def test_what_hangs_on_one_side_only_is_said_too(client: Client, account: Account, world: World) -> None:
    text = spoken(read(client, account))
    assert "All hangs on Per Aas: without them no level pair of 2 would be left." in text


def test_the_page_counts_as_the_signal_does(client: Client, account: Account, world: World) -> None:
    LinkFactory(contact=world["lund"], colleague=world["sanz"], known_on=TODAY - timedelta(days=179))
    LinkFactory(contact=world["solheim"], colleague=world["okafor"], known_on=TODAY)
    meet(world["lund"], world["okafor"], 180)
    (reading,) = SingleThread().compute(read_facts([account.pk]), {}, TODAY).to_dict("records")
    assert f"{reading['value']:g} of 9 level pairs alive" in spoken(read(client, account))
    text = spoken(read(client, account, f"?without={key(world['aas'])}"))
    assert f"Without {reading['details']['without']}: {reading['details']['left']} of 9 level pairs alive" in text


def test_without_people_the_page_says_what_would_fill_it(client: Client, account: Account) -> None:
    text = spoken(read(client, account))
    assert "No contact is known" in text
    assert "Add a contact" in text


def test_the_log_tells_both_sides(client: Client, account: Account, world: World, manager: User) -> None:
    heir, own = person(account, "Nina Dahl", "management", since=date(2026, 6, 8)), Feed.objects.get(name="vigil")
    Contact.objects.filter(pk=world["solheim"].pk).update(successor=heir)
    spans = ((UserFactory(name="Rolf Petersen"), date(2024, 1, 1), date(2026, 2, 2)), (manager, date(2026, 2, 2), None))
    for user, begin, end in spans:
        known = {"until_day": end, "until_known_on": end, "known_on": begin, "feed": own, "external_key": user.name}
        Ownership.objects.create(account=account, user=user, from_day=begin, **known)
    text = spoken(read(client, account)).split("Changing of the guard", 1)[1]
    lines = [
        "8 Jun Theirs Nina Dahl came follows Ingrid Solheim",
        "26 May Theirs Ingrid Solheim left Nina Dahl follows",
    ]
    lines += ["2 Feb Ours Jonas Okafor became owner after Rolf Petersen", "Ours Rolf Petersen became owner"]
    assert all(line in text for line in lines)
    assert [text.index(line) for line in lines] == sorted(text.index(line) for line in lines)
    assert "Rolf Petersen stopped" not in text


# Links that people tell


def test_a_link_is_told_changed_and_taken_out(client: Client, account: Account, world: World) -> None:
    body = {"contact": world["moe"].pk, "colleague": world["sanz"].pk, "strength": "1"}
    assert post(client, account, "add", **body).status_code == 302
    link = Link.objects.get(contact=world["moe"])
    assert (link.strength, link.feed.name, link.known_on) == (1, "vigil", TODAY)
    assert AccountMark.objects.filter(account=account).exists()
    assert post(client, account, f"{link.pk}/edit", strength="3").status_code == 302
    link.refresh_from_db()
    assert link.strength == 3
    assert post(client, account, f"{link.pk}/remove").status_code == 302
    assert not Link.objects.filter(contact=world["moe"]).exists()


def test_told_twice_it_is_one_link_and_the_last_word_counts(client: Client, account: Account, world: World) -> None:
    for strength in (1, 2):
        post(client, account, "add", contact=world["moe"].pk, colleague=world["sanz"].pk, strength=strength)
    assert Link.objects.get(contact=world["moe"]).strength == 2


def test_what_cannot_be_told_is_refused_in_words(client: Client, account: Account, world: World) -> None:
    sanz, foreign = world["sanz"].pk, ContactFactory(name="Zanzibar")
    for contact in (foreign.pk, world["solheim"].pk):
        response = post(client, account, "add", contact=contact, colleague=sanz, strength="1")
        assert response.status_code == 422
        assert "Select a valid choice" in response.content.decode()
        assert "Zanzibar" not in response.content.decode()
    for strength in ("0", "4", "", "x"):
        answer = post(client, account, "add", contact=world["moe"].pk, colleague=sanz, strength=strength)
        assert answer.status_code == 422
    response = post(client, account, "add", contact=world["aas"].pk, colleague=world["okafor"].pk, strength="1")
    assert response.status_code == 422
    assert "comes from erp" in response.content.decode()
    assert Link.objects.count() == 1


def test_a_link_of_a_feed_is_not_changed_here(client: Client, account: Account, world: World) -> None:
    link = Link.objects.get()
    assert post(client, account, f"{link.pk}/edit", strength="1").status_code == 403
    assert post(client, account, f"{link.pk}/remove").status_code == 403
    elsewhere = LinkFactory(feed=Feed.objects.get(name="vigil"))
    assert post(client, account, f"{elsewhere.pk}/edit", strength="1").status_code == 404


# Who may, and what it costs


def test_operations_do_not_see_it_and_a_reader_only_reads(account: Account, world: World) -> None:
    for role, status in ((Role.OPERATIONS, 403), (Role.READ_ONLY, 200)):
        client = Client()
        client.force_login(UserFactory(role=role, teams=[account.team]))
        response = client.get(f"/accounts/{account.pk}/relationships/")
        assert response.status_code == status
        assert "Add a link" not in response.content.decode()
        assert client.get(f"/accounts/{account.pk}/relationships/links/add/").status_code == 403


def test_a_foreign_account_is_not_there(client: Client) -> None:
    foreign = AccountFactory(team=TeamFactory(name="South"))
    assert client.get(f"/accounts/{foreign.pk}/relationships/").status_code == 404
    assert client.get("/accounts/2000000000/relationships/").status_code == 404


def test_the_number_of_queries_does_not_follow_the_rows(client: Client, account: Account) -> None:
    def add(number: int) -> None:
        for n in range(number):
            meet(person(account, f"Person {n}", "operational", since=LONG_AGO), ColleagueFactory(), 5)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            read(client, account)
        return len(captured)

    add(2)
    few = queries()
    add(20)
    # Two of them ask for the menu whether anything was written.
    assert queries() == few <= 16


def key(one: Contact | Colleague) -> str:
    return f"{type(one).__name__.lower()}-{one.pk}"


# A visit that builds a link


def test_a_link_to_build_becomes_a_visit_and_goes_back(client: Client, account: Account, world: World) -> None:
    html = read(client, account, f"?without={key(world['aas'])}")
    moe, sanz = world["moe"].pk, world["sanz"].pk
    assert f"/relationships/meetings/add/?contact={moe}&amp;colleague={sanz}" in html
    address = f"/accounts/{account.pk}/relationships/meetings/add/"
    form = client.get(address, {"contact": moe, "colleague": sanz}).content.decode()
    assert form.count(" selected>") == 2
    body = {"contact": moe, "colleague": sanz, "planned_on": "2026-07-07"}
    said = client.post(address, body, headers={"HX-Request": "true"}).content.decode()
    assert "Visit planned for 7" in said
    visit = Interaction.objects.planned().get()
    assert (visit.contacts.get(), visit.colleagues.get()) == (world["moe"], world["sanz"])
    assert visit.note == "To build a link: Tor Moe with Maria Sanz."
    undo = f"/accounts/{account.pk}/relationships/meetings/{visit.pk}/undo/"
    assert undo in said
    client.post(undo)
    visit.refresh_from_db()
    assert visit.state == "voided"
    assert "was not taken back" in client.post(undo, headers={"HX-Request": "true"}).content.decode()


def test_a_visit_that_cannot_be_is_refused(client: Client, account: Account, world: World) -> None:
    good = {"contact": world["moe"].pk, "colleague": world["sanz"].pk, "planned_on": "2026-07-07"}
    for wrong in (
        {"planned_on": "2026-06-29"},
        {"planned_on": "2030-01-01"},
        {"planned_on": "soon"},
        {"contact": ContactFactory().pk},
        {"contact": world["solheim"].pk},
        {"colleague": 0},
    ):
        assert client.post(f"/accounts/{account.pk}/relationships/meetings/add/", good | wrong).status_code == 422
    assert not Interaction.objects.planned().exists()
