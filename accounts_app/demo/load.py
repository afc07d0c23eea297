"""Loads the demo into an empty installation, and adds what the following days bring."""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts_app.demo.lots import SEED
from accounts_app.demo.register import Register, read_register
from accounts_app.demo.reveal import news
from accounts_app.demo.standing_data import IBERIAN_FEED, write_standing_data
from accounts_app.demo.world import World, simulate
from accounts_app.demo.write_customer_news import (
    write_absences,
    write_contracts,
    write_events,
    write_inquiries,
    write_losses,
    write_surveys,
)
from accounts_app.demo.write_dialogue import write_interactions, write_links
from accounts_app.demo.write_incidents import write_incidents
from accounts_app.demo.write_orders import write_orders
from accounts_app.demo.write_people import write_contacts, write_quiet_periods
from accounts_app.demo.write_promises import write_promises
from accounts_app.demo.write_values import write_initiatives
from accounts_app.models import Account, Company, Feed, FeedKind, User
from accounts_app.services.changes import mark_changed
from accounts_app.services.feeds import note_last_rows

BEFORE_EVERYTHING: Final = dt.date(1900, 1, 1)
LIVING_FEEDS: Final = ("erp", "crm", "tickets")
# What of the simulated world is written by which function: what is known whole as soon as it is known, and of which
# more is told later; contacts before who met them.
TOLD_AT_ONCE: Final[dict[str, Callable[[list[Any], Register], None]]] = {
    "quiet": write_quiet_periods,
    "orders": write_orders,
    "events": write_events,
    "losses": write_losses,
    "absences": write_absences,
}
TOLD_BY_AND_BY: Final[dict[str, Callable[[list[Any], list[Any], Register], None]]] = {
    "contacts": write_contacts,
    "incidents": write_incidents,
    "interactions": write_interactions,
    "links": write_links,
    "inquiries": write_inquiries,
    "contracts": write_contracts,
    "surveys": write_surveys,
    "promises": write_promises,
    "initiatives": write_initiatives,
}
# Whole countries may be quiet, and a link is told by the meetings it grew from.
OF_NO_ACCOUNT: Final = ("quiet", "absences", "links")


class NotEmptyError(Exception):
    """The installation holds data of its own, which the demo must not mix with."""


@transaction.atomic
def load(anchor: dt.date, seed: int = SEED) -> int:
    """Fill an empty installation with three years up to `anchor`, and return how many facts were written.

    Another seed is for measuring: only the demo's own can be extended.
    """
    _refuse_unless_empty()
    world = simulate(anchor, seed)
    write_standing_data(world)
    facts = _write_news(world, BEFORE_EVERYTHING, anchor)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # the first computation follows at once, before autovacuum counts the rows
    return facts


@transaction.atomic
def extend(until: dt.date) -> int:
    """Add what happened since the last time up to `until`; return how many facts are new or say more.

    Does nothing where the installation is not a demo or `until` is already there. Three years after
    loading the simulation ends, and its feeds grow stale as real ones would.
    """
    company = Company.objects.select_for_update().filter(simulated=True, demo_anchor__isnull=False).first()
    if company is None or company.demo_anchor is None:
        return 0
    living = FeedKind.objects.filter(feed__name__in=LIVING_FEEDS, complete_to__isnull=False)
    after = living.order_by("complete_to").values_list("complete_to", flat=True).first()
    if after is None or after >= until:
        return 0
    world = simulate(company.demo_anchor)
    return _write_news(world, after, min(until, world.clock.last))


def _refuse_unless_empty() -> None:
    for model, rows in ((Account, _("accounts")), (User, _("users"))):
        if model.objects.exists():
            raise NotEmptyError(_("The demo goes into an empty database only; this one has %(rows)s.") % {"rows": rows})
    names = Feed.objects.filter(name__in=(*LIVING_FEEDS, IBERIAN_FEED)).values_list("name", flat=True)
    if names:
        raise NotEmptyError(
            _("The demo goes into an empty database only; this one has the feed %(name)s.") % {"name": names[0]}
        )


def _write_news(world: World, after: dt.date, until: dt.date) -> int:
    """Write everything that came to light after one day and until another."""
    register = read_register(world.portfolio)
    told: dict[str, list[Any]] = {}
    for name, write in TOLD_AT_ONCE.items():
        told[name], _unchanging = news(getattr(world, name), after, until)
        write(told[name], register)
    for name, write_both in TOLD_BY_AND_BY.items():
        new, changed = news(getattr(world, name), after, until)
        write_both(new, changed, register)
        told[name] = [*new, *changed]
    FeedKind.objects.filter(feed__name__in=LIVING_FEEDS).update(complete_to=until)
    note_last_rows()
    _mark({row.account for name, rows in told.items() if name not in OF_NO_ACCOUNT for row in rows}, register)
    return sum(map(len, told.values()))


def _mark(numbers: set[int], register: Register) -> None:
    mark_changed(register.accounts[number] for number in numbers if number in register.accounts)
