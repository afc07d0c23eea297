"""The cadence page: what it says first, what its figures are, what they lead to, and for whom."""

import datetime as dt
import html
import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts_app.models import Account, Role, Team, Tier, User
from cadence.services.quarters import count_quarters
from tests.factories import AccountFactory, ColleagueFactory, InteractionFactory, TeamFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]
TODAY = dt.date(2026, 6, 30)


def account(owner: User | None, *contacts: dt.date, team: Team | None = None, **fields: object) -> Account:
    """Promised a contact every 10 days, at the latest after 20; met proactively on these days."""
    interval = {"own_ideal_days": 10, "own_max_days": 20, "own_interval_reason": "agreed"}
    team = team or (owner.teams.first() if owner else None)
    made = AccountFactory(owner=owner, team=team, **(interval | fields))
    for day in contacts:
        InteractionFactory(account=made, happened_on=day)
    return made


def opened(user: User, query: str = "") -> str:
    client = Client()
    client.force_login(user)
    response = client.get(reverse("cadence:cadence") + query)
    assert response.status_code == 200
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(text).replace("\N{NO-BREAK SPACE}", " "))


@pytest.fixture
def elin(north: Team) -> User:
    return UserFactory(name="Elin Sandström", teams=[north])


@pytest.fixture
def kept_and_broken(manager: User, elin: User) -> tuple[Account, Account]:
    """Jonas kept 21 of 91 days (1 April only); Elin all of her 16, the last contact 15 days ago."""
    broken = account(manager, dt.date(2026, 3, 31), dt.date(2026, 4, 1), name="Broken Works")
    kept = account(elin, dt.date(2026, 6, 15), name="Kept Works")
    count_quarters(None, today=TODAY)
    return broken, kept


def test_the_first_sentence_says_what_was_kept_and_who_kept_least(
    kept_and_broken: tuple[Account, Account], leader: User
) -> None:
    # (21 + 16) of (91 + 16) days; the quarter before had one day, which was kept.
    assert "35 % of the promised days kept this quarter, 100 % last quarter; worst: Jonas Okafor, 23 %." in opened(
        leader
    )


def test_a_manager_sees_the_own_accounts_and_the_worst_of_them(
    kept_and_broken: tuple[Account, Account], manager: User
) -> None:
    text = opened(manager)
    assert "23 % of the promised days kept this quarter, 100 % last quarter; worst: Broken Works, 23 %." in text
    assert "Kept Works" not in text


def test_nothing_promised_is_unknown_and_not_zero(manager: User) -> None:
    account(manager, name="Silent Works")
    count_quarters(None, today=TODAY)
    text = opened(manager)
    assert "Nothing was promised yet" in text
    assert "0 %" not in text
    assert re.search(r"Silent Works .* unknown", text)


def test_a_figure_leads_to_its_accounts(kept_and_broken: tuple[Account, Account], leader: User) -> None:
    text = opened(leader, "?show=broken")
    assert "Broken Works" in text
    assert "Kept Works" not in text
    assert "Promise broken 1" in text


def test_manager_tier_and_quarter_narrow_the_page(kept_and_broken: tuple[Account, Account], leader: User) -> None:
    elin = kept_and_broken[1].owner
    assert elin is not None
    assert "100 % of the promised days kept this quarter; no promise was broken." in opened(leader, f"?owner={elin.pk}")
    assert "100 % of the promised days kept in Q1 2026" in opened(leader, "?quarter=2026-1")
    other = Tier.objects.exclude(pk=kept_and_broken[0].tier_id).first()
    assert other is not None
    assert "Broken Works" not in opened(leader, f"?tier={other.key}")


@pytest.mark.parametrize(
    "query", ["?quarter=1999-9&owner=x&tier=%00&show=nothing&whose=mars&page=x", "?owner=99999999"]
)
def test_an_address_that_makes_no_sense_is_a_page(
    kept_and_broken: tuple[Account, Account], leader: User, query: str
) -> None:
    assert "Cadence" in opened(leader, query)


def test_who_was_never_met_by_an_executive_of_ours(kept_and_broken: tuple[Account, Account], leader: User) -> None:
    met = kept_and_broken[1].interactions.get()
    met.colleagues.add(ColleagueFactory(level="executive"))
    count_quarters(None, today=TODAY)
    text = opened(leader, "?show=no_executive")
    assert "Broken Works" in text
    assert "Kept Works" not in text
    assert "the first contact on record is of 31 Mar" in text


def test_a_review_is_overdue_the_day_after_its_interval(north: Team, leader: User, manager: User) -> None:
    tier = Tier.objects.get(key="key")
    tier.review_days = 30
    tier.save()
    late = account(manager, dt.date(2026, 5, 30), name="Late Works", tier=tier)
    account(manager, dt.date(2026, 5, 31), name="Right Works", tier=tier)
    count_quarters(None, today=TODAY)
    text = opened(leader, "?show=review")
    assert late.name in text
    assert "Right Works" not in text


def test_levels_too_few_for_the_tier(leader: User, manager: User) -> None:
    for number in (0, 1):
        tier = Tier.objects.order_by("rank")[number]
        tier.min_levels = number
        tier.save()
        account(manager, dt.date(2026, 6, 20), name=f"Levels {number}", tier=tier)
    count_quarters(None, today=TODAY)
    text = opened(leader, "?show=levels")
    assert ("Levels 1" in text, "Levels 0" in text) == (True, False)


def test_contacts_by_purpose_lead_to_their_accounts(kept_and_broken: tuple[Account, Account], leader: User) -> None:
    InteractionFactory(account=kept_and_broken[1], purpose="order", happened_on=dt.date(2026, 6, 20))
    count_quarters(None, today=TODAY)
    text = opened(leader, "?show=purpose-order")
    assert "Contacts: Order 1" in text
    assert "Broken Works" not in text


def test_another_team_s_accounts_are_nowhere(kept_and_broken: tuple[Account, Account]) -> None:
    south = UserFactory(role=Role.SALES_LEADER, teams=[TeamFactory(name="South")])
    for query in ("", "?whose=all", f"?owner={kept_and_broken[0].owner_id}"):
        text = opened(south, query)
        assert "Works" not in text
        assert "Okafor" not in text


def test_the_files_hold_the_rows_of_the_address(kept_and_broken: tuple[Account, Account], leader: User) -> None:
    client = Client()
    client.force_login(leader)
    lines = client.get(reverse("cadence:cadence_csv") + "?show=broken").getvalue().decode().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("Broken Works,")
    assert ",Q2 2026,91,21," in lines[1]
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(reverse("cadence:cadence_xlsx")).getvalue()))
    assert [row[0] for row in book.get_sheet_by_name("Cadence").to_python()[1:]] == ["Broken Works", "Kept Works"]


def test_the_number_of_queries_is_that_of_one_account(kept_and_broken: tuple[Account, Account], leader: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            opened(leader)
        return len(seen)

    queries()  # makes what is made once
    few = queries()
    for n in range(60):
        account(kept_and_broken[n % 2].owner, dt.date(2026, 6, 1))
    count_quarters(None, today=TODAY)
    assert queries() == few


@pytest.mark.usefixtures("kept_and_broken")
def test_who_keeps_least_is_shown_and_the_others_on_request(leader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cadence.pages.cadence_page.MANAGERS_SHOWN", 1)
    client = Client()
    client.force_login(leader)
    address = reverse("cadence:cadence")
    page = client.get(address).content.decode()
    table, _rest = page.split('id="managers-title"')[1].split("</section>", 1)
    assert "Jonas Okafor" in table
    assert "Elin Sandström" not in table
    link = html.unescape(re.search(r'href="([^"]*managers=all[^"]*)"', table)[1])  # type: ignore[index]
    every = (
        client.get(address + link.split("#")[0]).content.decode().split('id="managers-title"')[1].split("</section>")[0]
    )
    assert "Elin Sandström" in every
    assert "managers=all" not in every.split("</tbody>")[1]
