"""Hours that our people have for accounts, and days on which they are away; what follows is judged anew."""

from datetime import date

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts_app.models import OWN_FEED, Absence, Account, Colleague, Level, Role, User
from accounts_app.services.changes import mark_changed
from accounts_app.services.entry import entered

ROLES_OF_LEADERS = frozenset({Role.SALES_LEADER, Role.ADMINISTRATOR})
UNDO_SECONDS = 24 * 60 * 60
_SALT = "accounts_app.absence"


def people_editable_by(user: User) -> QuerySet[Colleague]:
    """Administrators everybody of ours, leaders themselves and whoever works in their teams, managers themselves."""
    if user.role == Role.ADMINISTRATOR:
        return Colleague.objects.all()
    own = Q(user=user)
    if user.role == Role.SALES_LEADER:
        team = User.objects.filter(role=Role.ACCOUNT_MANAGER, teams__in=user.teams.values("pk"))
        return Colleague.objects.filter(own | Q(user__in=team.values("pk")))
    return Colleague.objects.filter(own) if user.role == Role.ACCOUNT_MANAGER else Colleague.objects.none()


def users_editable_by(user: User) -> QuerySet[User]:
    """Whose hours may be entered for the first time, where nothing is on record of them."""
    if user.role == Role.ADMINISTRATOR:
        return User.objects.all()
    own = Q(pk=user.pk)
    if user.role == Role.SALES_LEADER:
        return User.objects.filter(
            own | Q(role=Role.ACCOUNT_MANAGER, teams__in=user.teams.values("pk"))
        ).distinct()  # fmt: skip
    return User.objects.filter(own)


def entry_of(user: User, today: date) -> Colleague:
    """What is on record of a user as one of our people, or a row to be filled in."""
    found = Colleague.objects.filter(user=user).first()
    return found or Colleague(user=user, name=user.name, level=Level.MANAGEMENT, **entered(today))


def may_change(absence: Absence) -> bool:
    """What another feed delivers comes again with its next delivery."""
    return absence.feed.name == OWN_FEED


@transaction.atomic
def save_person(person: Colleague, *, by: User) -> None:
    _refuse_stranger(person, by)
    person.save()
    _mark(person)


@transaction.atomic
def save_absence(absence: Absence, *, by: User, today: date) -> None:
    _refuse_stranger(absence.colleague, by)
    if absence._state.adding:  # noqa: SLF001  Django's documented way
        for name, value in entered(today).items():
            setattr(absence, name, value)
    absence.save()
    _mark(absence.colleague)


@transaction.atomic
def remove_absence(absence: Absence, *, by: User) -> str:
    """Remove it and return the ticket with which it comes back."""
    _refuse_stranger(absence.colleague, by)
    said = (absence.colleague_id, absence.pk, absence.from_day, absence.until_day, absence.known_on)
    ticket = signing.dumps([absence.external_key, *map(str, said)], salt=_SALT, compress=True)
    absence.delete()
    _mark(absence.colleague)
    return ticket


@transaction.atomic
def bring_absence_back(ticket: str, person: Colleague, *, by: User, today: date) -> bool:
    """Put a removed absence back as it was known; returns whether that was still to be done.

    Raises
    ------
    django.core.signing.BadSignature
        For a ticket that is not ours; SignatureExpired for one that is too old.
    """
    _refuse_stranger(person, by)
    key, of, pk, from_day, until_day, known_on = signing.loads(ticket, salt=_SALT, max_age=UNDO_SECONDS)
    if int(of) != person.pk:
        return False
    days = {"from_day": date.fromisoformat(from_day), "until_day": date.fromisoformat(until_day)}
    own = entered(today) | {"external_key": key, "known_on": date.fromisoformat(known_on)}
    _row, is_back = Absence.objects.get_or_create(pk=int(pk), defaults={"colleague": person, **days, **own})
    _mark(person)
    return is_back


def _refuse_stranger(person: Colleague, by: User) -> None:
    known = people_editable_by(by).filter(pk=person.pk).exists()
    is_new = person._state.adding  # noqa: SLF001  Django's documented way
    user = person.user_id
    first_entry = is_new and user is not None and users_editable_by(by).filter(pk=user).exists()
    if not (known or first_entry):
        raise PermissionDenied


def _mark(person: Colleague) -> None:
    """The signal of the owner compares hours needed and available: every account of this person's is concerned."""
    if person.user_id:
        mark_changed(Account.objects.filter(owner=person.user_id).values_list("pk", flat=True))
