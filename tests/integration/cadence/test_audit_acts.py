"""What is entered while an audit is in progress, and who may."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from accounts_app.models import Account, Role, Team, User
from cadence.models import ActionClosing, Audit, AuditAction, AuditAnswer
from cadence.services.audit_acts import (
    add_action,
    answer,
    clear_answer,
    close_action,
    judge,
    leave_out,
    name_reviewer,
    remove_action,
    reopen_action,
    take_in_again,
)
from cadence.services.audit_corrections import supersede
from cadence.services.audits import AuditError
from tests.factories import AccountFactory, UserFactory
from tests.factories.audits import open_audit, sign_through

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 30)
LATER = date(2026, 8, 1)


@pytest.fixture
def reviewer(north: Team) -> User:
    return UserFactory(name="Ruth Berg", teams=[north])


@pytest.fixture
def deputy(north: Team) -> User:
    return UserFactory(name="Dan Moor", teams=[north])


@pytest.fixture
def audit(north: Team, manager: User, deputy: User, reviewer: User) -> Audit:
    return open_audit(AccountFactory(team=north, owner=manager, deputy=deputy), reviewer)


def score(audit: Audit, by: User, **changed: object) -> AuditAnswer:
    values = {"question": "people_known", "score": 4, "reason": "Met all of them.", "evidence": ["risk"]} | changed
    return answer(audit, **values, by=by)  # type: ignore[arg-type]


def plan(audit: Audit, by: User, owner: User | None = None, due_on: date = LATER) -> AuditAction:
    return add_action(audit, " Meet the works manager ", owner or by, due_on, by=by)


def test_score_is_kept_with_reason_and_replaced_by_the_next(audit: Audit, reviewer: User, leader: User) -> None:
    score(audit, reviewer, reason=" Met all of them. ")
    score(audit, leader, score=2, evidence=[])
    kept = audit.answers.get()
    assert (kept.question, kept.dimension, kept.score, kept.evidence) == ("people_known", "people", 2, [])
    assert (kept.reason, kept.answered_by) == ("Met all of them.", leader)
    clear_answer(audit, "people_known", by=reviewer)
    assert not audit.answers.exists()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"question": "weather"}, "2026-Q2 does not ask this question"),
        ({"score": 0}, "from 1 to 5"),
        ({"score": 6}, "from 1 to 5"),
        ({"reason": "  "}, "Give the reason of the score"),
        ({"evidence": ["risk", "rumour"]}, "no evidence called rumour"),
    ],
)
def test_what_is_no_answer_is_refused(audit: Audit, reviewer: User, changed: dict[str, object], told: str) -> None:
    with pytest.raises(AuditError, match=told):
        score(audit, reviewer, **changed)
    assert not audit.answers.exists()


def test_only_reviewer_and_leaders_score(audit: Audit, manager: User, deputy: User, north: Team) -> None:
    for by in (
        UserFactory(role=Role.ADMINISTRATOR),
        UserFactory(role=Role.SALES_LEADER, teams=[north]),
    ):
        assert score(audit, by).answered_by == by
    strangers = (
        deputy,
        UserFactory(teams=[north]),
        UserFactory(role=Role.SALES_LEADER),
        UserFactory(role=Role.READ_ONLY, teams=[north]),
        UserFactory(role=Role.ADMINISTRATOR, is_active=False),
    )
    for by in strangers:
        with pytest.raises(AuditError, match="Only the reviewer"):
            score(audit, by)
        with pytest.raises(AuditError, match="Only the reviewer"):
            judge(audit, "healthy", "Sound.", by=by)
    with pytest.raises(AuditError, match="Nobody scores or judges an own account"):
        score(audit, manager)


def test_owner_scores_not_even_as_leader(audit: Audit) -> None:
    owner = audit.owner
    assert owner is not None
    for role in (Role.SALES_LEADER, Role.ADMINISTRATOR):
        User.objects.filter(pk=owner.pk).update(role=role)
        with pytest.raises(AuditError, match="own account"):
            score(audit, User.objects.get(pk=owner.pk))


def test_whoever_owns_the_account_now_is_its_owner(audit: Audit, reviewer: User, leader: User) -> None:
    """The reviewer took the account over: reviews it no more, and the audit asks for another."""
    Account.objects.update(owner=reviewer)
    with pytest.raises(AuditError, match="own account"):
        score(audit, reviewer)
    score(audit, leader)
    audit.refresh_from_db()
    assert (audit.owner, audit.reviewer) == (reviewer, None)


def test_judgement_is_band_and_words(audit: Audit, reviewer: User) -> None:
    judge(audit, "drifting", " They look around. ", by=reviewer)
    audit.refresh_from_db()
    assert (audit.judged_band, audit.judgement) == ("drifting", "They look around.")
    for band, text, told in (("purple", "x", "one of the bands"), ("healthy", " ", "both"), ("", "x", "both")):
        with pytest.raises(AuditError, match=told):
            judge(audit, band, text, by=reviewer)
    judge(audit, "", "", by=reviewer)
    audit.refresh_from_db()
    assert audit.judged_band == audit.judgement == ""


def test_action_has_owner_and_coming_day(audit: Audit, reviewer: User, manager: User, deputy: User) -> None:
    action = plan(audit, reviewer, owner=manager, due_on=TODAY)
    assert (action.text, action.owner, action.due_on, action.made_by) == (
        "Meet the works manager", manager, TODAY, reviewer,
    )  # fmt: skip
    assert plan(audit, deputy).owner == deputy
    with pytest.raises(AuditError, match="lies in the past"):
        plan(audit, reviewer, due_on=TODAY - timedelta(days=1))
    with pytest.raises(AuditError, match="Say what is to be done"):
        add_action(audit, "  ", reviewer, LATER, by=reviewer)
    with pytest.raises(AuditError, match="At most 300"):
        add_action(audit, "x" * 301, reviewer, LATER, by=reviewer)


def test_action_is_given_to_somebody_here_who_sees_the_account(audit: Audit, reviewer: User, north: Team) -> None:
    for owner in (
        UserFactory(teams=[north], is_active=False),
        UserFactory(),
        UserFactory(role=Role.READ_ONLY, teams=[north]),
    ):
        with pytest.raises(AuditError, match=f"{owner} cannot do it"):
            plan(audit, reviewer, owner=owner)
    with pytest.raises(AuditError, match="Only who reviews this account or answers for it"):
        plan(audit, UserFactory(teams=[north]))


def test_owner_removes_own_actions_only(audit: Audit, reviewer: User, manager: User) -> None:
    of_owner, of_reviewer = plan(audit, manager), plan(audit, reviewer, owner=manager)
    with pytest.raises(AuditError, match="who entered the action"):
        remove_action(of_reviewer, by=manager)
    remove_action(of_owner, by=manager)
    remove_action(of_reviewer, by=reviewer)
    assert not audit.actions.exists()


def test_action_ends_once_and_may_be_taken_back(audit: Audit, reviewer: User, manager: User, leader: User) -> None:
    action = plan(audit, reviewer, owner=manager)
    with pytest.raises(AuditError, match="Say why"):
        close_action(action, "dropped", " ", by=manager)
    with pytest.raises(AuditError, match="done or as dropped"):
        close_action(action, "forgotten", "x", by=manager)
    close_action(action, "done", "", by=manager)
    assert ActionClosing.objects.get().closed_on == TODAY
    with pytest.raises(AuditError, match=f"{manager} has closed it meanwhile: done"):
        close_action(action, "dropped", "Not needed.", by=leader)
    reopen_action(action, by=manager)
    assert list(AuditAction.objects.open()) == [action]


def test_action_of_a_signed_audit_ends_too(audit: Audit, leader: User, manager: User, north: Team) -> None:
    sign_through(audit, leader)
    action = audit.actions.get()
    with pytest.raises(AuditError, match="says how it ended"):
        close_action(action, "done", "", by=UserFactory(teams=[north]))
    close_action(action, "dropped", "They asked us to wait.", by=manager)
    assert not AuditAction.objects.open().exists()


def test_leader_names_a_reviewer_who_is_not_the_owner(audit: Audit, leader: User, manager: User, north: Team) -> None:
    other = UserFactory(teams=[north])
    name_reviewer(audit, other, by=leader)
    audit.refresh_from_db()
    assert audit.reviewer == other
    with pytest.raises(AuditError, match=f"{manager} owns the account"):
        name_reviewer(audit, manager, by=leader)
    for nobody in (UserFactory(), UserFactory(teams=[north], is_active=False)):
        with pytest.raises(AuditError, match="cannot review it"):
            name_reviewer(audit, nobody, by=leader)
    for by in (other, manager, UserFactory(role=Role.SALES_LEADER)):
        with pytest.raises(AuditError, match="Only a leader of the team"):
            name_reviewer(audit, other, by=by)


def test_left_out_account_waits_and_comes_back(audit: Audit, leader: User, reviewer: User) -> None:
    score(audit, reviewer)
    with pytest.raises(AuditError, match="Say why"):
        leave_out(audit, " ", by=leader)
    with pytest.raises(AuditError, match="Only a leader"):
        leave_out(audit, "Sold.", by=reviewer)
    leave_out(audit, "Sold.", by=leader)
    assert not Audit.objects.current().exists()
    with pytest.raises(AuditError, match="left out of the audit: take it in again"):
        score(audit, reviewer)
    take_in_again(audit, by=leader)
    audit.refresh_from_db()
    assert (audit.state, audit.reason, audit.answers.count()) == (Audit.State.OPEN, "", 1)
    with pytest.raises(AuditError, match="not left out"):
        take_in_again(audit, by=leader)


def test_correction_left_out_still_says_what_it_corrects(audit: Audit, leader: User) -> None:
    sign_through(audit, leader)
    later = supersede(audit, "The award was counted twice.", by=leader)
    leave_out(later, "Not worth it.", by=leader)
    take_in_again(later, by=leader)
    later.refresh_from_db()
    assert later.reason == "The award was counted twice. Left out: Not worth it."


ACTS: list[Callable[[Audit, User], object]] = [
    score,
    lambda audit, by: clear_answer(audit, "people_known", by=by),
    lambda audit, by: judge(audit, "healthy", "Sound.", by=by),
    plan,
    lambda audit, by: remove_action(audit.actions.get(), by=by),
    lambda audit, by: name_reviewer(audit, by, by=by),
    lambda audit, by: leave_out(audit, "Sold.", by=by),
]


def test_signed_audit_refuses_every_act_in_words(audit: Audit, leader: User) -> None:
    sign_through(audit, leader)
    for act in ACTS:
        with pytest.raises(AuditError, match="signed and stays as it is: correct it by an audit that supersedes"):
            act(audit, leader)
