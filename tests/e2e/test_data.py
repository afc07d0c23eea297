"""The administrator's journey: hand a file in, say what it is, try it, import it, mend what was rejected."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from accounts_app.models import Account, Company, ImportBatch, Order, Role, Upload, User
from tests.e2e.conftest import LOOKS, LogIn, accessibility_faults, settled
from tests.factories import FeedFactory, UserFactory
from tests.integration.data_files import ACCOUNTS
from tests.worker import CeleryWorker

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 30_000
# One header that nobody could know, one day that does not exist.
ORDERS = (
    "Auftrag;Kundennummer;Datum;Wert netto X;Währung\n"
    "A1;1001;2026-01-12;1.200,50;EUR\nA2;1002;2026-02-31;80,00;EUR\nA3;1001;2026-03-02;90,00;EUR\n"
)


@pytest.fixture
def administrator(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> User:
    settings.UPLOAD_DIR = tmp_path / "uploads"
    monkeypatch.setenv("VIGIL_UPLOAD_DIR", str(settings.UPLOAD_DIR))
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR"})
    FeedFactory(name="erp", title="ERP")
    return UserFactory(name="Root Admin", role=Role.ADMINISTRATOR)


def hand_in(page: Page, kind: str, name: str, content: str) -> None:
    page.get_by_label("What it holds").select_option(label=kind)
    page.get_by_label("File").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content.encode()})
    page.get_by_role("button", name="Upload", exact=True).click()


def press_through(page: Page) -> None:
    """From the columns to the end of the import, as they are proposed."""
    page.get_by_role("button", name="Dry run", exact=True).click(timeout=PATIENCE)
    page.get_by_role("button", name="Import", exact=True).click(timeout=PATIENCE)
    expect(page.get_by_role("heading", name="How it was read")).to_be_visible(timeout=PATIENCE)


def test_upload_fix_the_mapping_try_import_and_mend(
    page: Page, administrator: User, log_in: LogIn, celery_worker_process: Callable[..., CeleryWorker]
) -> None:
    celery_worker_process(concurrency=1)
    log_in(page, administrator)
    page.goto("/data/")
    page.get_by_role("link", name="Upload a file", exact=True).click()
    hand_in(page, "Accounts", "customers.csv", ACCOUNTS)
    press_through(page)
    assert Account.objects.count() == 2

    page.goto("/data/upload/")
    hand_in(page, "Orders", "orders.csv", ORDERS)
    amount = page.get_by_label("Field of the column Wert netto X")
    expect(amount).to_have_value("", timeout=PATIENCE)
    expect(page.get_by_label("Field of the column Auftrag")).to_have_value("number")
    amount.select_option("amount")
    page.get_by_role("button", name="Dry run", exact=True).click()
    expect(page.get_by_role("heading", name="Dry run")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#rejected")).to_contain_text("2026-02-31")
    expect(page.locator("#created")).to_contain_text("A1")
    assert not Order.objects.exists()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("heading", name="Rejected rows")).to_be_visible(timeout=PATIENCE)
    assert Order.objects.count() == 2

    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download rejected rows").click()
    rejected = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    page.get_by_role("link", name="Upload the corrected rows").click()
    hand_in(page, "Orders", "mended.csv", rejected.replace("2026-02-31", "2026-02-28"))
    expect(page.get_by_label("Field of the column Wert netto X")).to_have_value("amount", timeout=PATIENCE)
    press_through(page)
    assert Order.objects.count() == 3
    assert _last("orders").rejected == 0


def _last(kind: str) -> ImportBatch:
    return ImportBatch.objects.filter(kind=kind).latest("pk")


def test_a_refusal_stands_at_the_field(page: Page, administrator: User, log_in: LogIn) -> None:
    log_in(page, administrator)
    page.goto("/data/upload/")
    hand_in(page, "Orders", "report.csv", "%PDF-1.7 not a table")
    expect(page.locator("#id_file_error")).to_contain_text("is a PDF document, not a table")
    expect(page.get_by_label("What it holds")).to_have_value("orders")
    assert not Upload.objects.exists()


def test_progress_renews_itself_and_stops_when_cancelled(page: Page, administrator: User, log_in: LogIn) -> None:
    log_in(page, administrator)
    page.goto("/data/upload/")
    hand_in(page, "Accounts", "customers.csv", ACCOUNTS)
    expect(page.locator("#upload")).to_contain_text("Waiting for a worker")
    claim = {"state": "running", "lease_until": "2100-01-01T00:00Z", "phase": "checking"}
    Upload.objects.update(**claim, rows_done=250, rows_total=1000)
    expect(page.locator("#upload")).to_contain_text("Checking rows: 250 of 1,000 rows", timeout=5000)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled; nothing was written")).to_be_visible()
    expect(page.locator("[hx-trigger^=every]")).to_have_count(0)


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_nothing_keeps_anybody_out(  # noqa: PLR0917
    browser: Browser, base_url: str, administrator: User, log_in: LogIn, scheme: Any, size: ViewportSize
) -> None:
    upload, batch = shown_things(administrator)
    page = browser.new_page(base_url=base_url, color_scheme=scheme, viewport=size)
    log_in(page, administrator)
    feed = f"/data/feeds/{batch.feed_id}/"
    done = (f"/data/imports/{batch.pk}/", f"/data/imports/{batch.pk}/updated/", "/data/imports/")
    addresses = (
        "/data/",
        "/data/upload/",
        "/data/feeds/new/",
        feed,
        f"{feed}edit/",
        f"/data/uploads/{upload.pk}/",
        *done,
    )
    for address in addresses:
        page.goto(address)
        settled(page)
        assert accessibility_faults(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address} is too wide"
    page.close()


def shown_things(user: User) -> tuple[Upload, ImportBatch]:
    """A tried upload with something of everything, and an import with rejects."""
    feed = FeedFactory(name="erp")
    for number, source in enumerate(("orders", "contacts", "incidents")):
        feed.kinds.create(source=source, complete_to=f"20{10 + number}-01-01", used=number != 1)
    reason = {"column": "Datum", "reason": "no such day", "rows": 3, "line": 7, "value": "2026-02-31"}
    counts = {"rows": 9, "created": 4, "updated": 2, "unchanged": 0, "rejected": 3}
    done = {"finished_at": "2026-03-01T08:00Z", "kind": "orders", "feed": feed, "by": user}
    batch = ImportBatch.objects.create(**done, **counts, file_name="orders.csv", reasons=[reason])
    batch.changes.create(model="accounts_app.order", object_id=1, before={"amount": "12.00"})
    change = {"line": 2, "key": "A1", "before": {"amount": "1"}, "after": {"amount": "2"}}
    examples = [{**change, "outcome": "created", "before": {}}, {**change, "outcome": "updated"}]
    columns = [{"header": name, "examples": ["1", "2"], "field": ""} for name in ("Auftrag", "Wert netto X")]
    question = {"answer": "dates", "fields": ["ordered_on"], "text": "Which comes first?", "choices": []}
    upload = Upload.objects.create(
        feed=feed,
        kind="orders",
        file_name="orders-of-a-name-that-is-rather-long-for-a-phone.csv",
        size=1234,
        by=user,
        state="done",
        step="dry_run",
        options={"columns": {"number": "Auftrag"}},
        preview={
            "rows": 9,
            "form": {"encoding": "utf-8"},
            "columns": columns,
            "questions": [question],
            "remembered": {},
        },
        trial={**counts, "reasons": [reason], "examples": examples, "notes": [], "history": True, "seconds": 1.0},
    )
    return upload, batch
