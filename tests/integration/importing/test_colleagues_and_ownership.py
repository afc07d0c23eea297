"""Our own people, when they are away, and who answers for which account."""

from datetime import date
from decimal import Decimal

import pytest

from accounts_app.models import (
    Absence,
    Account,
    AccountMark,
    Colleague,
    FeedKind,
    ImportChange,
    Ownership,
    User,
)
from accounts_app.services import ownership
from tests.factories import ColleagueFactory, ContactFactory, LinkFactory, UserFactory
from tests.integration.importing.conftest import Take, counts, rejected

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 10)
BEGINNING = date(1900, 1, 1)


@pytest.fixture
def ada() -> User:
    return UserFactory(name="Ada Berg", email="ada@example.test")


@pytest.fixture
def ben() -> User:
    return UserFactory(name="Ben Carr", email="ben@example.test")


COLLEAGUES = (
    "Personalnummer;Name;Funktion;E-Mail;Wochenstunden;Abwesend von;Abwesend bis\n"
    "17;Ada Berg;Vertriebsleiterin;Ada@example.test;12,5;01.04.2026;12.04.2026\n"
    "17;Ada Berg;Vertriebsleiterin;Ada@example.test;12,5;02.02.2026;03.02.2026\n"
    "18;Cy Day;Sachbearbeiter;;;;\n"
)


def away() -> list[tuple[date, date]]:
    return list(Absence.objects.order_by("from_day").values_list("from_day", "until_day"))


def test_colleagues_come_with_hours_user_and_absences(take: Take, ada: User) -> None:
    outcome = take("colleagues", COLLEAGUES, feed="hr")
    assert (counts(outcome), outcome.items["created"]) == ((3, 0, 0, 0), 2)
    found = {each.external_key: each for each in Colleague.objects.filter(feed__name="hr")}
    assert (found["17"].user, found["17"].hours_a_week, found["17"].title) == (
        ada,
        Decimal("12.5"),
        "Vertriebsleiterin",
    )
    assert (found["18"].user, found["18"].hours_a_week, found["18"].level) == (None, None, "operational")
    assert away() == [(date(2026, 2, 2), date(2026, 2, 3)), (date(2026, 4, 1), date(2026, 4, 12))]
    assert [each.known_on for each in Absence.objects.order_by("from_day")] == [date(2026, 2, 2), TODAY]
    assert FeedKind.objects.get(feed__name="hr").source == "colleagues"
    assert counts(take("colleagues", COLLEAGUES, feed="hr")) == (0, 0, 3, 0)


def test_absence_ahead_that_is_gone_from_the_file_was_called_off(take: Take, ada: User) -> None:
    take("colleagues", COLLEAGUES, feed="hr")
    later = COLLEAGUES.replace("01.04.2026;12.04.2026", "07.04.2026;12.04.2026").replace("02.02.2026;03.02.2026", ";")
    assert counts(take("colleagues", later, feed="hr")) == (0, 2, 1, 0)
    assert away() == [(date(2026, 2, 2), date(2026, 2, 3)), (date(2026, 4, 7), date(2026, 4, 12))]
    before = ImportChange.objects.get().before["absences"]
    assert before == [["2026-02-02", "2026-02-03"], ["2026-04-01", "2026-04-12"]]
    longer = later.replace("12.04.2026", "19.04.2026")
    assert counts(take("colleagues", longer, feed="hr")) == (0, 2, 1, 0)
    assert away()[1] == (date(2026, 4, 7), date(2026, 4, 19))


def test_colleague_whom_another_feed_brought_is_known_by_the_user(take: Take, ada: User) -> None:
    known = ColleagueFactory(name="A. Berg", user=ada)
    link = LinkFactory(colleague=known)
    AccountMark.objects.all().delete()
    assert counts(take("colleagues", COLLEAGUES, feed="hr")) == (1, 2, 0, 0)
    known.refresh_from_db()
    assert (known.name, known.hours_a_week) == ("Ada Berg", Decimal("12.5"))
    assert [mark.account_id for mark in AccountMark.objects.all()] == [link.contact.account_id]
    assert counts(take("colleagues", COLLEAGUES, feed="hr")) == (0, 0, 3, 0)


def test_columns_the_file_lacks_stay(take: Take, ada: User) -> None:
    take("colleagues", COLLEAGUES, feed="hr")
    assert counts(take("colleagues", "employee id,name,level\n17,Ada Berg,executive\n", feed="hr")) == (0, 1, 0, 0)
    colleague = Colleague.objects.get(external_key="17")
    assert (colleague.level, colleague.user, colleague.hours_a_week) == ("executive", ada, Decimal("12.5"))
    assert len(away()) == 2


def test_colleagues_that_cannot_be_are_named(take: Take, ada: User, ben: User) -> None:
    ColleagueFactory(user=ben)
    take("colleagues", "key,name\n7,Ben\n", feed="hr")
    text = (
        "key,name,user,hours,absent from,absent until\n"
        "1,Ada,who@example.test,,,\n"
        "2,Ada,,81,,\n"
        "3,Ada,,-1,,\n"
        "4,Ada,,,2026-04-02,2026-04-01\n"
        "5,Ada,,,2026-04-02,\n"
        "6,Ada,,,,2026-04-02\n"
        "7,Ben,ben@example.test,,,\n"
        "8,Ada,ada@example.test,,,\n"
        "9,Ada Berg,Ada Berg,,,\n"
        "10,,,,,\n"
    )
    outcome = take("colleagues", text, feed="hr")
    assert counts(outcome) == (1, 0, 0, 9)
    assert rejected(outcome) == {
        2: "not the e-mail address or name of exactly one user here",
        3: "not from 0 to 80 hours",
        4: "not from 0 to 80 hours",
        5: "ends before it begins, on 2026-04-02",
        6: "away from 2026-04-02, but no last day",
        7: "away until 2026-04-02, but no first day",
        8: "is the user of another colleague here",
        10: "a row with another key is the same colleague",
        11: "a total or a note, not a row of data",
    }


def test_two_rows_that_are_one_colleague_are_not_both_taken(take: Take, ada: User, ben: User) -> None:
    take("colleagues", "key,name,user\n1,Ada,Ada Berg\n", feed="hr")
    outcome = take("colleagues", "key,name,user\n1,Ada,Ben Carr\n2,Ada,Ada Berg\n", feed="hr")
    assert (counts(outcome), rejected(outcome)) == (
        (0, 1, 0, 1),
        {3: "a row with another key is the same colleague"},
    )
    assert Colleague.objects.get().user == ben


@pytest.fixture
def accounts(take: Take) -> None:
    take("accounts", "customer id,name\nA,Acme\nB,Best\n", feed="crm")
    AccountMark.objects.all().delete()


HEADER = "customer,owner email,role,from,until\n"
SPANS = HEADER + (
    "A,ada@example.test,owner,2020-01-01,2025-07-01\n"
    "A,ben@example.test,owner,2025-07-01,\n"
    "A,ada@example.test,backup,2025-07-01,\n"
    "B,Ada Berg,,2024-05-01,9999-12-31\n"
)


def spans(name: str = "Acme", duty: str = "owner") -> list[tuple[str, date, date | None]]:
    found = Ownership.objects.filter(account__name=name, duty=duty).order_by("from_day")
    return list(found.values_list("user__name", "from_day", "until_day"))


def present(name: str = "Acme") -> tuple[str | None, str | None]:
    owner, deputy = Account.objects.values_list("owner__name", "deputy__name").get(name=name)
    return owner, deputy


def test_history_of_ownership_sets_owner_and_deputy(take: Take, accounts: None, ada: User, ben: User) -> None:
    assert counts(take("ownership", SPANS, feed="crm")) == (4, 0, 0, 0)
    assert spans() == [
        ("Ada Berg", date(2020, 1, 1), date(2025, 7, 1)),
        ("Ben Carr", date(2025, 7, 1), None),
    ]
    assert (present(), present("Best")) == (("Ben Carr", "Ada Berg"), ("Ada Berg", None))
    first = Ownership.objects.get(until_day=date(2025, 7, 1))
    assert (first.known_on, first.until_known_on) == (date(2020, 1, 1), date(2025, 7, 1))
    assert AccountMark.objects.count() == 2
    assert FeedKind.objects.get(feed__name="crm", source="ownership").complete_to == TODAY
    AccountMark.objects.all().delete()
    assert counts(take("ownership", SPANS, feed="crm")) == (0, 0, 4, 0)
    assert not AccountMark.objects.exists()


def test_end_is_known_from_the_day_it_was_learnt(take: Take, accounts: None, ada: User, ben: User) -> None:
    take("ownership", SPANS, feed="crm")
    ended = SPANS.replace("A,ben@example.test,owner,2025-07-01,", "A,ben@example.test,owner,2025-07-01,2026-03-01")
    assert counts(take("ownership", ended, feed="crm")) == (0, 1, 3, 0)
    assert present() == (None, "Ada Berg")
    assert Ownership.objects.get(user=ben).until_known_on == TODAY
    changed = {change.model for change in ImportChange.objects.filter(batch__kind="ownership")}
    assert changed == {"accounts_app.ownership", "accounts_app.account"}


def test_owner_named_by_a_file_of_accounts_gets_the_true_first_day(take: Take, ada: User, ben: User) -> None:
    take("accounts", "customer id,name,owner\nA,Acme,Ben Carr\nB,Best,Ada Berg\n", feed="crm")
    assert spans() == [("Ben Carr", BEGINNING, None)]
    assert counts(take("ownership", SPANS, feed="crm")) == (2, 2, 0, 0)
    assert spans() == [
        ("Ada Berg", date(2020, 1, 1), date(2025, 7, 1)),
        ("Ben Carr", date(2025, 7, 1), None),
    ]
    assert present() == ("Ben Carr", "Ada Berg")
    assert counts(take("ownership", SPANS, feed="crm")) == (0, 0, 4, 0)
    assert counts(take("accounts", "customer id,name,owner\nA,Acme,Ben Carr\nB,Best,Ada Berg\n", feed="crm")) == (
        0,
        0,
        2,
        0,
    )


def test_successor_ends_the_predecessor_and_a_deputy_who_takes_over(
    take: Take, accounts: None, ada: User, ben: User
) -> None:
    acme = Account.objects.get(name="Acme")
    ownership.assign(account=acme, duty=Ownership.Duty.OWNER, user=ada, on=date(2025, 1, 1))
    ownership.assign(account=acme, duty=Ownership.Duty.DEPUTY, user=ben, on=date(2025, 1, 1))
    assert counts(take("ownership", HEADER + "A,Ben Carr,owner,2026-03-01,\n", feed="crm", history=False)) == (
        1,
        0,
        0,
        0,
    )
    assert spans() == [("Ada Berg", date(2025, 1, 1), date(2026, 3, 1)), ("Ben Carr", date(2026, 3, 1), None)]
    assert spans(duty="deputy") == [("Ben Carr", date(2025, 1, 1), date(2026, 3, 1))]
    assert present() == ("Ben Carr", None)
    assert set(Ownership.objects.filter(until_day__isnull=False).values_list("until_known_on", flat=True)) == {TODAY}
    assert ImportChange.objects.filter(model="accounts_app.ownership").count() == 2


def test_days_move_from_one_span_to_the_next(take: Take, accounts: None, ada: User, ben: User) -> None:
    """Written one by one, the longer span would overlap the other before that had given way."""
    keyed = "id,customer,owner,from,until\n1,A,Ada Berg,2020-01-01,2024-01-01\n2,A,Ben Carr,2024-01-01,2025-01-01\n"
    keyed += "3,A,Ada Berg,2025-01-01,\n"
    take("ownership", keyed, feed="crm")
    later = keyed.replace("2024-01-01", "2024-06-01").replace("2025-01-01", "2025-06-01")
    assert counts(take("ownership", later, feed="crm")) == (0, 3, 0, 0)
    assert spans() == [
        ("Ada Berg", date(2020, 1, 1), date(2024, 6, 1)),
        ("Ben Carr", date(2024, 6, 1), date(2025, 6, 1)),
        ("Ada Berg", date(2025, 6, 1), None),
    ]
    assert counts(take("ownership", keyed, feed="crm")) == (0, 3, 0, 0)
    assert spans()[1] == ("Ben Carr", date(2024, 1, 1), date(2025, 1, 1))


def test_ownership_that_cannot_be_is_named(take: Take, accounts: None, ada: User, ben: User) -> None:
    best = Account.objects.get(name="Best")
    ownership.assign(account=best, duty=Ownership.Duty.OWNER, user=ben, on=date(2025, 1, 1))
    text = HEADER + (
        "A,who@example.test,owner,2024-01-01,\n"
        "A,ada@example.test,owner,2024-01-01,2024-01-01\n"
        "A,ada@example.test,owner,2026-03-11,\n"
        "A,ada@example.test,owner,2024-01-01,2026-04-01\n"
        "A,ada@example.test,boss,2024-01-01,\n"
        "A,,owner,2024-01-01,\n"
        "A,ada@example.test,owner,,\n"
        "Z,ada@example.test,owner,2024-01-01,\n"
        "A,ada@example.test,owner,2020-01-01,2021-01-01\n"
        "A,ben@example.test,owner,2020-12-31,2022-01-01\n"
        "A,ada@example.test,deputy,2020-06-01,\n"
        "B,ada@example.test,owner,2024-01-01,\n"
        "B,ben@example.test,deputy,2025-06-01,2025-07-01\n"
        "B,ada@example.test,owner,2020-01-01,2023-01-01\n"
    )
    outcome = take("ownership", text, feed="crm")
    assert counts(outcome) == (2, 0, 0, 12)
    found = rejected(outcome)
    assert found.pop(6) == "not one of the words known here: owner, deputy"
    record = "overlaps what is on record: Ben Carr as owner, 2025-01-01 to now"
    assert found == {
        2: "not the e-mail address or name of exactly one user here",
        3: "is the first day on which it no longer held, so it must be after 2024-01-01",
        4: "lies in the future; import it once it has begun",
        5: "lies in the future; import it once it has ended",
        7: "no user",
        8: "no from day",
        9: "no account has the key Z in feed crm; load the accounts first, or use --create-accounts",
        11: "overlaps line 10 of the file",
        12: "overlaps line 10 of the file",
        13: record,
        14: record,
    }


def test_key_that_moves_to_other_years_is_a_reject(take: Take, accounts: None, ada: User) -> None:
    keyed = "id,customer,owner,from,until\n1,A,Ada Berg,2020-01-01,2021-01-01\n"
    take("ownership", keyed, feed="crm")
    outcome = take("ownership", keyed.replace("2021", "2023").replace("2020", "2022"), feed="crm")
    assert "shares no day" in rejected(outcome)[2]


def test_deputy_alone_leaves_the_owner_alone(take: Take, accounts: None, ada: User, ben: User) -> None:
    Account.objects.filter(name="Acme").update(owner=ada)  # as an older version left it, without a history
    ContactFactory(account=Account.objects.get(name="Acme"))
    take("ownership", HEADER + "A,Ben Carr,deputy,2025-01-01,\n", feed="crm")
    assert present() == ("Ada Berg", "Ben Carr")
