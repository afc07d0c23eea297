"""What accounts, contacts and incidents have beside their first fields."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts_app.models import Account, Contact, ImportChange, Incident, IncidentPause
from tests.integration.importing.conftest import Take, counts, rejected

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 10)

ACCOUNTS = (
    "Kundennummer;Kundenname;Kundenstatus;Branche;Domain;Marge;Land\n"
    "A;Acme;Kunde;Pumpen;https://www.Acme.test/;25,5%;DE\n"
    "B;Best;Interessent;;sales@best.test;;\n"
    "C;Core;ehemalig;;;-3%;\n"
)


def test_accounts_have_status_industry_domain_and_margin(take: Take) -> None:
    assert counts(take("accounts", ACCOUNTS)) == (3, 0, 0, 0)
    found = list(
        Account.objects.order_by("name").values_list("status", "industry", "mail_domain", "margin_share", "country")
    )
    assert found == [
        ("active", "Pumpen", "acme.test", Decimal("0.2550"), "DE"),
        ("prospect", "", "best.test", None, ""),
        ("former", "", "", Decimal("-0.0300"), ""),
    ]
    assert counts(take("accounts", ACCOUNTS)) == (0, 0, 3, 0)


def test_margin_above_one_is_per_cent(take: Take) -> None:
    take("accounts", "customer id,name,margin\nA,Acme,25\nB,Best,0.5\n")
    assert [account.margin_share for account in Account.objects.order_by("name")] == [Decimal("0.25"), Decimal("0.005")]


def test_status_and_margin_change_and_are_kept(take: Take) -> None:
    take("accounts", ACCOUNTS)
    changed = "customer id,name,status,margin\nA,Acme,churned,0.2\nB,Best,,\n"
    assert counts(take("accounts", changed)) == (0, 1, 1, 0)
    acme = Account.objects.get(name="Acme")
    assert (acme.status, acme.margin_share, acme.industry) == ("former", Decimal("0.2000"), "Pumpen")
    assert Account.objects.get(name="Best").status == "prospect"  # an empty word leaves it alone
    before = ImportChange.objects.get().before
    assert (before["status"], before["margin_share"]) == ("active", 0.255)


def test_account_facts_that_cannot_be_are_named(take: Take) -> None:
    text = (
        "customer id,name,status,domain,margin\nA,Acme,sleepy,,\nB,Best,,acme,\nC,Core,,a b.test,\nD,Done,,,150 %\n"
        "E,Else,,,-101%\nF,Full,,full.test,100%\n"
    )
    outcome = take("accounts", text)
    assert counts(outcome) == (1, 0, 0, 5)
    assert rejected(outcome) == {
        2: "not one of the words known here: active, prospect, former",
        3: "not a mail domain such as example.com",
        4: "not a mail domain such as example.com",
        5: "not a share of revenue, from -100 % to 100 %",
        6: "not a share of revenue, from -100 % to 100 %",
    }


CONTACTS = (
    "customer id,contact id,name,e-mail,last working day,successor,what matters\n"
    "A,1,Ada Lund,ada@acme.test,2026-06-30,Bo Ek,delivery on the day\n"
    "A,2,Bo Ek,bo@acme.test,,,\n"
    "B,3,Cy Day,,2026-02-01,,\n"
)


def test_contacts_say_who_will_leave_and_who_follows(take: Take) -> None:
    assert counts(take("contacts", CONTACTS, create_accounts=True)) == (3, 0, 0, 0)
    ada, bo, cy = Contact.objects.order_by("name")
    assert (ada.leaving_on, ada.leaving_known_on, ada.successor, ada.matters) == (
        date(2026, 6, 30),
        TODAY,  # a day ahead is known today at the latest
        bo,
        "delivery on the day",
    )
    assert (bo.leaving_on, bo.leaving_known_on, bo.successor) == (None, None, None)
    assert (cy.leaving_on, cy.leaving_known_on) == (date(2026, 2, 1), date(2026, 2, 1))
    assert counts(take("contacts", CONTACTS)) == (0, 0, 3, 0)
    by_key = CONTACTS.replace("Bo Ek,delivery", "2,delivery")
    assert counts(take("contacts", by_key)) == (0, 0, 3, 0)
    assert counts(take("contacts", CONTACTS.replace("Bo Ek,delivery", ",delivery"))) == (0, 1, 2, 0)
    ada.refresh_from_db()
    assert ada.successor is None


def test_announcement_has_a_day_of_its_own(take: Take) -> None:
    text = "customer id,name,leaving on,announced on\nA,Ada,2026-06-30,2026-01-15\nA,Bo,,2026-02-01\nA,Cy,2026-05-01,\n"
    assert counts(take("contacts", text, create_accounts=True, history=False)) == (3, 0, 0, 0)
    found = list(Contact.objects.order_by("name").values_list("leaving_on", "leaving_known_on"))
    assert found == [
        (date(2026, 6, 30), date(2026, 1, 15)),
        (None, date(2026, 2, 1)),
        (date(2026, 5, 1), TODAY),
    ]
    assert counts(take("contacts", text)) == (0, 0, 3, 0)
    assert counts(take("contacts", "customer id,name,leaving on\nA,Ada,2026-07-31\n")) == (0, 1, 0, 0)
    ada = Contact.objects.get(name="Ada")
    assert (ada.leaving_on, ada.leaving_known_on) == (date(2026, 7, 31), date(2026, 1, 15))
    assert counts(take("contacts", "customer id,name,announced on\nA,Ada,\nA,Bo,\n")) == (0, 1, 1, 0)
    ada.refresh_from_db()
    assert (ada.leaving_known_on, Contact.objects.get(name="Bo").leaving_known_on) == (date(2026, 1, 15), None)


def test_successor_must_be_a_contact_of_the_account(take: Take) -> None:
    text = (
        "customer id,contact id,name,successor\nA,1,Ada,Zoe\nA,2,Bo,Ada\nA,3,Cy,4\nB,4,Di,\nA,5,Eve,eve\nB,6,Flo,Di\n"
    )
    outcome = take("contacts", text, create_accounts=True)
    assert counts(outcome) == (2, 0, 0, 4)
    unknown = "not known as a contact of this account, nor in the file"
    assert rejected(outcome) == {2: unknown, 3: unknown, 4: unknown, 6: "cannot succeed themselves"}


HEADER = "number,customer,opened at,resolved at,resolution,work notes,paused from,paused until,pause reason\n"
INCIDENTS = HEADER + (
    "T1,A,2026-03-02 08:00,2026-03-05 08:00,Sent a new seal,rang twice,2026-03-02 10:00,2026-03-03 10:00,"
    "waits for customer\n"
    "T1,A,2026-03-02 08:00,2026-03-05 08:00,Sent a new seal,rang twice,2026-03-04 10:00,,\n"
    "T2,A,2026-03-02 08:00,,,,,,\n"
)


def pauses() -> list[tuple[datetime, datetime | None, str]]:
    return list(IncidentPause.objects.order_by("from_at").values_list("from_at", "until_at", "reason"))


def test_incidents_have_resolution_note_and_pauses(take: Take) -> None:
    outcome = take("incidents", INCIDENTS, create_accounts=True)
    assert (counts(outcome), outcome.items["created"]) == ((3, 0, 0, 0), 2)
    incident = Incident.objects.get(number="T1")
    assert (incident.resolution, incident.note, incident.version) == ("Sent a new seal", "rang twice", 1)
    assert pauses() == [
        (datetime(2026, 3, 2, 10, tzinfo=UTC), datetime(2026, 3, 3, 10, tzinfo=UTC), "waits for customer"),
        (datetime(2026, 3, 4, 10, tzinfo=UTC), None, "Paused"),
    ]
    clock: Any = Incident.objects.with_clock(datetime(2026, 3, 10, tzinfo=UTC)).get(number="T1")
    assert clock.running == timedelta(days=1, hours=2)
    assert counts(take("incidents", INCIDENTS)) == (0, 0, 3, 0)
    incident.refresh_from_db()
    assert incident.version == 1


def test_pause_that_ends_updates_the_incident_once(take: Take) -> None:
    take("incidents", INCIDENTS, create_accounts=True)
    ended = INCIDENTS.replace("2026-03-04 10:00,,", "2026-03-04 10:00,2026-03-04 12:00,")
    assert counts(take("incidents", ended)) == (0, 2, 1, 0)
    assert pauses()[1][1] == datetime(2026, 3, 4, 12, tzinfo=UTC)
    assert Incident.objects.get(number="T1").version == 2  # an open form is told
    assert ImportChange.objects.get().before["pauses"][1][1] is None


def test_files_without_pauses_and_notes_leave_them(take: Take) -> None:
    take("incidents", INCIDENTS, create_accounts=True)
    short = "number,customer,opened at,resolved at\nT1,A,2026-03-02 08:00,2026-03-06 08:00\n"
    assert counts(take("incidents", short)) == (0, 1, 0, 0)
    assert (Incident.objects.get(number="T1").note, len(pauses())) == ("rang twice", 2)


def test_pauses_that_cannot_be_are_named(take: Take) -> None:
    take("incidents", HEADER + "T9,A,2026-03-02 08:00,,,,,,\n", create_accounts=True)
    IncidentPause.objects.create(
        incident=Incident.objects.get(), from_at=datetime(2026, 3, 3, 8, tzinfo=UTC), reason="paused by a person here"
    )
    text = HEADER + (
        "T1,A,2026-03-02 08:00,,,,,2026-03-02 10:00,\n"
        "T2,A,2026-03-02 08:00,,,,2026-03-02 10:00,2026-03-02 10:00,\n"
        "T3,A,2026-03-02 08:00,,,,2026-03-02 07:59,2026-03-02 10:00,\n"
        "T4,A,2026-03-02 08:00,,,,2026-03-02 09:00,2026-03-02 11:00,\n"
        "T4,A,2026-03-02 08:00,,,,2026-03-02 10:00,2026-03-02 12:00,\n"
        "T9,A,2026-03-02 08:00,,,,2026-03-04 08:00,,\n"
    )
    outcome = take("incidents", text)
    assert counts(outcome) == (1, 0, 0, 5)
    assert rejected(outcome) == {
        2: "a pause that ends, but no moment at which it began",
        3: "the pause ends before it begins, at 2026-03-02 10:00:00+00",
        4: "paused before it was opened, at 2026-03-02 08:00:00+00",
        6: "this pause overlaps another one of the incident in the file",
        7: "this pause overlaps one that is on record",
    }


def test_long_resolution_keeps_its_beginning(take: Take) -> None:
    text = f"number,customer,opened at,close notes\nT1,A,2026-03-02 08:00,{'seal ' * 100}\n"
    assert counts(take("incidents", text, create_accounts=True)) == (1, 0, 0, 0)
    assert len(Incident.objects.get().resolution) == 300
    assert counts(take("incidents", text)) == (0, 0, 1, 0)
