"""The panels of the account page: they count as the signals do, and say in words what stands in each cell."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts_app.models import Account, Colleague, Company, Contact, Role, User
from signals.compute.single_thread import SingleThread
from signals.facts import read_facts
from signals.models import Band
from tests.factories import (
    AccountFactory,
    ColleagueFactory,
    ContactFactory,
    IncidentFactory,
    InteractionFactory,
    LinkFactory,
    TeamFactory,
    UserFactory,
)
from tests.factories.judgement import AS_OF, judged

pytestmark = pytest.mark.django_db
LONG_AGO = date(2020, 1, 1)


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "time_zone": "UTC"})
    with time_machine.travel(datetime(2026, 6, 30, 8, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def manager() -> User:
    return UserFactory(teams=[TeamFactory(name="North")])


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
    day = AS_OF - timedelta(days=days_ago)
    meeting = InteractionFactory(account=contact.account, happened_on=day, known_on=day)
    meeting.contacts.add(contact)
    meeting.colleagues.add(colleague)


def read(client: Client, account: Account, panel: str = "links", query: str = "") -> str:
    response = client.get(f"/accounts/{account.pk}/{panel}/{query}", headers={"HX-Request": "true"})
    assert response.status_code == 200
    html: str = response.content.decode()
    assert "<html" not in html
    return html


def spoken(html: str) -> str:
    return re.sub(r"[\s\N{NO-BREAK SPACE}]+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.fixture
def world(account: Account) -> dict[str, Contact | Colleague]:
    """Aas is met by two of ours, Lund by one; Solheim left, and Moe was last seen a year ago."""
    left = {"left_on": date(2026, 5, 26), "left_known_on": date(2026, 5, 28)}
    okafor = ColleagueFactory(name="Jonas Okafor", level="management")
    sanz = ColleagueFactory(name="Maria Sanz", level="operational")
    lund = person(account, "Karin Lund", "executive")
    aas = person(account, "Per Aas", "operational")
    solheim = person(account, "Ingrid Solheim", "management", **left)
    meet(aas, okafor, 6)
    meet(aas, sanz, 19)
    meet(lund, okafor, 400)
    meet(solheim, sanz, 60)
    LinkFactory(contact=aas, colleague=okafor, strength=3, known_on=LONG_AGO)
    return {"aas": aas, "okafor": okafor, "lund": lund, "sanz": sanz, "solheim": solheim}


def test_each_cell_says_in_words_what_is_known(client: Client, account: Account, world: object) -> None:
    judged(account, Band.HEALTHY)
    text = spoken(read(client, account))
    assert "2 of 9 level pairs alive" in text
    assert "their executives K. Lund never met May 2025 last seen never met" in text
    assert "their management vacant (I. Solheim left) – – ended 26 May" in text
    assert "their operational level P. Aas never met 6 days ago trusts 19 days ago" in text
    assert "If P. Aas leaves: 0 of 9. If J. Okafor leaves: 1 of 9." in text


def test_somebody_of_either_side_can_be_thought_away(
    client: Client, account: Account, world: dict[str, Contact]
) -> None:
    judged(account, Band.HEALTHY)
    html = read(client, account, query=f"?without=colleague-{world['okafor'].pk}")
    assert "If J. Okafor leaves: 1 of 9." in spoken(html)
    assert html.count("would end") == 1
    assert f'value="colleague-{world["okafor"].pk}" selected' in html
    for strange in ("contact-0", "x", "contact-99999999999999999999", "%00"):
        assert "would end" not in read(client, account, query=f"?without={strange}")


def test_the_panel_counts_as_the_signal_does(client: Client, account: Account, world: dict[str, Contact]) -> None:
    LinkFactory(contact=world["lund"], colleague=world["sanz"], known_on=AS_OF - timedelta(days=179))
    LinkFactory(contact=world["solheim"], colleague=world["okafor"], known_on=AS_OF)
    meet(world["lund"], world["okafor"], 180)  # type: ignore[arg-type]
    judged(account, Band.HEALTHY)
    signal, facts = SingleThread(), read_facts([account.pk])
    (reading,) = signal.compute(facts, {}, AS_OF).to_dict("records")
    text = spoken(read(client, account))
    assert reading["value"] == 3
    assert "3 of 9 level pairs alive" in text
    assert reading["details"]["without"] == "Per Aas"
    assert f"If P. Aas leaves: {reading['details']['left']} of 9." in text


def test_without_people_the_panel_says_what_would_fill_it(client: Client, account: Account) -> None:
    assert "No contact is known" in spoken(read(client, account))


def test_incident_times_show_the_stored_reading_and_what_is_open(client: Client, account: Account) -> None:
    incident = IncidentFactory(account=account, opened_at=datetime(2026, 5, 30, 8, tzinfo=UTC))
    details = {
        "small_days": 23.0, "small_closed": 2, "small_count": 3, "small_days_before": 6.2, "small_closed_before": 5,
        "small_count_before": 5, "large_days": None, "large_closed": 0, "large_count": 1, "large_days_before": None,
        "large_closed_before": 0, "large_count_before": 0, "firm_days": 7.4, "oldest_days": 31.0, "recent_days": 180,
        "incidents": 4, "incidents_both": 9, "open": 1, "complete_to": None,
    }  # fmt: skip
    evidence = {"tab": "incidents", "count": 1, "from": None, "until": None, "ids": [incident.pk]}
    stored = {"key": "incident_delay", "points": 3, "level": 0.8, "status": "ok", "value": 23.0, "baseline": 6.2}
    judged(account, Band.HEALTHY, contributions=[stored | {"details": details, "evidence": evidence}])
    html = read(client, account, "incident-times")
    text = spoken(html)
    assert "Small incidents take 23 days, 6 in the year before; one open for 31 days." in text
    assert "Small 23 d 2 of 3 closed 6 d 5 of 5 closed 7 d" in text
    assert "Major and critical none closed 0 of 1 closed – none –" in text
    assert f'href="/incidents/{incident.pk}/"' in html
    assert "open for 31 d" in text
    rows = client.get(re.search(r'href="([^"]+why=incident_delay)"', html)[1].replace("&amp;", "&"))  # type: ignore[index]
    assert incident.number in rows.content.decode()


def test_an_account_not_judged_shows_only_what_is_open(client: Client, account: Account) -> None:
    IncidentFactory(account=account, title="Seal leaks", opened_at=datetime(2026, 6, 20, 8, tzinfo=UTC))
    text = spoken(read(client, account, "incident-times"))
    assert "Not judged yet." in text
    assert "Seal leaks" in text


@pytest.mark.parametrize("panel", ["links", "incident-times"])
def test_without_script_a_panel_is_a_page(client: Client, account: Account, panel: str) -> None:
    html = client.get(f"/accounts/{account.pk}/{panel}/").content.decode()
    assert "<html" in html
    assert "Halvorsen" in html
    assert f'hx-get="/accounts/{account.pk}/{panel}/"' in client.get(f"/accounts/{account.pk}/").content.decode()


@pytest.mark.parametrize("panel", ["links", "incident-times"])
def test_operations_see_no_panel(account: Account, panel: str) -> None:
    client = Client()
    client.force_login(UserFactory(role=Role.OPERATIONS))
    assert client.get(f"/accounts/{account.pk}/{panel}/").status_code == 403


@pytest.mark.parametrize("panel", ["links", "incident-times"])
def test_the_number_of_queries_does_not_follow_the_rows(client: Client, account: Account, panel: str) -> None:
    judged(account, Band.HEALTHY)

    def add(number: int) -> None:
        for n in range(number):
            meet(person(account, f"Person {n}", "operational"), ColleagueFactory(), 5)
            IncidentFactory(account=account)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            read(client, account, panel)
        return len(captured)

    add(2)
    few = queries()
    add(20)
    assert queries() == few <= 12
