"""Opening the audit of a quarter: whom the policy takes in, who reviews, what cannot be opened."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts_app.models import Account, Role, Team, Tier, User
from cadence.models import Audit, AuditCycle, AuditPolicy, AuditQuestions
from cadence.services.audits import AuditError, chosen, open_cycle, refresh_evidence
from signals.models import Band
from tests.factories import AbsenceFactory, AccountFactory, ColleagueFactory, UserFactory
from tests.factories.audits import audit_cycle, open_audit, sign_through
from tests.factories.judgement import judged

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 30)


@pytest.fixture
def other() -> Tier:
    return Tier.objects.get(key="other")


def policy(**values: object) -> AuditPolicy:
    AuditPolicy.the()
    AuditPolicy.objects.update(**({"revenue_share": 0, "bands": []} | values))
    return AuditPolicy.the()


def why(day: date = TODAY) -> dict[str, tuple[str, ...]]:
    names = dict(Account.objects.values_list("pk", "name"))
    return {names[one.account_id]: one.why for one in chosen(day, AuditPolicy.the())}


def test_tier_is_audited_whatever_the_figures(other: Tier) -> None:
    policy()
    AccountFactory(name="Key")
    AccountFactory(name="Other", tier=other)
    assert why() == {"Key": ("tier",)}


def test_largest_accounts_carry_the_share_of_revenue(other: Tier) -> None:
    """50, 30 and 20 of 100: 80 % are carried by two, 81 % by three, 0 % by none."""
    for name, revenue in (("Half", 50), ("Third", 30), ("Fifth", 20), ("None", 0)):
        judged(AccountFactory(name=name, tier=other), revenue=revenue)
    AccountFactory(name="Never judged", tier=other)
    for share, names in (
        (80, {"Half", "Third"}),
        (81, {"Half", "Third", "Fifth"}),
        (0, set()),
        (100, {"Half", "Third", "Fifth"}),
    ):
        policy(revenue_share=share)
        assert set(why()) == names


def test_band_takes_in_and_reasons_add_up(other: Tier) -> None:
    policy(revenue_share=10, bands=[Band.AT_RISK, Band.UNKNOWN])
    judged(AccountFactory(name="Large, key, at risk"), Band.AT_RISK, revenue=900)
    judged(AccountFactory(name="Unknown", tier=other), Band.UNKNOWN, revenue=10)
    judged(AccountFactory(name="Healthy", tier=other), Band.HEALTHY, revenue=10)
    assert why() == {"Large, key, at risk": ("tier", "revenue", "band"), "Unknown": ("band",)}


def test_former_and_later_accounts_are_left_out() -> None:
    AccountFactory(name="Former", status=Account.Status.FORMER)
    AccountFactory(name="Later", known_on=date(2026, 7, 1))
    assert why() == {}
    assert set(why(date(2026, 7, 1))) == {"Later"}


def test_cycle_keeps_policy_questions_and_due_days(north: Team, manager: User, leader: User) -> None:
    policy(days_to_answer=10, days_to_sign=5)
    account = AccountFactory(team=north, owner=manager)
    cycle = open_cycle(TODAY, by=leader)
    assert (cycle.name, cycle.begins_on) == ("2026-Q2", date(2026, 4, 1))
    assert (cycle.answers_due_on, cycle.due_on) == (date(2026, 7, 10), date(2026, 7, 15))
    assert cycle.questions == AuditQuestions.latest()
    assert cycle.policy["tiers"] == ["strategic", "key"]
    audit = cycle.audits.get()
    assert (audit.account, audit.owner, audit.reviewer, audit.state) == (account, manager, leader, Audit.State.OPEN)
    assert (audit.chosen_for, audit.evidence_on, audit.revision) == (["tier"], TODAY, 1)


def test_never_judged_account_is_unknown_not_zero(north: Team, manager: User, leader: User) -> None:
    AccountFactory(team=north, owner=manager)
    evidence = open_cycle(TODAY, by=leader).audits.get().evidence
    assert evidence["risk"]["known"] is evidence["money"]["known"] is evidence["before"]["known"] is False
    assert evidence["risk"]["risk"] is evidence["money"]["revenue_12m"] is None
    assert evidence["account"]["team"] == "North"


def test_evidence_says_what_the_last_audit_promised(north: Team, manager: User, leader: User) -> None:
    account = AccountFactory(team=north, owner=manager)
    last = sign_through(
        open_audit(account, leader, audit_cycle(date(2026, 1, 1))), UserFactory(role=Role.ADMINISTRATOR)
    )
    before = open_cycle(TODAY, by=leader).audits.get().evidence["before"]
    assert (before["known"], before["cycle"], before["audit"]) == (True, "2026-Q1", last.pk)
    assert before["scores"]["people_known"] == 3
    action = {"text": "Present the plan for the new line", "owner": leader.pk, "due_on": "2026-08-31", "outcome": ""}
    assert before["actions"] == [action]


def reviewers() -> dict[str, User | None]:
    return {one.account.name: one.reviewer for one in Audit.objects.select_related("account", "reviewer")}


def test_reviewers_are_shared_out_evenly_and_nobody_reviews_an_own_account(north: Team, leader: User) -> None:
    managers = [UserFactory(teams=[north]) for _n in range(3)]
    for n in range(24):
        AccountFactory(team=north, owner=managers[n % 3], deputy=managers[(n + 1) % 3])
    UserFactory(teams=[north], role=Role.READ_ONLY)
    UserFactory(teams=[north], is_active=False)
    open_cycle(TODAY, by=leader)
    audits = Audit.objects.select_related("account")
    load = {user: sum(one.reviewer_id == user.pk for one in audits) for user in (*managers, leader)}
    assert set(load.values()) == {6}
    assert not any(one.reviewer_id in {one.account.owner_id, one.account.deputy_id} for one in audits)


def test_who_is_away_most_of_the_time_reviews_only_if_nobody_else_can(north: Team, manager: User, leader: User) -> None:
    """21 days to answer, the day of opening counts: away for 11 is half, for 12 more than half."""
    policy()
    AbsenceFactory(colleague=ColleagueFactory(user=leader), from_day=date(2026, 6, 1), until_day=date(2026, 7, 11))
    deputy = UserFactory(teams=[north])
    AccountFactory(name="Alpha", team=north, owner=manager, deputy=deputy)
    AccountFactory(name="Beta", team=north, owner=deputy, deputy=manager)
    open_cycle(TODAY, by=leader)
    assert reviewers() == {"Alpha": deputy, "Beta": manager}


def test_short_absence_keeps_nobody_from_reviewing(north: Team, manager: User, leader: User) -> None:
    away = ColleagueFactory(user=leader)
    AbsenceFactory(colleague=away, from_day=date(2026, 6, 1), until_day=date(2026, 7, 10))
    AbsenceFactory(colleague=away, from_day=date(2026, 7, 8), until_day=date(2026, 7, 10))
    AccountFactory(name="Alpha", team=north, owner=manager)
    open_cycle(TODAY, by=leader)
    assert reviewers() == {"Alpha": leader}


def test_nobody_found_is_said(manager: User, north: Team) -> None:
    AccountFactory(name="Alone", team=north, owner=manager)
    AccountFactory(name="No team", team=None, owner=manager)
    open_cycle(TODAY, by=UserFactory(role=Role.ADMINISTRATOR))
    assert reviewers() == {"Alone": None, "No team": None}


def test_second_opening_is_told_of_the_first(north: Team, manager: User, leader: User) -> None:
    AccountFactory(team=north, owner=manager)
    open_cycle(TODAY, by=leader)
    with pytest.raises(AuditError, match=f"2026-Q2 is open already: {leader} opened it on 30\N{NO-BREAK SPACE}Jun"):
        open_cycle(date(2026, 4, 1), by=UserFactory(role=Role.ADMINISTRATOR))
    assert AuditCycle.objects.get().audits.count() == 1


@pytest.mark.parametrize("role", [Role.ACCOUNT_MANAGER, Role.READ_ONLY, Role.OPERATIONS])
def test_others_open_nothing(role: Role) -> None:
    AccountFactory()
    with pytest.raises(AuditError, match="Only a sales leader or an administrator"):
        open_cycle(TODAY, by=UserFactory(role=role))
    assert not AuditCycle.objects.exists()


def test_coming_day_and_empty_portfolio_open_nothing(leader: User) -> None:
    with pytest.raises(AuditError, match="lies ahead"):
        open_cycle(date(2026, 7, 1), by=leader)
    with pytest.raises(AuditError, match="takes in no account"):
        open_cycle(TODAY, by=leader)
    assert not AuditCycle.objects.exists()


def test_opening_takes_as_many_queries_for_thirty_as_for_three(north: Team, manager: User, leader: User) -> None:
    policy(), AuditQuestions.latest()
    counted = []
    for number, day in ((3, date(2026, 3, 31)), (27, TODAY)):
        for _n in range(number):
            judged(AccountFactory(team=north, owner=manager))
        with CaptureQueriesContext(connection) as found:
            open_cycle(day, by=leader)
        counted.append(len(found))
    assert AuditCycle.objects.get(name="2026-Q2").audits.count() == 30
    assert counted[0] == counted[1]


def test_evidence_is_taken_anew_until_the_owner_signs(north: Team, manager: User, leader: User) -> None:
    audit = open_audit(AccountFactory(team=north, owner=manager), leader, evidence_on=date(2026, 4, 20))
    judged(audit.account, Band.DRIFTING, revenue=500)
    refresh_evidence(audit, by=manager)
    audit.refresh_from_db()
    assert (audit.evidence_on, audit.evidence["risk"]["band"]) == (TODAY, Band.DRIFTING)
    assert Decimal(audit.evidence["money"]["at_risk"]) > 0
    with pytest.raises(AuditError, match="Only who reviews"):
        refresh_evidence(audit, by=UserFactory(teams=[north]))
    sign_through(audit, UserFactory(role=Role.ADMINISTRATOR))
    with pytest.raises(AuditError, match="is signed and stays as it is"):
        refresh_evidence(audit, by=leader)
