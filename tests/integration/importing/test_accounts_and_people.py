"""Accounts with their owners and parents, contacts, and what happened between us."""

from datetime import date

import pytest

from accounts_app.models import Account, AccountMark, Contact, ImportChange, Interaction, Ownership, Team, Tier, User
from tests.factories import AccountFactory, ColleagueFactory, TeamFactory, UserFactory
from tests.integration.importing.conftest import Take, counts, reasons

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 10)
BEGINNING = date(1900, 1, 1)


@pytest.fixture
def ada() -> User:
    return UserFactory(name="Ada Berg", email="ada@example.test")


@pytest.fixture
def north() -> Team:
    return TeamFactory(name="North")


ACCOUNTS = "customer id,name,tier,owner,team,country,parent\nA,Acme,A,Ada@Example.test,north,DE,\nB,Best,key,,,FR,A\n"


def test_accounts_come_with_owner_team_tier_and_parent(take: Take, ada: User, north: Team) -> None:
    assert counts(take("accounts", ACCOUNTS)) == (2, 0, 0, 0)
    acme, best = Account.objects.get(name="Acme"), Account.objects.get(name="Best")
    assert (acme.owner, acme.team, acme.tier.key, acme.country) == (ada, north, "strategic", "DE")
    assert (best.parent, best.tier.key, best.owner) == (acme, "key", None)
    owned = Ownership.objects.get()
    assert (owned.account, owned.user, owned.from_day, owned.known_on, owned.until_day) == (
        acme,
        ada,
        BEGINNING,
        BEGINNING,
        None,
    )
    assert counts(take("accounts", ACCOUNTS)) == (0, 0, 2, 0)


def test_change_of_owner_is_kept_in_the_history(take: Take, ada: User, north: Team) -> None:
    take("accounts", ACCOUNTS)
    ben = UserFactory(name="Ben Carr", email="ben@example.test")
    Account.objects.filter(name="Acme").update(deputy=ben)
    outcome = take("accounts", ACCOUNTS.replace("Ada@Example.test", "Ben Carr"))
    assert counts(outcome) == (0, 1, 1, 0)
    acme = Account.objects.get(name="Acme")
    assert (acme.owner, acme.deputy) == (ben, None)
    spans = (
        Ownership.objects.filter(account=acme, duty="owner")
        .order_by("from_day")
        .values_list("user", "from_day", "until_day")
    )
    assert list(spans) == [(ada.pk, BEGINNING, TODAY), (ben.pk, TODAY, None)]
    assert ImportChange.objects.get().before["owner_id"] == ada.pk
    assert AccountMark.objects.filter(account=acme).exists()


def test_columns_that_the_file_lacks_stay_as_they_are(take: Take, ada: User, north: Team) -> None:
    take("accounts", ACCOUNTS)
    assert counts(take("accounts", "customer id,name\nA,Acme Ltd\nB,Best\n")) == (0, 1, 1, 0)
    acme = Account.objects.get(name="Acme Ltd")
    assert (acme.owner, acme.team, acme.tier.key, acme.country) == (ada, north, "strategic", "DE")


def test_unknown_owner_team_and_parent_are_named(take: Take) -> None:
    text = (
        "customer id,name,owner,team,parent\n"
        "A,Acme,who@example.test,,\nB,Best,,Nowhere,\nC,Core,,,Z\nD,Done,,,C\nE,Else,,,\n"
    )
    outcome = take("accounts", text)
    assert counts(outcome) == (1, 0, 0, 4)
    assert reasons(outcome) == {
        2: "not the e-mail address or name of exactly one user here",
        3: "no team has this name",
        4: "no account has this key",
    }


def test_accounts_above_each_other_are_rejected(take: Take) -> None:
    outcome = take("accounts", "customer id,name,parent\nA,Acme,B\nB,Best,C\nC,Core,A\nD,Done,D\n")
    assert (counts(outcome), set(reasons(outcome).values())) == ((1, 0, 0, 3), {"the account would be above itself"})


def test_last_row_of_a_key_holds(take: Take) -> None:
    outcome = take("accounts", "customer id,name\nA,Acme\nA,Acme Ltd\n")
    assert (counts(outcome), outcome.items) == ((2, 0, 0, 0), {"created": 1})
    assert Account.objects.get().name == "Acme Ltd"


CONTACTS = (
    "company,customer id,first name,last name,e-mail,job title,since,left on\n"
    "Acme,A,Ada,Lund,ada@acme.test,Head of Purchasing,2020-01-01,\n"
    "Acme,A,Bo,Ek,,Managing Director,,2026-02-01\n"
    "Acme,A,Cy,Day,,Buyer,,\n"
)


def test_contacts_without_keys_are_known_by_mail_or_name(take: Take) -> None:
    assert counts(take("contacts", CONTACTS, create_accounts=True)) == (3, 0, 0, 0)
    assert counts(take("contacts", CONTACTS)) == (0, 0, 3, 0)
    found = {contact.name: contact for contact in Contact.objects.all()}
    assert {name: contact.external_key for name, contact in found.items()} == {
        "Ada Lund": "ada@acme.test",
        "Bo Ek": "A:bo ek",
        "Cy Day": "A:cy day",
    }
    assert {contact.level for contact in found.values()} == {"management", "executive", "operational"}
    assert (found["Ada Lund"].known_on, found["Cy Day"].known_on) == (date(2020, 1, 1), BEGINNING)
    assert (found["Bo Ek"].left_on, found["Bo Ek"].left_known_on) == (date(2026, 2, 1), date(2026, 2, 1))


def test_leaving_is_known_from_the_day_it_was_learnt(take: Take) -> None:
    take("contacts", CONTACTS, create_accounts=True)
    outcome = take("contacts", CONTACTS.replace("Buyer,,", "Buyer,,2026-01-15"))
    assert counts(outcome) == (0, 1, 2, 0)
    contact = Contact.objects.get(name="Cy Day")
    assert (contact.left_on, contact.left_known_on) == (date(2026, 1, 15), TODAY)


def test_level_set_by_hand_stays_when_the_title_changes(take: Take) -> None:
    take("contacts", CONTACTS, create_accounts=True)
    Contact.objects.filter(name="Cy Day").update(level="executive")
    take("contacts", CONTACTS.replace("Buyer", "Senior buyer"))
    contact = Contact.objects.get(name="Cy Day")
    assert (contact.level, contact.title) == ("executive", "Senior buyer")


def test_contact_who_left_before_coming_or_has_no_name_is_rejected(take: Take) -> None:
    text = "customer id,name,since,left on\nA,Ada,2020-01-02,2020-01-01\nA,,,\n"
    outcome = take("contacts", text, create_accounts=True)
    assert reasons(outcome) == {2: "left before coming, on 2020-01-02", 3: "no name"}


ACTIVITIES = (
    "id,customer id,date,type,status,direction,purpose,attendees,user,notes,sentiment\n"
    "1,A,2026-03-01,Meeting,Completed,outbound,review,Ada Lund; bo@acme.test,ada@example.test,Talked,positive\n"
    "2,A,2026-04-01,Call,,,,,,,\n"
    "3,A,2026-03-02,Call,No answer,,,,nobody@example.test,,\n"
    "4,A,2026-03-03,Call,Cancelled,,,,,,\n"
)


@pytest.fixture
def acme(take: Take) -> Account:
    take(
        "contacts",
        "customer id,company,name,e-mail\nA,Acme,Ada Lund,\nA,Acme,Bo Ek,bo@acme.test\n",
        create_accounts=True,
    )
    return Account.objects.get()


def test_interactions_come_with_people_words_and_days(take: Take, acme: Account, ada: User) -> None:
    colleague = ColleagueFactory(user=ada)
    outcome = take("interactions", ACTIVITIES)
    assert counts(outcome) == (4, 0, 0, 0)
    met = Interaction.objects.get(external_key="1")
    assert (met.state, met.channel, met.initiator, met.purpose, met.tone, met.note, met.by) == (
        "done",
        "visit",
        "us",
        "review",
        1,
        "Talked",
        ada,
    )
    assert (met.happened_on, met.happened_known_on, met.known_on) == (date(2026, 3, 1),) * 3
    assert set(met.contacts.values_list("name", flat=True)) == {"Ada Lund", "Bo Ek"}
    assert list(met.colleagues.all()) == [colleague]
    planned = Interaction.objects.get(external_key="2")
    assert (planned.state, planned.planned_on, planned.happened_on, planned.known_on) == (
        "planned",
        date(2026, 4, 1),
        None,
        TODAY,
    )
    assert set(Interaction.objects.values_list("state", flat=True)) == {"done", "planned", "attempted", "voided"}
    assert any("1 interactions name one of us" in note for note in outcome.notes)
    assert outcome.complete_to == date(2026, 3, 3)
    assert counts(take("interactions", ACTIVITIES)) == (0, 0, 4, 0)


def test_planned_interaction_that_happened_is_known_from_today(take: Take, acme: Account) -> None:
    take("interactions", "id,customer id,date,planned date,status\n1,A,,2026-03-05,planned\n")
    take("interactions", "id,customer id,date,planned date,status\n1,A,2026-03-06,,done\n")
    row = Interaction.objects.get()
    assert (row.state, row.happened_on, row.happened_known_on, row.planned_on) == (
        "done",
        date(2026, 3, 6),
        TODAY,
        date(2026, 3, 5),
    )


def test_other_attendees_alone_are_an_update(take: Take, acme: Account, ada: User) -> None:
    take("interactions", ACTIVITIES)
    outcome = take("interactions", ACTIVITIES.replace("Ada Lund; bo@acme.test", "Bo Ek"))
    assert counts(outcome) == (0, 1, 3, 0)
    assert list(Interaction.objects.get(external_key="1").contacts.values_list("name", flat=True)) == ["Bo Ek"]
    assert len(ImportChange.objects.get().before["contact_ids"]) == 2


def test_person_who_is_no_contact_of_the_account_is_rejected(take: Take, acme: Account) -> None:
    other = AccountFactory(tier=Tier.objects.get(key="key"))
    Contact.objects.filter(name="Bo Ek").update(account=other)
    outcome = take("interactions", ACTIVITIES)
    assert (counts(outcome), "not known as a contact" in reasons(outcome)[2]) == ((3, 0, 0, 1), True)


def test_missing_words_are_taken_as_ours_and_said(take: Take, acme: Account) -> None:
    outcome = take("interactions", "id,customer id,date\n1,A,2026-03-01\n")
    row = Interaction.objects.get()
    assert (row.initiator, row.purpose, row.channel) == ("us", "proactive", "call")
    assert len(outcome.notes) == 3


def test_done_without_a_day_is_rejected(take: Take, acme: Account) -> None:
    text = "id,customer id,date,planned date,status\n1,A,,2026-03-01,done\n2,A,2026-04-01,,done\n3,A,,,planned\n"
    outcome = take("interactions", text)
    assert reasons(outcome) == {
        2: "done, but no day on which",
        3: "lies in the future, so it cannot be done",
        4: "planned, but no day for which",
    }
