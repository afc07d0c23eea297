"""What is promised to the accounts of a tier."""

from django.db import transaction

from accounts_app.models import Account, Tier
from accounts_app.services.changes import mark_changed


@transaction.atomic
def change_tier(tier: Tier) -> int:
    """Write the promise and mark whom it concerns; returns how many accounts that are."""
    tier.save()
    accounts = list(Account.objects.filter(tier=tier).values_list("pk", flat=True))
    mark_changed(accounts)
    return len(accounts)
