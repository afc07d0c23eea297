"""Time to open the form of a contact and to save one with the next planned, beside a page that shows nothing.

    python -m benchmarks.save_contact [--accounts 2000] [--contacts 500] [--saves 200]

Starts a throw-away PostgreSQL unless DATABASE_URL names another, and works in a database of its own; by default with a
million interactions. Every save goes to another account, through the form, the whole stack of middleware included.
Target (issue 3): 95 of 100 saves within 150 ms of server time.
"""

import argparse
import datetime as dt
import os
import statistics
import sys
import time
from collections.abc import Mapping
from typing import Any

import django

# The servers start when these settings are read, and models can be imported only then.
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts_app.models import Account, Colleague, Contact, Interaction, User  # noqa: E402
from tests.factories import ColleagueFactory  # noqa: E402
from tests.integration.signals.portfolio import make_portfolio  # noqa: E402

TARGET_MS = 150.0
FORM, EMPTY_PAGE = "/log/contact/", "/keys/"
COLLEAGUES = 40


def make_database(accounts: int, contacts: int) -> User:
    """Return a manager with a quarter of the accounts; every colleague was along on some contact of each account."""
    make_portfolio(accounts=accounts, orders=1, contacts=contacts, until=timezone.now().date())
    manager = User.objects.get(email="manager0@example.com")
    ColleagueFactory(user=manager)
    for _number in range(COLLEAGUES - 1):
        ColleagueFactory()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_app_interaction_colleagues (interaction_id, colleague_id)"
            " SELECT id, (SELECT min(id) FROM accounts_app_colleague) + id %% %s FROM accounts_app_interaction",
            [COLLEAGUES],
        )
        cursor.execute(
            "INSERT INTO accounts_app_interaction_contacts (interaction_id, contact_id)"
            " SELECT i.id, c.id FROM accounts_app_interaction i JOIN LATERAL (SELECT min(id) + i.id % 4 AS id"
            " FROM accounts_app_contact WHERE account_id = i.account_id) c ON true"
        )
        cursor.execute("VACUUM ANALYZE")
    return manager


def milliseconds(client: Client, address: str, body: Mapping[str, Any] | None = None) -> float:
    headers = {"HX-Request": "true"}
    begun = time.perf_counter()
    response = client.post(address, body, headers=headers) if body else client.get(address, headers=headers)
    took = (time.perf_counter() - begun) * 1000
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")
    return took


def telling(account: Account) -> dict[str, Any]:
    """What somebody sends who chose two people and the promised day."""
    people = list(Contact.objects.filter(account=account, left_on=None).values_list("pk", flat=True)[:2])
    today = timezone.now().date()
    return {
        "account": account.pk,
        "contacts": people,
        "happened_on": today.isoformat(),
        "channel": "call",
        "purpose": "proactive",
        "initiator": "us",
        "tone": "1",
        "note": "Asked how the new line runs; they want the study before the end of the month. " * 3,
        "colleagues": [Colleague.objects.earliest("pk").pk],
        "next_on": "due",
        "next_channel": "visit",
        "next_purpose": "review",
    }


def measure(manager: User, saves: int) -> dict[str, list[float]]:
    """The three in turns, so that a busy moment of the machine meets all of them."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(manager)
    times: dict[str, list[float]] = {"empty page": [], "form": [], "save": []}
    for account in [None, *Account.objects.filter(owner=manager)[:saves]]:
        if account is None:  # the first of each brings templates and indexes into memory
            milliseconds(client, EMPTY_PAGE)
            continue
        body = telling(account)
        times["empty page"].append(milliseconds(client, EMPTY_PAGE))
        times["form"].append(milliseconds(client, f"{FORM}?account={account.pk}"))
        times["save"].append(milliseconds(client, FORM, body))
    return times


def p95(values: list[float]) -> float:
    return sorted(values)[round(0.95 * (len(values) - 1))]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=2000)
    parser.add_argument("--contacts", type=int, default=500, help="interactions of each account")
    parser.add_argument("--saves", type=int, default=200)
    options = parser.parse_args()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    manager = make_database(options.accounts, options.contacts)
    sizes = f"{options.accounts} accounts, {Interaction.objects.count()} interactions"
    print(f"save a contact, {dt.datetime.now(dt.UTC).date()}: {sizes}, {os.cpu_count()} cores")
    times = measure(manager, options.saves)
    empty = statistics.median(times["empty page"])
    for name, values in times.items():
        median = statistics.median(values)
        print(f"  {name:11} median {median:6.1f} ms, {median / empty:4.1f} empty pages; p95 {p95(values):6.1f} ms")
    print(f"  target for the save: p95 {TARGET_MS:.0f} ms")
    return 0 if p95(times["save"]) < TARGET_MS else 1


if __name__ == "__main__":
    sys.exit(main())
