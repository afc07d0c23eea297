"""Named addresses of the portfolio: kept, renamed, shared, deleted and brought back."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts_app.models import Role, User
from signals.models import SavedView, StartView


def save(view: SavedView, *, by: User, is_start: bool) -> None:
    """Write a new or changed view; its name is once among those of its owner."""
    if view.pk and not view.may_be_changed_by(by):
        raise PermissionDenied
    if view.shared and not may_share(by):
        raise PermissionDenied
    try:
        with transaction.atomic():
            view.save()
            _begin_with(view, by=by, wanted=is_start)
    except IntegrityError as error:
        raise ValidationError({"name": _("You have a view of this name already.")}) from error


def may_share(user: User) -> bool:
    """Who only reads keeps views, and puts none before everybody."""
    return user.role != Role.READ_ONLY


def start_with(view: SavedView, *, by: User, wanted: bool) -> None:
    """The portfolio begins with this view, or no longer, for this user alone."""
    _begin_with(view, by=by, wanted=wanted)


@transaction.atomic
def delete(view: SavedView, *, by: User, now: datetime) -> None:
    """Put it away; what its owner put away longer ago than can be undone goes for good."""
    if not view.may_be_changed_by(by):
        raise PermissionDenied
    SavedView.objects.filter(owner=view.owner_id, deleted_at__lt=now - SavedView.RESTORE_WITHIN).delete()
    view.deleted_at = now
    view.save(update_fields=["deleted_at"])


def restore(view: SavedView) -> None:
    """Bring it back, unless its name was given to another meanwhile."""
    try:
        with transaction.atomic():
            view.deleted_at = None
            view.save(update_fields=["deleted_at"])
    except IntegrityError as error:
        raise ValidationError(_("There is another view of this name by now: rename that one first.")) from error


def _begin_with(view: SavedView, *, by: User, wanted: bool) -> None:
    if wanted:
        StartView.objects.update_or_create(user=by, defaults={"view": view})
    else:
        StartView.objects.filter(user=by, view=view).delete()
