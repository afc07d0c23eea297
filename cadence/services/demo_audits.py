"""The demo's audits: last quarter's, signed but for a few, and the present one in progress.

Cycles are opened and audits signed by the services of every audit; only what people write and when is invented, the
same for the same day of loading.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts_app.demo.logins import email_of
from accounts_app.demo.staff import SHOWN_LEADER, SHOWN_MANAGER
from accounts_app.models import AccountKey, Company, Membership, Role, User
from cadence.demo_audit_texts import CORRECTED, CORRECTED_REASON, LEFT_OUT, SENT_BACK
from cadence.models import ActionClosing, Audit, AuditAction, AuditAnswer, AuditCycle
from cadence.quarter_days import quarter_of
from cadence.services.audit_acts import answer, leave_out
from cadence.services.audit_corrections import supersede
from cadence.services.audit_roles import acts
from cadence.services.audit_signing import finish, freeze, void
from cadence.services.audits import locked, open_cycle
from cadence.services.demo_audit_answers import actions_of, answers_of, closings_of, judgement_of, lot
from cadence.services.demo_audit_risk import take_evidence_as_judged_then
from cadence.services.quarters import count_quarters

DAY: Final = dt.timedelta(days=1)
OPENED_AFTER: Final = 20 * DAY
OPENED_AGO: Final = 16 * DAY
AT: Final = dt.time(10, 30)
LATE_SHARE: Final = 0.15


@dataclass(frozen=True)
class Course:
    """How far an audit comes, and when."""

    audit: Audit
    share: float = 1.0
    answered_on: dt.date = dt.date.max
    owner_on: dt.date | None = None
    leader_on: dt.date | None = None


@dataclass(frozen=True)
class Demo:
    """Who acts, and by which numbers lots are drawn."""

    anchor: dt.date
    zone: ZoneInfo
    numbers: dict[int, int]
    leaders: dict[int, User]
    opener: User

    @classmethod
    def of(cls, company: Company, anchor: dt.date) -> "Demo":
        keys = AccountKey.objects.filter(feed__name="crm").values_list("account_id", "key")
        leading = Membership.objects.filter(user__role=Role.SALES_LEADER, user__is_active=True).select_related("user")
        return cls(
            anchor,
            ZoneInfo(company.time_zone),
            {account: int(key[1:]) for account, key in keys},
            {one.team_id: one.user for one in leading.order_by("-user__pk")},
            User.objects.get(email=email_of(SHOWN_LEADER)),
        )

    def moment(self, day: dt.date, minutes: int = 0) -> dt.datetime:
        return dt.datetime.combine(day, AT, self.zone) + dt.timedelta(minutes=minutes)

    def leader(self, audit: Audit) -> User | None:
        found = self.leaders.get(audit.account.team_id or 0)
        return found if found and found.pk != audit.owner_id else None

    def signable(self, audit: Audit) -> bool:
        return acts(audit.owner) and acts(audit.reviewer) and self.leader(audit) is not None

    def chance(self, audit: Audit, topic: int) -> float:
        """Between 0 and 1, the same for the same account and quarter."""
        return lot(self.numbers[audit.account_id], audit.cycle.begins_on, topic)


@transaction.atomic
def live_through_audits() -> int:
    """Open and fill both cycles; returns how many audits. Only in a demo that has no audit yet."""
    company = Company.objects.select_for_update().filter(simulated=True, demo_anchor__isnull=False).first()
    if company is None or company.demo_anchor is None or AuditCycle.objects.exists():
        return 0
    demo = Demo.of(company, company.demo_anchor)
    # Beat counts them soon; the evidence shall not have to say that they are not counted yet.
    count_quarters(None, today=demo.anchor)
    begins_on = quarter_of(demo.anchor)
    opened_on = quarter_of(begins_on - DAY) + OPENED_AFTER
    last = _opened(opened_on, demo)
    _live(_past_courses(last, demo), demo)
    _correct(last, demo)
    _end_actions(last, demo)
    present = _opened(max(begins_on, demo.anchor - OPENED_AGO), demo)
    _live(_present_courses(present, demo), demo)
    _send_one_back(present, demo)
    _leave_one_out(present, demo)
    return Audit.objects.count()


def _opened(day: dt.date, demo: Demo) -> AuditCycle:
    cycle = open_cycle(day, by=demo.opener)
    at = demo.moment(day)
    AuditCycle.objects.filter(pk=cycle.pk).update(opened_at=at)
    take_evidence_as_judged_then(cycle, day)
    Audit.objects.filter(cycle=cycle).update(evidence_at=at)
    return cycle


def _audits(cycle: AuditCycle) -> list[Audit]:
    rows = Audit.objects.filter(cycle=cycle).select_related(
        "cycle__questions", "account__standing", "owner", "reviewer"
    )
    return list(rows.order_by("pk"))


def _past_courses(cycle: AuditCycle, demo: Demo) -> Iterator[Course]:
    """All signed, some late; the last one was answered and never signed."""
    audits = [audit for audit in _audits(cycle) if demo.signable(audit)]
    opened_on = audits[0].evidence_on if audits else cycle.begins_on
    for audit in audits[:-1]:
        answered_on = opened_on + DAY * (5 + int(demo.chance(audit, 1) * 14))
        owner_on = answered_on + DAY * (1 + int(demo.chance(audit, 2) * 5))
        leader_on = owner_on + DAY * (1 + int(demo.chance(audit, 3) * 5))
        if demo.chance(audit, 4) < LATE_SHARE:
            leader_on = cycle.due_on + DAY * (2 + int(demo.chance(audit, 5) * 10))
        yield Course(audit, 1.0, answered_on, owner_on, leader_on)
    if audits:
        yield Course(audits[-1], 1.0, opened_on + DAY * 19)


def _present_courses(cycle: AuditCycle, demo: Demo) -> Iterator[Course]:
    """Some answered, some in part; a few signed, of each team one that waits for its leader."""
    waiting = set[int]()
    for audit in _audits(cycle):
        days = (demo.anchor - audit.evidence_on).days
        if days < 4 or not demo.signable(audit):
            continue
        begun, answered_on = demo.chance(audit, 1), audit.evidence_on + DAY * int(days * 0.4)
        team = audit.account.team_id or 0
        if begun < 0.3:
            done = begun < 0.1 and team in waiting
            owner_on = answered_on + DAY if team not in waiting or done else None
            waiting.add(team)
            yield Course(audit, 1.0, answered_on, owner_on, answered_on + 2 * DAY if done else None)
        elif begun < 0.6:
            yield Course(audit, begun, answered_on)


def _live(courses: Iterator[Course], demo: Demo) -> None:
    """Write what was answered, then sign in the order of the days, as the chain stands."""
    known = list(courses)
    _write(known, demo)
    for course in sorted(known, key=lambda one: (one.leader_on or dt.date.max, one.audit.pk % 300, one.audit.pk)):
        if course.owner_on is not None:
            _sign(course, demo)


def _write(courses: Sequence[Course], demo: Demo) -> None:
    answers, actions = list[AuditAnswer](), list[AuditAction]()
    for course in courses:
        audit, number = course.audit, demo.numbers[course.audit.account_id]
        at = demo.moment(course.answered_on)
        answers += answers_of(audit, number, course.share, at)
        if course.share == 1.0:
            audit.judged_band, audit.judgement = judgement_of(audit, number)
            actions += actions_of(audit, number, at)
    AuditAnswer.objects.bulk_create(answers)
    AuditAction.objects.bulk_create(actions)
    Audit.objects.bulk_update([course.audit for course in courses], ["judged_band", "judgement"], batch_size=500)


def _sign(course: Course, demo: Demo) -> None:
    held, leader = locked(course.audit), demo.leader(course.audit)
    if held.owner is None or leader is None or course.owner_on is None:
        return
    minutes = held.pk % 300
    signature = freeze(held, held.owner, demo.moment(course.owner_on, minutes))
    if course.leader_on is not None:
        finish(held, leader, demo.moment(course.leader_on, minutes), signed_by_owner=signature.content_hash)


def _shown(audits: Sequence[Audit]) -> Audit | None:
    """Rather one of the manager whose log-in is told."""
    own = [audit for audit in audits if audit.owner and audit.owner.email == email_of(SHOWN_MANAGER)]
    return next(iter([*own, *audits]), None)


def _correct(cycle: AuditCycle, demo: Demo) -> None:
    """One signed audit was corrected by a later one."""
    wrong = _shown([audit for audit in _audits(cycle) if audit.state == Audit.State.SIGNED])
    leader = demo.leader(wrong) if wrong else None
    if wrong is None or leader is None or wrong.owner is None:
        return
    later, at = supersede(wrong, CORRECTED, by=leader), demo.moment(cycle.due_on + 5 * DAY)
    answer(later, "business_share", 2, CORRECTED_REASON, ["inquiries", "money"], by=leader)
    AuditAnswer.objects.filter(audit=later, question="business_share").update(answered_at=at)
    held = locked(later)
    signature = freeze(held, wrong.owner, at + DAY)
    finish(held, leader, at + 2 * DAY, signed_by_owner=signature.content_hash)


def _end_actions(cycle: AuditCycle, demo: Demo) -> None:
    rows = AuditAction.objects.filter(audit__in=Audit.objects.current(), audit__cycle=cycle)
    ActionClosing.objects.bulk_create(closings_of(rows.select_related("audit__cycle"), demo.numbers, demo.anchor))


def _send_one_back(cycle: AuditCycle, demo: Demo) -> None:
    """Of those that wait for a leader, another than the first of the leader whose log-in is told."""
    waiting = [audit for audit in _audits(cycle) if audit.state == Audit.State.OWNER_SIGNED]
    others = [audit for audit in waiting if demo.leader(audit) != demo.opener]
    for audit in others[:1]:
        held, leader = locked(audit), demo.leader(audit)
        if leader is not None:
            void(held, held.signatures.get(), SENT_BACK, leader, demo.moment(demo.anchor - DAY))


def _leave_one_out(cycle: AuditCycle, demo: Demo) -> None:
    untouched = Audit.objects.filter(cycle=cycle, state=Audit.State.OPEN, answers=None).select_related("account")
    for audit in untouched.order_by("-pk")[:1]:
        if (leader := demo.leader(audit)) is not None:
            leave_out(audit, LEFT_OUT, by=leader)
