"""A file on its way in through the browser: handed in, read, told what it is, tried, imported; and what is refused."""

import gzip
import stat
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts_app.models import Account, Feed, ImportBatch, Order, Role, Upload
from accounts_app.services.uploads import files, ledger
from accounts_app.services.uploads.work import work
from tests.factories import FeedFactory, UserFactory
from tests.integration.data_files import (
    ACCOUNTS,
    administrator,
    bomb,
    hand_in,
    in_hand,
    orders,
    said,
    take_in,
    workbook,
)

# The lease is kept by a thread with a connection of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.UPLOAD_DIR = tmp_path / "uploads"
    monkeypatch.setattr(ledger, "_send", lambda _ids: None)  # nobody listens here; test_data_worker has real workers
    return tmp_path / "uploads"


@pytest.fixture
def feed() -> Feed:
    return FeedFactory(name="erp", title="ERP")


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


def test_a_file_is_read_told_tried_and_imported(feed: Feed, folder: Path) -> None:
    client, user = administrator()
    assert hand_in(client, feed, "accounts", "customers.csv", ACCOUNTS).status_code == 302
    upload = in_hand()
    assert "Waiting for a worker" in client.get(f"/data/uploads/{upload.pk}/").content.decode()
    work(upload.pk)
    page = client.get(f"/data/uploads/{upload.pk}/").content.decode()
    assert "Kundennummer" in page
    assert "Halvorsen" in page
    client.post(f"/data/uploads/{upload.pk}/say/", said(upload))
    work(upload.pk)
    page = client.get(f"/data/uploads/{upload.pk}/").content.decode()
    assert "Dry run" in page
    assert not Account.objects.exists()
    upload.refresh_from_db()
    assert upload.trial, upload.error
    assert (upload.trial["created"], upload.trial["rejected"]) == (2, 0)
    client.post(f"/data/uploads/{upload.pk}/import/")
    work(upload.pk)
    batch = ImportBatch.objects.get()
    assert (batch.created, batch.by, batch.file_name) == (2, user, "customers.csv")
    assert client.get(f"/data/uploads/{upload.pk}/").url == f"/data/imports/{batch.pk}/"  # type: ignore[attr-defined]
    assert kept(folder) == []


def test_files_are_for_this_user_alone(feed: Feed, folder: Path) -> None:
    client, _user = administrator()
    hand_in(client, feed, "accounts", "customers.csv", ACCOUNTS)
    place = files.source_of(in_hand())
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(files.folder_of(in_hand()).stat().st_mode) == 0o700


def test_a_column_may_be_changed_and_left_out(feed: Feed) -> None:
    client, _user = administrator()
    hand_in(client, feed, "accounts", "customers.csv", "Nummer;Bezeichnung;Land\n1;Halvorsen;NO\n")
    work(in_hand().pk)
    client.post(
        f"/data/uploads/{in_hand().pk}/say/",
        said(in_hand(), Nummer="key", Bezeichnung="name", Land=""),
    )
    work(in_hand().pk)
    client.post(f"/data/uploads/{in_hand().pk}/import/")
    work(in_hand().pk)
    account = Account.objects.get()
    assert (account.name, account.country) == ("Halvorsen", "")


def test_what_was_said_is_chosen_again_for_the_next_file(feed: Feed) -> None:
    client, _user = administrator()
    first = take_in(client, feed, "accounts", "a.csv", "Nummer;Bezeichnung\n1;Halvorsen\n", currency="EUR")
    assert first.batch is None  # its columns were not known by themselves
    client.post(f"/data/uploads/{first.pk}/say/", said(first, Nummer="key", Bezeichnung="name"))
    work(first.pk)
    client.post(f"/data/uploads/{first.pk}/import/")
    work(first.pk)
    hand_in(client, feed, "accounts", "b.csv", "Nummer;Bezeichnung\n2;Brandt\n")
    upload = in_hand()
    work(upload.pk)
    assert said(upload) == {"column-0": "key", "column-1": "name"}
    assert "last import of the kind" in client.get(f"/data/uploads/{upload.pk}/").content.decode()


def test_two_columns_for_one_field_and_a_missing_one_are_named(feed: Feed) -> None:
    client, _user = administrator()
    hand_in(client, feed, "orders", "orders.csv", orders(3))
    work(in_hand().pk)
    answer = client.post(f"/data/uploads/{in_hand().pk}/say/", said(in_hand(), Betrag="number"))
    assert answer.status_code == 422
    assert "Number is already the column Auftrag." in answer.content.decode()
    answer = client.post(f"/data/uploads/{in_hand().pk}/say/", said(in_hand(), Datum=""))
    assert "No column is chosen for: ordered on." in answer.content.decode()
    assert in_hand().trial is None


def test_ambiguous_days_are_asked_about_in_the_pages_own_words(feed: Feed) -> None:
    client, _user = administrator()
    take_in(client, feed, "accounts", "customers.csv", ACCOUNTS)
    hand_in(client, feed, "orders", "o.csv", "Auftrag;Kundennummer;Datum;Betrag;Währung\nA1;1001;04/07/2025;1,50;EUR\n")
    upload = in_hand()
    work(upload.pk)
    page = client.get(f"/data/uploads/{upload.pk}/").content.decode()
    assert "can be read in more than one way" in page
    assert "--dates" not in page
    client.post(f"/data/uploads/{upload.pk}/say/", said(upload))
    work(upload.pk)
    upload.refresh_from_db()
    assert upload.state == "failed"
    assert "--dates" not in client.get(f"/data/uploads/{upload.pk}/").content.decode()
    client.post(f"/data/uploads/{upload.pk}/say/", {**said(upload), "dates": "mdy"})
    work(upload.pk)
    client.post(f"/data/uploads/{upload.pk}/import/")
    work(upload.pk)
    assert str(Order.objects.get().ordered_on) == "2025-04-07"


def test_a_sheet_is_chosen_and_the_file_read_again(feed: Feed) -> None:
    client, _user = administrator()
    rows = [["Kundennummer", "Firma"], ["1", "Halvorsen"]]
    hand_in(client, feed, "accounts", "two.xlsx", workbook(rows, "Old", "New"))
    upload = in_hand()
    work(upload.pk)
    assert '<option value="New"' in client.get(f"/data/uploads/{upload.pk}/").content.decode()
    client.post(f"/data/uploads/{upload.pk}/say/", {"sheet": "New", "again": ""})
    work(upload.pk)
    assert said(upload) == {"column-0": "key", "column-1": "name"}


def test_rejected_rows_are_downloaded_mended_and_handed_in_again(feed: Feed) -> None:
    client, _user = administrator()
    take_in(client, feed, "accounts", "customers.csv", ACCOUNTS)
    text = orders(3) + "=cmd|' /C calc'!A0;1001;2026-02-31;10,00;EUR\n"
    first = take_in(client, feed, "orders", "orders.csv", text, history="yes")
    assert first.batch
    assert (first.batch.created, first.batch.rejected) == (3, 1)
    page = client.get(f"/data/imports/{first.batch.pk}/").content.decode()
    assert "2026-02-31" in page
    assert "Download rejected rows" in page
    answer = client.get(f"/data/imports/{first.batch.pk}/rejected.csv")
    rejected = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "'=cmd" in rejected
    assert "attachment" in answer["Content-Disposition"]
    mended = rejected.replace("2026-02-31", "2026-02-28")
    form = client.get(f"/data/upload/?corrects={first.batch.pk}").content.decode()
    assert f'name="corrects" value="{first.batch.pk}"' in form
    hand_in(client, feed, "orders", "mended.csv", mended, corrects=str(first.batch.pk))
    upload = in_hand()
    assert upload.options["history"] is True
    work(upload.pk)
    client.post(f"/data/uploads/{upload.pk}/say/", {**said(upload), "history": "yes"})
    work(upload.pk)
    client.post(f"/data/uploads/{upload.pk}/import/")
    work(upload.pk)
    upload.refresh_from_db()
    assert upload.batch
    assert (upload.batch.created, upload.batch.rejected) == (1, 0)
    assert Order.objects.get(ordered_on="2026-02-28").known_on.isoformat() == "2026-02-28"
    assert "mended.csv" in client.get(f"/data/imports/{first.batch.pk}/").content.decode()


REFUSED = [
    ("nothing.csv", b"", "is empty"),
    ("tool.csv", b"MZ\x90\x00" + b"\x00" * 500, "is a program"),
    ("photo.csv", b"\x89PNG\r\n" + b"\x00" * 500, "is a picture"),
    ("page.csv", b"<!doctype html><table></table>", "is a web page"),
    ("letter.xlsx", b"%PDF-1.7\n" + b"x" * 100, "is a PDF document"),
    ("noise.csv", b"a,b\n1,2\n\x00\x01\n" * 300, "NUL characters"),
    ("bomb.xlsx", bomb(30), "unpacks to more than"),
    ("bomb.csv.gz", gzip.compress(b"0,0\n" * (3 << 20)), "unpacks to more than"),
    ("page.csv.gz", gzip.compress(b"<html></html>"), "is a web page"),
    ("half.csv.gz", gzip.compress(b"a,b\n1,2\n" * 9000)[:60], "damaged gzip"),
]


@pytest.mark.parametrize(("name", "content", "words"), REFUSED, ids=[name for name, _content, _words in REFUSED])
def test_what_is_no_table_is_refused_at_the_field(
    feed: Feed, folder: Path, name: str, content: bytes, words: str
) -> None:
    client, _user = administrator()
    answer = hand_in(client, feed, "orders", name, content)
    assert answer.status_code == 422
    error = answer.content.decode().split('id="id_file_error"')[1].split("</ul>")[0]
    assert words in error
    assert name in error
    assert kept(folder) == []
    assert not Upload.objects.exists()


def test_a_file_larger_than_the_limit_is_cut_off(feed: Feed, folder: Path, settings: Any) -> None:
    settings.UPLOAD_BYTES = 1 << 20
    client, _user = administrator()
    answer = hand_in(client, feed, "orders", "large.csv", b"1;2\n" * (1 << 19))
    assert answer.status_code == 422
    assert "larger than 1 MB" in answer.content.decode().split('id="id_file_error"')[1]
    assert kept(folder) == []
    # A body that does not say how long it is: counted as it comes.
    answer = hand_in(client, feed, "orders", "large.csv", b"1;2\n" * (1 << 18) + b"x")
    assert "larger than 1 MB" in answer.content.decode().split('id="id_file_error"')[1]
    assert kept(folder) == []


def test_the_page_says_how_large_a_file_may_be(feed: Feed, settings: Any) -> None:
    settings.UPLOAD_BYTES = 7 << 20
    client, _user = administrator()
    assert "at most 7 MB" in client.get("/data/upload/").content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else_gets_a_byte_onto_the_disk(feed: Feed, folder: Path, role: Role) -> None:
    client = Client()
    client.force_login(UserFactory(role=role))
    assert hand_in(client, feed, "orders", "o.csv", orders(2)).status_code == 403
    assert kept(folder) == []


@pytest.mark.parametrize(
    ("name", "stored"),
    [("../../etc/passwd", "passwd"), ("a\x00b.csv", "ab.csv"), ("x" * 300 + ".csv", "x" * 120 + ".csv"), ("…", "…")],
)
def test_names_are_kept_for_reading_only(name: str, stored: str) -> None:
    assert files.safe_name(name) == stored


def test_a_second_click_on_import_imports_once(feed: Feed) -> None:
    client, _user = administrator()
    upload = take_in(client, feed, "accounts", "customers.csv", ACCOUNTS)
    client.post(f"/data/uploads/{upload.pk}/import/")
    upload.refresh_from_db()
    assert (upload.state, ImportBatch.objects.count()) == ("done", 1)
    work(upload.pk)
    assert ImportBatch.objects.count() == 1


def test_an_import_needs_a_dry_run_with_the_same_words(feed: Feed) -> None:
    client, _user = administrator()
    hand_in(client, feed, "accounts", "customers.csv", ACCOUNTS)
    upload = in_hand()
    work(upload.pk)
    client.post(f"/data/uploads/{upload.pk}/import/")
    upload.refresh_from_db()
    assert (upload.step, upload.state) == ("preview", "done")
    client.post(f"/data/uploads/{upload.pk}/say/", said(upload))
    work(upload.pk)
    client.post(f"/data/uploads/{upload.pk}/say/", said(upload, Land=""))
    upload.refresh_from_db()
    assert upload.trial is None


def test_cancelled_before_a_worker_came(feed: Feed) -> None:
    client, _user = administrator()
    hand_in(client, feed, "accounts", "customers.csv", ACCOUNTS)
    upload = in_hand()
    client.post(f"/data/uploads/{upload.pk}/cancel/")
    work(upload.pk)
    upload.refresh_from_db()
    assert (upload.state, upload.preview) == ("cancelled", None)
    assert "Cancelled; nothing was written" in client.get(f"/data/uploads/{upload.pk}/").content.decode()
    client.post(f"/data/uploads/{upload.pk}/say/", {"again": ""})
    work(upload.pk)
    assert in_hand().preview


def test_forgotten_with_its_file(feed: Feed, folder: Path) -> None:
    client, _user = administrator()
    hand_in(client, feed, "accounts", "customers.csv", ACCOUNTS)
    upload = in_hand()
    client.post(f"/data/uploads/{upload.pk}/discard/")
    assert Upload.objects.exists(), "work on it is under way"
    work(upload.pk)
    client.post(f"/data/uploads/{upload.pk}/discard/")
    assert not Upload.objects.exists()
    assert kept(folder) == []
