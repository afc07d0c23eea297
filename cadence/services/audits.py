"""The audit of a quarter is opened: its accounts chosen by the policy, reviewers assigned, the evidence taken."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.models import Account, Role, Tier, User
from accounts_app.templatetags.formats import day_text
from cadence.models import Audit, AuditCycle, AuditPolicy, AuditQuestions
from cadence.quarter_days import quarter_of
from cadence.services.audit_before import NOT_KNOWN, last_audits
from cadence.services.audit_evidence import evidence_of
from cadence.services.audit_reviewers import Reviewers
from cadence.services.audit_roles import business_day, may_plan

OPENING_LOCK: Final = 7_314_003
AT_ONCE: Final = 200
WHO_OPENS: Final = frozenset({Role.SALES_LEADER, Role.ADMINISTRATOR})


class AuditError(Exception):
    """Why something cannot be done with an audit, in words for whoever asked."""


@dataclass(frozen=True)
class Chosen:
    """An account that the policy takes in, and why: "tier", "revenue", "band", several where several hold."""

    account_id: int
    why: tuple[str, ...]


def name_of_quarter(begins_on: dt.date) -> str:
    return f"{begins_on.year}-Q{(begins_on.month + 2) // 3}"


def chosen(day: dt.date, policy: AuditPolicy) -> list[Chosen]:
    """The accounts of an audit opened on this day, in the order of their names; former customers are left out.

    Revenue of which nothing is known is no revenue: such an account comes in by its tier or its band.
    """
    rows = Account.objects.current().filter(known_on__lte=day).order_by("sort_name", "pk")
    accounts = list(rows.values_list("pk", "tier__audited", "standing__band", "standing__revenue_12m"))
    money = {pk: revenue for pk, _audited, _band, revenue in accounts if revenue and revenue > 0}
    carry = _that_carry(money, Decimal(policy.revenue_share) / 100)
    found = [
        Chosen(pk, _why(by_tier=audited, by_revenue=pk in carry, by_band=band in policy.bands))
        for pk, audited, band, _revenue in accounts
    ]
    return [one for one in found if one.why]


def _that_carry(money: dict[int, Decimal], share: Decimal) -> set[int]:
    """The largest accounts that together reach this share of all revenue."""
    wanted, carried, found = sum(money.values(), Decimal()) * share, Decimal(), set[int]()
    for pk, revenue in sorted(money.items(), key=lambda item: (-item[1], item[0])):
        if carried >= wanted:
            break
        carried += revenue
        found.add(pk)
    return found


def _why(*, by_tier: bool, by_revenue: bool, by_band: bool) -> tuple[str, ...]:
    return tuple(why for why, holds in (("tier", by_tier), ("revenue", by_revenue), ("band", by_band)) if holds)


@transaction.atomic
def open_cycle(day: dt.date, by: User) -> AuditCycle:
    """Open the audit of the day's quarter, with evidence as of the day; of two at once one is told that it is open."""
    if by.role not in WHO_OPENS or not by.is_active:
        raise AuditError(_("Only a sales leader or an administrator opens the audit of a quarter."))
    if day > business_day():
        raise AuditError(_("The day lies ahead: an audit is opened on the day it begins, or for a day before it."))
    begins_on = quarter_of(day)
    _hold_opening()
    _refuse_second(begins_on)
    policy = AuditPolicy.the()
    found = chosen(day, policy)
    if not found:
        raise AuditError(
            _("The policy takes in no account: mark a tier as audited, or name a revenue share or a band.")
        )
    cycle = _made(day, begins_on, policy, by)
    take_in(cycle, found, day)
    return cycle


def _hold_opening() -> None:
    """Whoever opens at the same moment waits until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [OPENING_LOCK])


def _refuse_second(begins_on: dt.date) -> None:
    there = AuditCycle.objects.filter(begins_on=begins_on).select_related("opened_by").first()
    if there is not None:
        said = _("The audit {cycle} is open already: {name} opened it on {day}.")
        opened_on = day_text(timezone.localdate(there.opened_at))
        raise AuditError(said.format(cycle=there.name, name=there.opened_by, day=opened_on))


def _made(day: dt.date, begins_on: dt.date, policy: AuditPolicy, by: User) -> AuditCycle:
    answers_due_on = day + dt.timedelta(days=policy.days_to_answer)
    return AuditCycle.objects.create(
        name=name_of_quarter(begins_on),
        begins_on=begins_on,
        questions=AuditQuestions.latest(),
        policy={
            "tiers": list(Tier.objects.filter(audited=True).values_list("key", flat=True)),
            "revenue_share": policy.revenue_share,
            "bands": list(policy.bands),
            "days_to_answer": policy.days_to_answer,
            "days_to_sign": policy.days_to_sign,
        },
        answers_due_on=answers_due_on,
        due_on=answers_due_on + dt.timedelta(days=policy.days_to_sign),
        opened_at=timezone.now(),
        opened_by=by,
    )


def take_in(cycle: AuditCycle, found: Sequence[Chosen], day: dt.date) -> None:
    """Make the audits, each with its reviewer and the evidence of the day: one reading, one writing."""
    why = {one.account_id: list(one.why) for one in found}
    accounts = Account.objects.filter(pk__in=why).order_by("sort_name", "pk")
    reviewers = Reviewers.between(day, cycle.answers_due_on).assign(accounts)
    evidence = evidence_for(list(why), day, cycle)
    Audit.objects.bulk_create(
        (
            Audit(
                cycle=cycle,
                account=account,
                chosen_for=why[account.pk],
                owner_id=account.owner_id,
                reviewer_id=reviewers[account.pk],
                evidence=evidence[account.pk],
                evidence_on=day,
            )
            for account in accounts
        ),
        batch_size=AT_ONCE,
    )


def evidence_for(account_ids: Collection[int], day: dt.date, cycle: AuditCycle) -> dict[int, dict[str, Any]]:
    """All that is frozen of accounts: their evidence, what they are called, and what their last audit said."""
    keys = sorted(account_ids)
    evidence, before = evidence_of(keys, day), last_audits(keys, cycle.begins_on)
    names = Account.objects.filter(pk__in=keys).values_list("pk", "name", "tier__name", "team__name", "status")
    about = {
        pk: {"known": True, "name": name, "tier": tier, "team": team or "", "status": status}
        for pk, name, tier, team, status in names
    }
    return {pk: evidence[pk] | {"account": about[pk], "before": before.get(pk, NOT_KNOWN)} for pk in keys}


def locked(audit: Audit) -> Audit:
    """The audit as it is now, held until the transaction ends: who signs or answers at the same moment waits."""
    held = Audit.objects.select_for_update(of=("self",)).select_related(
        "cycle__questions", "account__owner", "account__deputy", "reviewer"
    )
    return held.get(pk=audit.pk)


def open_audit(audit: Audit) -> Audit:
    """The audit held for a change, with its owner of today; refused where it is not in progress."""
    held = locked(audit)
    if held.state == Audit.State.SIGNED:
        raise AuditError(_("This audit is signed and stays as it is: correct it by an audit that supersedes it."))
    if held.state == Audit.State.OWNER_SIGNED:
        raise AuditError(_("The owner has signed this audit: it can be changed once the leader has sent it back."))
    if held.state == Audit.State.EXCLUDED:
        raise AuditError(_("This account is left out of the audit: take it in again first."))
    _follow_owner(held)
    return held


def _follow_owner(held: Audit) -> None:
    """Whoever owns the account now signs for it; a reviewer who has become its owner reviews no more."""
    if held.owner_id == held.account.owner_id:
        return
    held.owner = held.account.owner
    if held.reviewer_id == held.owner_id:
        held.reviewer = None
    held.save(update_fields=["owner", "reviewer"])


@transaction.atomic
def refresh_evidence(audit: Audit, by: User) -> None:
    """Take the evidence anew, as of today; until the owner signs."""
    held = open_audit(audit)
    if not may_plan(held, by):
        raise AuditError(_("Only who reviews this account or answers for it takes its evidence anew."))
    today = business_day()
    held.evidence = evidence_for([held.account_id], today, held.cycle)[held.account_id]
    held.evidence_on, held.evidence_at = today, timezone.now()
    held.save(update_fields=["evidence", "evidence_on", "evidence_at"])
