"""Writes interactions with who took part, and the links that grow from them."""

from typing import Final

from accounts_app.demo.copying import copy_in
from accounts_app.demo.dialogue import InteractionRow
from accounts_app.demo.links import LinkRow
from accounts_app.demo.register import Register, bring_up_to_date, contacts_by_key
from accounts_app.models import Interaction, Link

Pair = tuple[int, InteractionRow]

COLUMNS: Final = (
    "feed_id",
    "external_key",
    "known_on",
    "account_id",
    "state",
    "channel",
    "initiator",
    "purpose",
    "due_on",
    "planned_on",
    "happened_on",
    "happened_known_on",
    "by_id",
    "value_item_id",
    "reaction",
    "tone",
    "note",
    "void_reason",
)


def write_interactions(new: list[InteractionRow], changed: list[InteractionRow], register: Register) -> None:
    """Write interactions; a planned one that a person has since kept, moved or voided in Vigil stays as it is."""
    rows = [row for row in new if row.account in register.accounts]
    copy_in("accounts_app_interaction", COLUMNS, (_interaction(row, register) for row in rows))
    written = Interaction.objects.filter(feed=register.feeds["crm"], external_key__in=[row.key for row in rows])
    ids = dict(written.values_list("external_key", "pk"))
    created = [(ids[row.key], row) for row in rows]
    _write_contacts(created + _keep_plans(changed, register), register)
    _write_colleagues(created, register)


def _keep_plans(changed: list[InteractionRow], register: Register) -> list[Pair]:
    """Turn planned interactions into done ones; whom we then met is written anew."""
    later = {row.key: row for row in changed}
    planned = bring_up_to_date(Interaction.objects.planned().filter(feed=register.feeds["crm"]), changed, _outcome)
    Interaction.contacts.through.objects.filter(interaction__in=planned).delete()
    return [(interaction.pk, later[interaction.external_key]) for interaction in planned]


def _outcome(row: InteractionRow) -> dict[str, object]:
    """What becomes known of a planned interaction when it has happened."""
    return {
        "state": row.state,
        "happened_on": row.happened_on,
        "happened_known_on": row.happened_known_on,
        "reaction": row.reaction,
        "tone": row.tone,
        "note": row.note,
    }


def _interaction(row: InteractionRow, register: Register) -> tuple[object, ...]:
    return (
        register.feeds["crm"],
        row.key,
        row.known_on,
        register.accounts[row.account],
        row.state,
        row.channel,
        row.initiator,
        row.purpose,
        row.due_on,
        row.planned_on,
        row.happened_on,
        row.happened_known_on,
        register.users.get(row.by),
        register.value_items.get(row.value_item or ""),
        row.reaction if row.value_item in register.value_items else "",
        row.tone,
        row.note,
        "",
    )


def _write_contacts(pairs: list[Pair], register: Register) -> None:
    contacts = contacts_by_key((key for _, row in pairs for key in row.contacts), register)
    met = ((pk, contacts[key]) for pk, row in pairs for key in row.contacts if key in contacts)
    copy_in("accounts_app_interaction_contacts", ("interaction_id", "contact_id"), met)


def _write_colleagues(pairs: list[Pair], register: Register) -> None:
    known = register.colleagues
    took_part = ((pk, known[key]) for pk, row in pairs for key in row.colleagues if key in known)
    copy_in("accounts_app_interaction_colleagues", ("interaction_id", "colleague_id"), took_part)


def write_links(new: list[LinkRow], changed: list[LinkRow], register: Register) -> None:
    """Write links; where people have entered the same link themselves, theirs stays."""
    contacts = contacts_by_key((row.contact for row in new), register)
    Link.objects.bulk_create(
        (
            Link(
                feed_id=register.feeds["crm"],
                external_key=row.key,
                known_on=row.known_on,
                contact_id=contacts[row.contact],
                colleague_id=register.colleagues[row.colleague],
                strength=row.strength,
            )
            for row in new
            if row.contact in contacts and row.colleague in register.colleagues
        ),
        ignore_conflicts=True,
    )
    ours = Link.objects.filter(feed=register.feeds["crm"])
    bring_up_to_date(ours, changed, lambda row: {"strength": row.strength})
