"""Rules on money columns that several facts share."""

from django.db.models import Q


def money_is_whole(amount: str, reporting: str) -> Q:
    """An amount, its currency and what it was worth on its day are there together, or none of them is."""
    return Q(**{f"{amount}__isnull": True, f"{reporting}__isnull": True, "currency": ""}) | Q(
        **{f"{amount}__isnull": False, f"{reporting}__isnull": False, "currency__regex": r"^[A-Z]{3}$"}
    )
