"""The Data page: feeds and how fresh they are, the history of imports, what an import wrote."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts_app.importing.load import import_file
from accounts_app.importing.request import Request
from accounts_app.models import AccountMark, Company, Feed, FeedKind, ImportBatch, Role, Upload, User
from tests.factories import AccountFactory, FeedFactory, UserFactory
from tests.integration.data_files import ACCOUNTS, administrator, orders

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return administrator()[0]


def today() -> date:
    return Company.the().day_of(timezone.now())


def load(tmp_path: Path, kind: str, text: str, name: str = "file.csv", **said: Any) -> ImportBatch:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    outcome = import_file(Request(kind=kind, path=path, feed="erp", rejects=tmp_path / "rejects.csv", **said))
    return ImportBatch.objects.get(pk=outcome.batch or 0)


def row_of(page: str, label: str) -> str:
    return page.split(f'<th scope="row">{label}</th>')[1].split("</tr>", maxsplit=1)[0]


@pytest.mark.parametrize(
    ("complete", "used", "word"),
    [(14, True, "Fresh"), (15, True, "Stale"), (400, False, "Not used here"), (None, True, "Nothing yet")],
)
def test_how_fresh_a_kind_is_stands_in_words(client: Client, complete: int | None, used: bool, word: str) -> None:
    day = None if complete is None else today() - timedelta(days=complete)
    FeedKind.objects.create(feed=FeedFactory(), source="orders", complete_to=day, expected_days=7, used=used)
    assert word in row_of(client.get("/data/").content.decode(), "Orders")


def test_a_kind_says_its_last_row_and_import(client: Client, tmp_path: Path) -> None:
    load(tmp_path, "accounts", ACCOUNTS)
    batch = load(tmp_path, "orders", orders(28))
    row = row_of(client.get("/data/").content.decode(), "Orders")
    assert 'datetime="2026-01-28"' in row
    assert f'href="/data/imports/{batch.pk}/"' in row
    assert "every 7 days" in row


def test_order_lines_count_as_an_import_of_orders(client: Client, tmp_path: Path) -> None:
    load(tmp_path, "accounts", ACCOUNTS)
    load(tmp_path, "orders", orders(2))
    lines = "Auftrag;Artikel;Menge;Preis;Währung\nA0;X;1;5,50;EUR\n"
    batch = load(tmp_path, "order-lines", lines)
    assert f'href="/data/imports/{batch.pk}/"' in row_of(client.get("/data/").content.decode(), "Orders")


def test_an_import_by_command_is_in_the_history(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "nightly.csv"
    path.write_text(ACCOUNTS, encoding="utf-8")
    call_command("import_file", "accounts", str(path), feed="erp", verbosity=0)
    page = client.get("/data/imports/").content.decode()
    assert "nightly.csv" in page
    assert "command line" in page
    fragment = client.get("/data/imports/", headers={"HX-Request": "true"}).content.decode()
    assert "nightly.csv" in fragment
    assert "<html" not in fragment


def test_counts_open_the_rows_behind_them(client: Client, tmp_path: Path) -> None:
    first = load(tmp_path, "accounts", ACCOUNTS)
    second = load(tmp_path, "accounts", ACCOUNTS.replace("Brandt", "Brandt GmbH") + "1003;Weber;DE\n")
    assert f'href="/data/imports/{first.pk}/created/"' in client.get(f"/data/imports/{first.pk}/").content.decode()
    created = client.get(f"/data/imports/{second.pk}/created/").content.decode()
    assert "Weber" in created
    assert "Brandt" not in created
    updated = client.get(f"/data/imports/{second.pk}/updated/").content.decode()
    assert "Brandt GmbH" in updated
    assert '<span class="muted">name</span> Brandt' in updated


def test_an_import_names_why_rows_were_rejected(client: Client, tmp_path: Path) -> None:
    load(tmp_path, "accounts", ACCOUNTS)
    batch = load(tmp_path, "orders", orders(2, bad=3))
    page = client.get(f"/data/imports/{batch.pk}/").content.decode()
    assert "2026-02-31" in page
    assert "Download rejected rows" not in page, "the file lies where the command wrote it"


def test_a_feed_is_made_and_named_once(client: Client) -> None:
    answer = client.post("/data/feeds/new/", {"name": "ERP", "title": "SAP", "currency": "eur"})
    feed = Feed.objects.get(name="erp")
    assert (answer.status_code, feed.title, feed.currency) == (302, "SAP", "EUR")
    again = client.post("/data/feeds/new/", {"name": "erp", "title": "", "currency": "Euro"})
    assert again.status_code == 422
    assert "There is a feed of this name." in again.content.decode()
    assert Feed.objects.filter(name="erp").count() == 1


def edit(feed: Feed, kind: FeedKind, **changes: str) -> dict[str, str]:
    return {
        "title": "ERP",
        "currency": "EUR",
        "kinds-TOTAL_FORMS": "1",
        "kinds-INITIAL_FORMS": "1",
        "kinds-0-id": str(kind.pk),
        "kinds-0-expected_days": "7",
        "kinds-0-used": "on",
        "add-source": "",
        **changes,
    }


def test_what_is_expected_of_a_feed_is_changed_and_judged_anew(client: Client) -> None:
    feed, account = FeedFactory(), AccountFactory()
    account.keys.create(feed=feed, key="1001")
    kind = FeedKind.objects.create(feed=feed, source="orders")
    changes = edit(feed, kind, **{"kinds-0-expected_days": "30", "kinds-0-used": "", "add-source": "incidents"})
    assert client.post(f"/data/feeds/{feed.pk}/edit/", changes).status_code == 302
    kind.refresh_from_db()
    assert (kind.expected_days, kind.used) == (30, False)
    assert feed.kinds.filter(source="incidents").exists()
    assert AccountMark.objects.filter(account=account).exists()


def test_a_feed_keeps_what_it_was_when_something_is_wrong(client: Client) -> None:
    feed = FeedFactory()
    kind = FeedKind.objects.create(feed=feed, source="orders")
    answer = client.post(f"/data/feeds/{feed.pk}/edit/", edit(feed, kind, **{"kinds-0-expected_days": "0"}))
    assert answer.status_code == 422
    kind.refresh_from_db()
    assert kind.expected_days == 7


def test_the_feed_of_what_people_enter_is_not_shown(client: Client) -> None:
    own = Feed.objects.get(name="vigil")
    assert client.get(f"/data/feeds/{own.pk}/").status_code == 404
    assert client.get(f"/data/feeds/{own.pk}/edit/").status_code == 404


def test_an_empty_installation_says_what_to_do(client: Client) -> None:
    page = client.get("/data/").content.decode()
    assert "No feed yet" in page
    assert "Nothing was imported yet" in page
    assert "Name the source of the file first" in client.get("/data/upload/").content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_administrators_enter(role: Role) -> None:
    client = Client()
    client.force_login(UserFactory(role=role))
    assert client.get("/data/").status_code == 403
    assert b"/data/" not in client.get("/incidents/").content


def test_as_many_queries_with_many_rows(client: Client) -> None:
    def fill(count: int) -> None:
        user = User.objects.get(role=Role.ADMINISTRATOR)
        for number in range(count):
            feed = FeedFactory(name=f"f{Feed.objects.count()}-{number}")
            FeedKind.objects.create(feed=feed, source="orders", complete_to=today())
            ImportBatch.objects.create(kind="orders", feed=feed, file_name="x", finished_at=timezone.now(), by=user)
            Upload.objects.create(feed=feed, kind="orders", file_name="x", size=1, by=user, state="done")

    def queries(address: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    fill(1)
    few = [queries(address) for address in ("/data/", "/data/imports/")]
    fill(12)
    assert [queries(address) for address in ("/data/", "/data/imports/")] == few
