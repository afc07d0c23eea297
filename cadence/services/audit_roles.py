"""Who may do what with an audit: its reviewer and the leaders of the account's team score, its owner signs first."""

import datetime as dt

from django.utils import timezone

from accounts_app.access import WHO_ACT
from accounts_app.models import Absence, Account, Company, Role, User
from cadence.models import Audit, AuditAction

OWN = (Role.ACCOUNT_MANAGER, Role.SALES_LEADER)


def business_day() -> dt.date:
    """Today by the company's clock."""
    return Company.the().day_of(timezone.now())


def acts(user: User | None) -> bool:
    """Whether this person is still here, in a role that changes anything."""
    return user is not None and user.is_active and user.role in WHO_ACT


def sees(user: User, account: Account) -> bool:
    return Account.objects.visible_to(user).filter(pk=account.pk).exists()


def leads(user: User, account: Account) -> bool:
    """An administrator, or a leader of the account's team."""
    if not user.is_active or user.role not in {Role.SALES_LEADER, Role.ADMINISTRATOR}:
        return False
    return sees(user, account)


def owns(audit: Audit, user: User) -> bool:
    """Whoever answered for the account when the audit was opened, or does so now."""
    return user.pk in {audit.owner_id, audit.account.owner_id}


def may_review(audit: Audit, user: User) -> bool:
    """Who scores and judges: never the owner, whatever the role."""
    if not acts(user) or owns(audit, user):
        return False
    return (user.pk == audit.reviewer_id and sees(user, audit.account)) or leads(user, audit.account)


def may_plan(audit: Audit, user: User) -> bool:
    """Who enters actions: whoever reviews, and whoever answers for the account."""
    if not acts(user):
        return False
    return user.pk in {audit.account.owner_id, audit.account.deputy_id} or may_review(audit, user)


def may_close(action: AuditAction, user: User) -> bool:
    return acts(user) and (user.pk == action.owner_id or may_plan(action.audit, user))


def may_lead(audit: Audit, user: User) -> bool:
    """Who signs last, sends back, corrects and names the reviewer: a leader whose own account it is not."""
    return leads(user, audit.account) and not owns(audit, user)


def is_away(user: User, day: dt.date) -> bool:
    return Absence.objects.filter(colleague__user=user, from_day__lte=day, until_day__gte=day).exists()


def signs_for_owner(audit: Audit, day: dt.date) -> list[User]:
    """The account's owner; the deputy too where the owner is away, has left, or there is none.

    Not a deputy who reviews it: what one person scored and signed, nobody else has seen.
    """
    account, found = audit.account, list[User]()
    owner = account.owner if acts(account.owner) else None
    if owner is not None:
        found.append(owner)
    deputy = account.deputy
    stands_in = owner is None or is_away(owner, day)
    if deputy is not None and stands_in and acts(deputy) and deputy.pk != audit.reviewer_id:
        found.append(deputy)
    return found
