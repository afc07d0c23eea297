"""Writes promises as rows of the database."""

from accounts_app.demo.promises import PromiseRow
from accounts_app.demo.register import Register, bring_up_to_date, contacts_by_key
from accounts_app.models import OWN_FEED, Promise


def write_promises(new: list[PromiseRow], changed: list[PromiseRow], register: Register) -> None:
    """Write promises; one that a person has closed or changed in Vigil since stays as it is."""
    feed = register.feeds[OWN_FEED]
    contacts = contacts_by_key((row.contact for row in new), register)
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
            **_ending(row),
        )
        for row in new
        if row.account in register.accounts
    )
    bring_up_to_date(Promise.objects.open().filter(feed=feed), changed, _ending)


def _ending(row: PromiseRow) -> dict[str, object]:
    return {"closed_on": row.closed_on, "closed_known_on": row.closed_on, "outcome": row.outcome}
