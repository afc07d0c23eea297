"""A choice among the value items: what suits the account first, then all others."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext as _

from accounts_app.models import Account, Interaction, ValueItem
from accounts_app.services.value_fits import suitable_items

# A list is read from its top: more than these are no proposal any more.
PROPOSED = 3


class ProposedFirst(ModelChoiceIterator):
    """Two groups where something suits the account, else one list by title."""

    def __iter__(self) -> Iterator[Any]:
        none, *found = super().__iter__()
        yield none
        items: list[Any] = found
        by_key = {choice[0].value: choice for choice in items}
        proposed = [by_key.pop(key) for key in self.field.proposed if key in by_key]  # type: ignore[attr-defined]
        if not proposed:
            yield from items
            return
        yield _("Proposed for this account"), proposed
        yield _("All others"), list(by_key.values())


class ValueChoice(forms.ModelChoiceField):
    """What was brought, or shall be; nothing is an answer."""

    iterator = ProposedFirst
    proposed: Sequence[int] = ()

    def __init__(self, *, label: Any, nothing: Any) -> None:
        super().__init__(ValueItem.objects.none(), label=label, required=False, empty_label=nothing)

    def offer(self, proposed: Sequence[int], today: dt.date, *, also: Interaction | None = None) -> None:
        """What can be brought today, and what this interaction names, though it may have expired since."""
        named = Q(interactions=also) if also else Q()
        valid = Q(valid_until=None) | Q(valid_until__gte=today)
        self.proposed = proposed
        self.queryset = ValueItem.objects.filter(valid | named).distinct()


def proposed_for(account: Account | None, today: dt.date) -> list[int]:
    if account is None:
        return []
    return [one.item.pk for one in suitable_items([account], today=today)[account.pk][:PROPOSED]]
