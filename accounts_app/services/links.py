"""Who of us knows whom, as people tell it: entered, changed, taken out; each write checks who may, and marks."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts_app.models import OWN_FEED, Account, Colleague, Contact, Link, User
from accounts_app.services.changes import mark_changed
from accounts_app.services.entry import entered
from accounts_app.services.facts import lock_account


@transaction.atomic
def tell_link(
    account: Account, contact: Contact, colleague: Colleague, strength: int, *, by: User, today: date
) -> Link:
    """Write how well they know each other. Told twice, also by two people at once, there is one link: the last word."""
    lock_account(account.pk, by=by)
    _refuse_stranger(account, contact)
    link = Link.objects.select_related("feed").filter(contact=contact, colleague=colleague).first()
    if link is None:
        link = Link(contact=contact, colleague=colleague, **entered(today))
    elif link.feed.name != OWN_FEED:
        raise ValidationError(_("This link comes from {feed} and is kept there.").format(feed=link.feed))
    link.strength = strength
    link.save()
    mark_changed([account.pk])
    return link


@transaction.atomic
def take_out_link(account: Account, link: Link, *, by: User) -> None:
    """Remove what was told by mistake; meetings stay, and so does what they say."""
    lock_account(account.pk, by=by)
    link.delete()
    mark_changed([account.pk])


def _refuse_stranger(account: Account, contact: Contact) -> None:
    held = Contact.objects.filter(pk=contact.pk, account=account).first()
    if held is None:
        raise ValidationError({"contact": _("Choose somebody of this account.")})
    if held.left_on is not None:
        raise ValidationError({"contact": _("{name} has left.").format(name=held.name)})
