"""Incidents, also as logs of their states, and days on which nothing is expected."""

from datetime import UTC, date, datetime

import pytest

from accounts_app.models import Account, AccountMark, Company, FeedKind, Incident, QuietPeriod
from tests.integration.importing.conftest import Take, counts, reasons

pytestmark = pytest.mark.django_db

LOG = (
    "number,customer,category,priority,opened at,updated at,state,closed at\n"
    "T1,A,billing,1 - Critical,1/3/2026 23:30,1/3/2026 23:30,New,\n"
    "T1,A,billing,2,1/3/2026 23:30,4/3/2026 10:00,Closed,\n"
    "T1,A,billing,2,1/3/2026 23:30,2/3/2026 10:00,Active,\n"
    "T2,A,57,,13/2/2026 08:00,13/2/2026 08:00,New,?\n"
)


def test_last_state_of_an_incident_holds(take: Take) -> None:
    outcome = take("incidents", LOG, create_accounts=True)
    assert (counts(outcome), outcome.items["created"]) == ((4, 0, 0, 0), 2)
    closed, unresolved = Incident.objects.order_by("number")
    assert (closed.kind, closed.severity, closed.title) == ("invoice", "major", "T1")
    assert (closed.opened_at, closed.resolved_at) == (
        datetime(2026, 3, 1, 23, 30, tzinfo=UTC),
        datetime(2026, 3, 4, 10, tzinfo=UTC),
    )
    assert (closed.known_on, closed.resolved_known_on) == (date(2026, 3, 1), date(2026, 3, 4))
    assert (unresolved.kind, unresolved.severity, unresolved.resolved_at) == ("complaint", "minor", None)
    assert FeedKind.objects.get().complete_to == date(2026, 3, 4)
    assert counts(take("incidents", LOG)) == (0, 0, 4, 0)


def test_resolution_is_known_from_the_day_it_was_learnt(take: Take) -> None:
    take("incidents", LOG, create_accounts=True)
    outcome = take("incidents", LOG.replace("New,?", "Resolved,20/2/2026 09:00"))
    assert counts(outcome) == (0, 1, 3, 0)
    incident = Incident.objects.get(number="T2")
    assert (incident.resolved_at, incident.resolved_known_on) == (
        datetime(2026, 2, 20, 9, tzinfo=UTC),
        date(2026, 3, 10),
    )


def test_moments_without_zone_are_the_companys(take: Take) -> None:
    Company.objects.update(time_zone="Europe/Berlin")
    take("incidents", LOG, create_accounts=True)
    incident = Incident.objects.get(number="T1")
    assert incident.opened_at == datetime(2026, 3, 1, 22, 30, tzinfo=UTC)
    assert incident.known_on == date(2026, 3, 1)


def test_impossible_clocks_are_rejected(take: Take) -> None:
    text = (
        "number,customer,opened at,acknowledged at,resolved at,state\n"
        "1,A,2026-03-02 10:00,,2026-03-02 09:59,\n"
        "2,A,2026-03-02 10:00,2026-03-02 09:00,,\n"
        "3,A,2026-03-02 10:00,,,closed\n"
        "4,A,2026-03-02 10:00,2026-03-02 10:00,2026-03-02 10:00,closed\n"
    )
    outcome = take("incidents", text, create_accounts=True)
    assert counts(outcome) == (1, 0, 0, 3)
    assert [reason.column for reason in outcome.reasons] == ["resolved at", "acknowledged at", "resolved at"]
    assert "closed, but no day" in reasons(outcome)[4]


PERIODS = (
    "from,until,reason,country,customer\n"
    "2026-08-03,2026-08-21,Closure,,\n2026-12-24,2027-01-03,Holidays,DE,\n2026-05-01,2026-05-01,Move,DE,A\n"
)


def test_quiet_periods_of_company_country_and_account(take: Take) -> None:
    take("accounts", "customer id,name,country\nA,Acme,DE\nB,Best,FR\n")
    assert counts(take("quiet-periods", PERIODS)) == (3, 0, 0, 0)
    assert list(
        QuietPeriod.objects.order_by("from_day").values_list("external_key", "account__name", "country", "reason")
    ) == [
        ("account:A:2026-05-01", "Acme", "", "Move"),
        ("company:2026-08-03", None, "", "Closure"),
        ("country:DE:2026-12-24", None, "DE", "Holidays"),
    ]
    assert counts(take("quiet-periods", PERIODS)) == (0, 0, 3, 0)


def test_quiet_period_of_a_country_marks_its_accounts(take: Take) -> None:
    take("accounts", "customer id,name,country\nA,Acme,DE\nB,Best,FR\n")
    AccountMark.objects.all().delete()
    take("quiet-periods", "from,until,country\n2026-12-24,2027-01-03,DE\n")
    assert list(AccountMark.objects.values_list("account__name", flat=True)) == ["Acme"]
    take("quiet-periods", "from,until,country\n2026-08-03,2026-08-21,\n")
    assert AccountMark.objects.count() == Account.objects.count() == 2


def test_quiet_period_that_ends_before_it_begins_is_rejected(take: Take) -> None:
    outcome = take("quiet-periods", "from,until,reason\n2026-08-21,2026-08-03,Closure\n2026-08-21,2026-08-21,Day\n")
    assert (counts(outcome), reasons(outcome)) == ((1, 0, 0, 1), {2: "ends before it begins, on 2026-08-21"})
