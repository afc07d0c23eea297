"""Who may log in, as what, and in which teams; and the link by which somebody new chooses a password."""

from collections.abc import Iterable

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import Account, Role, Team, User

# Who may answer for accounts.
ROLES_OF_OWNERS = frozenset({Role.ACCOUNT_MANAGER, Role.SALES_LEADER, Role.ADMINISTRATOR})


@transaction.atomic
def save_user(user: User, *, teams: Iterable[Team]) -> User:
    """Write a user and the teams; somebody new has no password yet and is invited to choose one."""
    if user._state.adding:  # noqa: SLF001  Django's documented way
        user.set_unusable_password()
    else:
        _refuse_orphans(user)
    _refuse_to_lock_everybody_out(user)
    user.email = user.email.lower()
    user.save()
    user.teams.set(teams)
    return user


def invitation(user: User) -> str:
    """Path of the page on which this user, and nobody else, sets a password; good for some days, and once."""
    named = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return reverse("account_reset_password_from_key", kwargs=named)


@transaction.atomic
def remove_team(team: Team) -> None:
    """A team without accounts and people goes; one that has any stays, for nobody could see those accounts."""
    if team.accounts.exists() or team.members.exists():
        text = _("%(team)s still has accounts or people; give them to another team first.")
        raise ValidationError(text % {"team": team.name})
    team.delete()


def _refuse_orphans(user: User) -> None:
    """Who leaves, or becomes somebody who cannot act, must not take accounts along."""
    owned = Account.objects.filter(owner=user).count()
    if owned and not (user.is_active and user.role in ROLES_OF_OWNERS):
        text = ngettext(
            "%(name)s answers for %(n)s account. Hand it over first.",
            "%(name)s answers for %(n)s accounts. Hand them over first.",
            owned,
        )
        raise ValidationError(text % {"name": user, "n": owned}, code="owns_accounts")


def _refuse_to_lock_everybody_out(user: User) -> None:
    if user.is_active and user.role == Role.ADMINISTRATOR:
        return
    administrators = User.objects.select_for_update().filter(role=Role.ADMINISTRATOR, is_active=True)
    if user.pk in {one.pk for one in administrators} and len(administrators) == 1:
        raise ValidationError({"role": _("This is the only administrator left. Make somebody else one first.")})
