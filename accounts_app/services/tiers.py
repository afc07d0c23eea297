"""What is promised to the accounts of a tier."""

from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction

from accounts_app.models import Account, ChannelHours, Tier
from accounts_app.services.changes import mark_changed


@transaction.atomic
def change_tier(tier: Tier, *, channels: Iterable[ChannelHours], contact_hours: Decimal) -> int:
    """Write the promise, and with the hours of the channels their mean; marks whom it concerns, returns how many."""
    tier.contact_hours = contact_hours
    tier.save()
    for one in channels:
        values = {"share": one.share, "hours": one.hours}
        ChannelHours.objects.update_or_create(tier=tier, channel=one.channel, defaults=values)
    accounts = list(Account.objects.filter(tier=tier).values_list("pk", flat=True))
    mark_changed(accounts)
    return len(accounts)
