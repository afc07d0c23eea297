"""Every reading leads to exactly its rows: each tab that a signal names shows the rows it counted."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from accounts_app.models import Account, Feed, Ownership, User
from signals.compute.base import Status, evidence
from signals.compute.registry import SIGNALS
from signals.pages.account.explanation import REMEDIES, TABS, rows_url
from tests.factories import ChangeEventFactory, ContractFactory, InquiryFactory, SurveyAnswerFactory, UserFactory
from tests.integration.facts.conftest import Read, first_cells, spoken

pytestmark = pytest.mark.django_db

AS_OF = dt.date(2026, 6, 1)
EARLIER, LATER = dt.date(2026, 3, 1), dt.date(2026, 6, 2)


def query(account: Account, found: dict[str, Any], key: str) -> str:
    url = rows_url(account.pk, found, key=key, as_of=AS_OF)
    return url[url.index("?") :].removesuffix("#owners")


@pytest.mark.parametrize(
    ("tab", "factory"),
    [
        ("inquiries", InquiryFactory),
        ("contracts", ContractFactory),
        ("events", ChangeEventFactory),
        ("loyalty", SurveyAnswerFactory),
    ],
)
def test_a_reading_leads_to_its_rows_as_known_that_day(tab: str, factory: Any, read: Read, account: Account) -> None:
    counted, known = factory(account=account, known_on=EARLIER), factory(account=account, known_on=EARLIER)
    factory(account=account, known_on=LATER)
    named = evidence(tab, 1, ids=[counted.pk])
    assert "1 row behind Award lost" in spoken(read(tab, query(account, named, "award_lost")))
    everything = spoken(read(tab, query(account, evidence(tab, 2), "award_lost")))
    assert "2 rows behind Award lost" in everything
    assert known.pk != counted.pk


def test_an_owner_reading_leads_to_the_owners_as_known_that_day(
    read: Read, account: Account, manager: User, own_feed: Feed
) -> None:
    def answers(name: str, duty: str, from_day: dt.date, **ended: dt.date) -> None:
        known = {"feed": own_feed, "external_key": name, "known_on": from_day}
        of_whom = {"account": account, "user": UserFactory(name=name), "duty": duty}
        Ownership.objects.create(**of_whom, **known, from_day=from_day, **ended)

    Ownership.objects.all().delete()
    answers("Ada Own", "owner", EARLIER, until_day=LATER, until_known_on=LATER)
    answers("Bo Deputy", "deputy", EARLIER)
    answers("Cy Later", "owner", LATER)
    html = read("details", query(account, evidence("owner", 1), "owner_change"))
    assert "1 row behind Owner change" in spoken(html)
    assert first_cells(html) == ["Ada Own"]
    assert f'href="/accounts/{account.pk}/details/"' in html
    assert first_cells(read("details")) == ["Bo Deputy", "Cy Later", "Ada Own"]
    assert "Nothing fits" in read("details", "?from=2027-01-01")


def test_every_source_has_its_rows_and_what_would_make_it_known() -> None:
    assert {reverse(name, args=[1]) for name in TABS.values()}
    for signal in SIGNALS:
        for status in (Status.NO_DATA, Status.STALE):
            assert REMEDIES[status][signal.sources[0]], (signal.key, status)
