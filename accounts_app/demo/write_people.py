"""Writes events as rows of the database: first the new ones, then what more is known of earlier ones."""

from accounts_app.demo.closures import QuietRow
from accounts_app.demo.people import MAIN, SEATS, ContactRow
from accounts_app.demo.register import Register, bring_up_to_date, contacts_by_key
from accounts_app.demo.texts import MATTERS
from accounts_app.models import OWN_FEED, Contact, QuietPeriod


def write_quiet_periods(rows: list[QuietRow], register: Register) -> None:
    QuietPeriod.objects.bulk_create(
        QuietPeriod(
            feed_id=register.feeds[OWN_FEED],
            external_key=row.key,
            known_on=row.known_on,
            account_id=None if row.account is None else register.accounts[row.account],
            country=row.country,
            from_day=row.from_day,
            until_day=row.until_day,
            reason=row.reason,
        )
        for row in rows
        if row.account is None or row.account in register.accounts
    )


def write_contacts(new: list[ContactRow], changed: list[ContactRow], register: Register) -> None:
    """Write contacts; who follows whom comes second, since the successor may be new as well."""
    Contact.objects.bulk_create(_contact(row, register) for row in new if row.account in register.accounts)
    said_more = [row for row in (*new, *changed) if row.left_on is not None or row.leaving_on is not None]
    followers = contacts_by_key((row.successor for row in said_more), register)

    def departure(row: ContactRow) -> dict[str, object]:
        return {
            "left_on": row.left_on,
            "left_known_on": row.left_known_on,
            "leaving_on": row.leaving_on,
            "leaving_known_on": row.leaving_known_on,
            "successor_id": followers.get(row.successor or ""),
        }

    bring_up_to_date(Contact.objects.filter(feed=register.feeds["crm"]), said_more, departure)


def _contact(row: ContactRow, register: Register) -> Contact:
    seat = SEATS[row.seat]
    return Contact(
        feed_id=register.feeds["crm"],
        external_key=row.key,
        known_on=row.known_on,
        account_id=register.accounts[row.account],
        name=row.name,
        email=row.email,
        title=seat.title,
        level=seat.level,
        role=seat.role,
        primary=row.seat == MAIN,
        since=row.since,
        matters=MATTERS.get(seat.title, ""),
    )
