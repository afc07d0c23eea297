"""By when notice may be given: what a row says, what the list is narrowed to and sorted by, what a file holds."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts_app.models import Account, Company, Team, User
from tests.factories import AccountFactory
from tests.factories.judgement import AS_OF, judged
from tests.integration.portfolio.reading import names, page, spoken

pytestmark = pytest.mark.django_db


def agreed(name: str, team: Team, state: str, days: int | None = None, **values: Any) -> Account:
    account: Account = AccountFactory(name=name, team=team)
    on = None if days is None else AS_OF + timedelta(days=days)
    judged(account, notice_state=state, notice_on=on, **values)
    return account


@pytest.mark.parametrize(
    ("contract", "says", "is_red"),
    [
        (("by_day", 41), "Notice by 10 Aug 41 d", True),
        (("by_day", 90), "Notice by 28 Sep 90 d", True),
        (("by_day", 91), "Notice by 29 Sep 91 d", False),
        (("ending", 10), "Notice by 10 Jul ends, 10 d", True),
        (("received", 100), "Notice by received ends 8 Oct", True),
        (("any_day", None), "Notice by any day", False),
        (("open_ended", None), "Notice by no end", False),
        (("", None), "Notice by –", False),
    ],
)
def test_a_row_says_by_when_notice_may_be_given(
    contract: tuple[str, int | None], says: str, is_red: bool, leader: User, north: Team
) -> None:
    account = agreed("Halvorsen", north, *contract)
    html = page(leader)
    row = html[html.index('class="cell-notice"') :]
    row = row[: row.index("</td>")]
    assert says in spoken(row)
    assert ("danger" in row) is is_red
    assert (f"/accounts/{account.pk}/contracts/" in row) is bool(contract[0])


def test_the_list_is_narrowed_to_who_may_leave_and_sorted_by_the_day(leader: User, north: Team) -> None:
    for days in (200, 60, 61, 5):
        agreed(f"In {days}", north, "by_day", days)
    agreed("Any day", north, "any_day", 400)
    agreed("Gave notice", north, "received", 300)
    agreed("Endless", north, "open_ended")
    AccountFactory(name="New", team=north)
    shown = ["In 5", "In 60", "Gave notice", "Any day"]
    html = page(leader, "?notice=60&sort=notice")
    assert names(html) == shown
    assert "Left out" in page(leader, "?notice=61")
    assert names(page(leader, "?sort=notice"))[:3] == ["In 5", "In 60", "In 61"]
    assert 'value="60" selected' in html


def test_what_of_it_leaves_as_a_file(leader: User, north: Team, company: Company) -> None:
    agreed("Halvorsen", north, "by_day", 41, notice_amount=Decimal("320000.00"))
    agreed("Bare", north, "")
    client = Client()
    client.force_login(leader)
    written = client.get("/portfolio/export.csv?sort=notice").getvalue().decode("utf-8-sig")
    first, second = csv.DictReader(io.StringIO(written, newline=""))
    told = ("Notice", "Notice by", "Contract a year")
    assert [first[name] for name in told] == ["Notice until a day", date(2026, 8, 10).isoformat(), "320000.00"]
    assert [second[name] for name in told] == ["", "", ""]
    scope = list(
        csv.DictReader(io.StringIO(client.get("/portfolio/export.csv?notice=90").getvalue().decode("utf-8-sig")))
    )
    assert scope[0]["Scope"] == "Team · notice within 90 days"
