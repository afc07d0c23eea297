"""What an interaction says, as plain values: to see whether somebody changed it meanwhile, and to bring it back."""

import datetime as dt
import hashlib
import json
from typing import Any

from django.utils.dateparse import parse_date

from accounts_app.models import Interaction

DAYS = ("planned_on", "happened_on", "happened_known_on")
FIELDS = (
    *DAYS, "state", "channel", "initiator", "purpose", "by_id", "value_item_id", "reaction", "tone", "note",
    "void_reason",
)  # fmt: skip
PEOPLE = ("contacts", "colleagues")


def snapshot(interaction: Interaction) -> dict[str, Any]:
    """The values of its fields and who took part, in a form that JSON can carry."""
    values = {name: getattr(interaction, name) for name in FIELDS}
    plain = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items()}
    people = {name: sorted(one.pk for one in getattr(interaction, name).all()) for name in PEOPLE}
    return plain | people


def fingerprint(interaction: Interaction) -> str:
    """The same as long as nobody changes anything: a form carries it, and its save compares it."""
    return hashlib.sha256(json.dumps(snapshot(interaction), sort_keys=True).encode()).hexdigest()[:16]


def restore(interaction: Interaction, kept: dict[str, Any]) -> None:
    """Write a snapshot back."""
    for name in FIELDS:
        setattr(interaction, name, parse_date(kept[name]) if name in DAYS and kept[name] else kept[name])
    interaction.save(update_fields=[name.removesuffix("_id") for name in FIELDS])
    for name in PEOPLE:
        getattr(interaction, name).set(kept[name])
