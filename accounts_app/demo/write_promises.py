"""Writes promises as rows of the database."""

from accounts_app.demo.promises import PromiseRow
from accounts_app.demo.register import Register
from accounts_app.models import OWN_FEED, Contact, Promise


def write_promises(new: list[PromiseRow], changed: list[PromiseRow], register: Register) -> None:
    """Write promises; one that a person has closed or changed in Vigil since stays as it is."""
    feed = register.feeds[OWN_FEED]
    people = {row.contact for row in new if row.contact}
    found = Contact.objects.filter(feed=register.feeds["crm"], external_key__in=people)
    contacts = dict(found.values_list("external_key", "pk"))
    Promise.objects.bulk_create(
        Promise(
            feed_id=feed,
            external_key=row.key,
            known_on=row.known_on,
            account_id=register.accounts[row.account],
            text=row.text,
            contact_id=contacts.get(row.contact or ""),
            by_id=register.users.get(row.by or ""),
            promised_on=row.promised_on,
            due_on=row.due_on,
            closed_on=row.closed_on,
            closed_known_on=row.closed_on,
            outcome=row.outcome,
        )
        for row in new
        if row.account in register.accounts
    )
    later = {row.key: row for row in changed}
    opened = list(Promise.objects.open().filter(feed=feed, external_key__in=later))
    for promise in opened:
        row = later[promise.external_key]
        promise.closed_on = promise.closed_known_on = row.closed_on
        promise.outcome = row.outcome
    Promise.objects.bulk_update(opened, ["closed_on", "closed_known_on", "outcome"])
