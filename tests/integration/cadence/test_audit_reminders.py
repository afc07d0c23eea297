"""Reminders: to whose turn it is, before the due day and weekly after it, once."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from accounts_app.models import Account, Company, Membership, Role, Team, User
from cadence.models import Audit, AuditPolicy, OutgoingMail
from cadence.services.audit_reminders import remind
from cadence.services.audit_signing import sign_as_owner
from cadence.tasks import remind_of_audits
from tests.factories import AbsenceFactory, AccountFactory, ColleagueFactory, UserFactory
from tests.factories.audits import answer_all, audit_cycle, open_audit, sign_through
from tests.integration.at_once import in_threads

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]

# Tuesdays: answers are due on 14 July, signatures on 24 July, a Friday.
ANSWERS_DUE, DUE = date(2026, 7, 14), date(2026, 7, 24)
WEEK = timedelta(days=7)


@pytest.fixture
def reviewer(north: Team) -> User:
    return UserFactory(name="Ruth Berg", teams=[north])


@pytest.fixture
def audit(north: Team, manager: User, reviewer: User) -> Audit:
    return open_audit(AccountFactory(name="Alpha Pumps", team=north, owner=manager), reviewer)


def at(day: date, hour: int = 8) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def reminded(day: date) -> list[str]:
    """Who was written to on this day, after the beat has asked twice."""
    before = set(OutgoingMail.objects.values_list("pk", flat=True))
    remind(at(day))
    assert remind(at(day, 9)) == 0
    return sorted(OutgoingMail.objects.exclude(pk__in=before).values_list("user__name", flat=True))


def days_reminded(first: date, number: int) -> list[date]:
    days = [first + timedelta(days=n) for n in range(number)]
    return [day for day in days if reminded(day)]


def test_reviewer_is_reminded_before_the_answers_are_due_and_each_week_after(audit: Audit) -> None:
    """Five days before is a Thursday; then the day after it is due, and every seventh."""
    found = days_reminded(date(2026, 7, 1), 31)
    assert found == [date(2026, 7, 9), date(2026, 7, 15), date(2026, 7, 22), date(2026, 7, 29)]
    assert {mail.user and mail.user.name for mail in OutgoingMail.objects.all()} == {"Ruth Berg"}


def test_mail_says_which_audit_since_when_and_where(audit: Audit, settings: pytest.FixtureRequest) -> None:
    settings.BASE_URL = "https://vigil.example"  # type: ignore[attr-defined]
    remind(at(ANSWERS_DUE + timedelta(days=1)))
    mail = OutgoingMail.objects.get()
    assert mail.subject == "1 audit waits for you, 1 overdue"
    assert "Alpha Pumps, 2026-Q2 – due since 14 July 2026" in mail.text
    assert "0 of 12 questions are answered." in mail.text
    assert f"https://vigil.example/audits/2026-Q2/{audit.account_id}/" in mail.text


def test_several_audits_are_one_mail(audit: Audit, reviewer: User, north: Team, manager: User) -> None:
    for name in ("Beta", "Gamma"):
        open_audit(AccountFactory(name=name, team=north, owner=manager), reviewer)
    assert reminded(ANSWERS_DUE + timedelta(days=1)) == ["Ruth Berg"]
    assert OutgoingMail.objects.get().text.count("2026-Q2 –") == 3


def test_no_days_before_means_none_before(audit: Audit) -> None:
    AuditPolicy.the()
    AuditPolicy.objects.update(remind_days=0)
    assert days_reminded(date(2026, 7, 1), 15) == [date(2026, 7, 15)]


def test_nobody_is_reminded_on_days_off_or_before_half_past_six(audit: Audit) -> None:
    Company.objects.update(country="Germany")
    audit_cycle()
    Audit.objects.filter(pk=audit.pk).update(reminded_on=None)
    for day in (date(2026, 10, 3), date(2026, 10, 4), date(2026, 12, 25)):
        assert reminded(day) == []
    assert remind(at(date(2026, 10, 5), 6)) == 0
    assert reminded(date(2026, 10, 5)) == ["Ruth Berg"]


def test_owner_is_reminded_once_all_is_answered_and_leader_once_the_owner_signed(
    audit: Audit, manager: User, reviewer: User, leader: User
) -> None:
    answer_all(audit, reviewer)
    assert reminded(ANSWERS_DUE + timedelta(days=1)) == []
    assert reminded(date(2026, 7, 20)) == [manager.name]
    sign_as_owner(audit, by=manager)
    assert reminded(DUE + timedelta(days=3)) == [leader.name]
    assert "sign it or send it back" in OutgoingMail.objects.order_by("pk").last().text  # type: ignore[union-attr]


def test_deputy_is_reminded_while_the_owner_is_away(audit: Audit, manager: User, reviewer: User, north: Team) -> None:
    deputy = UserFactory(name="Dan Moor", teams=[north])
    Account.objects.update(deputy=deputy)
    AbsenceFactory(colleague=ColleagueFactory(user=manager), from_day=date(2026, 7, 1), until_day=date(2026, 7, 31))
    answer_all(audit, reviewer)
    assert reminded(date(2026, 7, 20)) == ["Dan Moor"]


def test_leader_is_asked_where_nobody_reviews_or_can_sign(audit: Audit, leader: User, reviewer: User) -> None:
    User.objects.filter(pk=reviewer.pk).update(is_active=False)
    assert reminded(date(2026, 7, 9)) == [leader.name]
    assert "name a reviewer" in OutgoingMail.objects.get().text.lower()


def test_administrator_is_asked_where_no_leader_may(audit: Audit, reviewer: User, manager: User) -> None:
    administrator = UserFactory(name="Nils Berg", role=Role.ADMINISTRATOR)
    answer_all(audit, reviewer)
    sign_as_owner(audit, by=manager)
    assert reminded(date(2026, 7, 20)) == [administrator.name]


def test_account_in_other_hands_is_its_new_owners_turn(audit: Audit, reviewer: User, leader: User) -> None:
    """The reviewer owns it now: nobody reviews it, and the leader hears so."""
    Account.objects.update(owner=reviewer)
    assert reminded(date(2026, 7, 9)) == [leader.name]
    audit.refresh_from_db()
    assert (audit.owner, audit.reviewer) == (reviewer, None)


def test_reviewer_in_another_team_reads_of_the_account_no_more(audit: Audit, reviewer: User, leader: User) -> None:
    Membership.objects.filter(user=reviewer).delete()
    assert reminded(date(2026, 7, 9)) == [leader.name]
    audit.refresh_from_db()
    assert audit.reviewer is None


def test_signed_audits_remind_nobody(audit: Audit, leader: User) -> None:
    sign_through(audit, leader)
    assert days_reminded(date(2026, 7, 9), 20) == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_remind_once(audit: Audit) -> None:
    ask: Callable[[], int] = lambda: remind(at(ANSWERS_DUE + timedelta(days=1)))  # noqa: E731
    assert max(in_threads(3, ask)) == 1
    assert OutgoingMail.objects.count() == 1


def test_task_asks_for_now(audit: Audit) -> None:
    """30 June: nothing is due within five days."""
    remind_of_audits()
    assert not OutgoingMail.objects.exists()
