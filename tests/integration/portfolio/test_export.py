"""The list as a file: the same rows in the same order, exact, and no formula whatever the names say."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from accounts_app.models import Account, Company, Role, Team, Tier, User
from signals.models import Alert, Band, Run, Standing
from tests.factories import AccountFactory, UserFactory
from tests.factories.judgement import AS_OF, judged
from tests.integration.portfolio.reading import four_bands, names, page

pytestmark = pytest.mark.django_db

HOSTILE = ("=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", 'quo"te', "two\nlines", "Ärger 北京", "<b>&amp;")


def content(user: User, kind: str, query: str = "") -> tuple[bytes, Any]:
    client = Client()
    client.force_login(user)
    response = client.get(f"/portfolio/export.{kind}{query}")
    assert response.status_code == 200
    return response.getvalue(), response


def table(user: User, query: str = "") -> list[dict[str, str]]:
    written = content(user, "csv", query)[0].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(written, newline="")))


def book(user: User, query: str = "") -> tuple[list[dict[str, Any]], dict[str, Any]]:
    read = CalamineWorkbook.from_filelike(io.BytesIO(content(user, "xlsx", query)[0]))
    header, *rows = read.get_sheet_by_name("Portfolio").to_python()
    about = {str(line[0]): line[1] for line in read.get_sheet_by_name("About").to_python()}
    return [dict(zip(map(str, header), row, strict=True)) for row in rows], about


@pytest.mark.parametrize("query", ["", "?band=drifting", "?sort=name", "?q=a&sort=-revenue"])
def test_both_files_hold_the_rows_of_the_list_in_its_order(
    query: str, leader: User, north: Team, company: Company
) -> None:
    four_bands(north)
    shown = names(page(leader, query))
    assert [row["Account"] for row in table(leader, query)] == shown
    assert [row["Account"] for row in book(leader, query)[0]] == shown


def test_every_page_is_in_it(leader: User, north: Team) -> None:
    tier = Tier.objects.get(key="key")
    Account.objects.bulk_create(Account(name=f"Works {n}", team=north, tier=tier) for n in range(130))
    assert len(table(leader, "?page=2")) == len(book(leader)[0]) == 130


def test_money_is_exact_days_are_days_and_the_rest_is_said(leader: User, manager: User, north: Team) -> None:
    Company.objects.update_or_create(pk=1, defaults={"name": "Tarnholm", "currency": "EUR", "simulated": True})
    account = AccountFactory(name="Halvorsen", team=north, owner=manager, country="Norway")
    judged(
        account,
        Band.AT_RISK,
        revenue_12m=Decimal("2412345.67"),
        revenue_at_risk=Decimal("1736888.88"),
        change_30d=-3,
        last_proactive_on=date(2026, 3, 10),
        next_planned_on=date(2026, 7, 26),
        next_planned_channel="call",
        open_incidents=3,
    )
    Alert.objects.create(
        account=account, signal="silence", opened_on=AS_OF, judged_on=AS_OF, released_on=AS_OF, level=0.8
    )
    [line], (read, about) = table(leader, "?band=at_risk"), book(leader, "?band=at_risk")
    [row] = read
    assert line["Revenue 12 months"] == "2412345.67"
    assert row["Revenue 12 months"] == 2412345.67
    assert (line["Risk"], row["Risk"], line["Change in 30 days"], row["Change in 30 days"]) == ("72", 72, "-3", -3)
    assert (line["Last proactive contact"], row["Last proactive contact"]) == ("2026-03-10", date(2026, 3, 10))
    assert (row["Next contact by"], row["Open incidents"], row["Open alerts"]) == ("Call", 3, 1)
    assert row["Why"].startswith("No contact either way for 40 days")
    for said in (line, row):
        assert (said["Owner"], said["Team"], said["Country"]) == ("Jonas Okafor", "North", "Norway")
        assert (said["Band"], said["Currency"], said["Data"]) == ("At risk", "EUR", "simulated")
        assert said["Scope"] == "Team · At risk"
    assert (line["As of"], row["As of"], about["As of"]) == ("2026-06-30", AS_OF, AS_OF)
    assert (about["Portfolio of"], about["Scope"], about["Data"]) == ("Tarnholm", "Team · At risk", "simulated")


def test_the_files_name_their_day_and_what_they_are(leader: User, north: Team, company: Company) -> None:
    judged(AccountFactory(team=north))
    _written, response = content(leader, "csv")
    assert response["Content-Disposition"] == 'attachment; filename="portfolio-2026-06-30.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    Company.objects.update(simulated=True)
    assert "portfolio-2026-06-30-simulated.xlsx" in content(leader, "xlsx")[1]["Content-Disposition"]


def test_unknown_has_no_number_and_what_was_never_judged_no_figure(leader: User, north: Team) -> None:
    judged(AccountFactory(name="Dark", team=north), Band.UNKNOWN, revenue=70_000)
    not_computed: dict[str, Any] = {"state": Standing.State.NOT_COMPUTED, "risk": None, "revenue": 0}
    judged(AccountFactory(name="Poison", team=north), Band.UNKNOWN, **not_computed)
    AccountFactory(name="New", team=north)
    rows = {row["Account"]: row for row in table(leader)}
    assert (rows["Dark"]["Band"], rows["Dark"]["Risk"]) == ("Unknown", "")
    assert (rows["Dark"]["Revenue 12 months"], rows["Dark"]["Revenue at risk"]) == ("70000.00", "")
    for name in ("New", "Poison"):
        figures = ("Band", "Risk", "Revenue 12 months", "Revenue at risk", "Open incidents")
        assert [rows[name][one] for one in figures] == ["not computed", "", "", "", ""]


def test_an_empty_list_and_one_never_judged_give_a_file(leader: User, company: Company) -> None:
    assert not Run.objects.exists()
    assert table(leader) == []
    rows, about = book(leader, "?q=nothing")
    assert rows == []
    assert about["As of"] == "not judged yet"
    assert about["Scope"] == "Team · “nothing”"


def test_no_name_becomes_a_formula(leader: User, north: Team) -> None:
    for name in HOSTILE:
        judged(AccountFactory(name=name, team=north, industry=name[:80], country=name[:60]))
    query = "?sort=name"
    written = {row["Account"] for row in table(leader, query)}
    assert written == {f"'{name}" if name[0] in "=+-@" else name for name in HOSTILE}
    for row in table(leader, query):
        for cell in (row["Account"], row["Industry"], row["Country"], row["Why"], row["Scope"]):
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert {row["Account"] for row in book(leader, query)[0]} == set(HOSTILE)
    workbook = ZipFile(io.BytesIO(content(leader, "xlsx", "?q=%3Dcmd")[0]))
    assert all(b"<f>" not in workbook.read(name) for name in workbook.namelist())


def test_a_scope_that_looks_like_a_formula_is_text(leader: User, north: Team) -> None:
    judged(AccountFactory(name="=1+1", team=north))
    [row] = table(leader, "?q==1")
    assert row["Scope"] == "Team · “=1”"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_foreign_account_is_in_a_file(kind: str, leader: User, manager: User, north: Team) -> None:
    judged(AccountFactory(name="Own Works", team=north))
    judged(AccountFactory(name="Zanzibar Works", owner=UserFactory(name="Zanzibar Owner"), industry="Zanzibar"))
    reader = UserFactory(role=Role.READ_ONLY, teams=[north])
    for user in (leader, manager, reader):
        for query in ("", "?whose=all", "?whose=team", "?q=zanz", "?status=all"):
            written = content(user, kind, query)[0]
            text = (
                written
                if kind == "csv"
                else b"".join(map(ZipFile(io.BytesIO(written)).read, ZipFile(io.BytesIO(written)).namelist()))
            )
            assert b"Zanzibar" not in text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_who_may_have_a_file(kind: str, leader: User) -> None:
    address = f"/portfolio/export.{kind}"
    assert Client().get(address)["Location"].startswith("/account/login/")
    client = Client()
    client.force_login(UserFactory(role=Role.OPERATIONS))
    assert client.get(address).status_code == 403
    client.force_login(leader)
    assert client.post(address).status_code == 405


def test_a_file_costs_the_same_queries_for_5_and_1200_accounts(leader: User, north: Team) -> None:
    tier, counts, client = Tier.objects.get(key="key"), [], Client()
    client.force_login(leader)
    for number in (5, 1195):
        Account.objects.bulk_create(Account(name=f"Works {n}", team=north, tier=tier) for n in range(number))
        with CaptureQueriesContext(connection) as captured:
            lines = client.get("/portfolio/export.csv").getvalue().count(b"\r\n")
        assert lines == Account.objects.count() + 1
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 8
