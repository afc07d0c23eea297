"""Files that are handed in by the tests of the Data page, good and hostile."""

import io
import zipfile
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts_app.models import Feed, Role, Upload, User
from accounts_app.services.uploads.work import work
from tests.factories import UserFactory

ACCOUNTS = "Kundennummer;Firma;Land\n1001;Halvorsen;NO\n1002;Brandt;DE\n"


def orders(rows: int, *, bad: int = 0, accounts: int = 2) -> str:
    """Orders of the accounts above; the last `bad` rows name a day that does not exist."""
    lines = [f"A{n};{1001 + n % accounts};2026-01-{n % 28 + 1:02};{n + 100},50;EUR" for n in range(rows)]
    lines += [f"B{n};1001;2026-02-31;10,00;EUR" for n in range(bad)]
    return "Auftrag;Kundennummer;Datum;Betrag;Währung\n" + "\n".join(lines) + "\n"


def named(name: str, content: str | bytes) -> SimpleUploadedFile:
    data = content.encode() if isinstance(content, str) else content
    return SimpleUploadedFile(name, data)


def administrator() -> tuple[Client, User]:
    user = UserFactory(name="Root Admin", role=Role.ADMINISTRATOR)
    client = Client()
    client.force_login(user)
    return client, user


def hand_in(client: Client, feed: Feed, kind: str, name: str, content: str | bytes, **more: Any) -> Any:
    """Post the upload form."""
    return client.post("/data/upload/", {"feed": feed.pk, "kind": kind, "file": named(name, content), **more})


def in_hand() -> Upload:
    return Upload.objects.in_hand().get()


def said(upload: Upload, **changes: str) -> dict[str, str]:
    """What the mapping form would post as it is shown, with changes by header."""
    upload.refresh_from_db()
    columns = (upload.preview or {"columns": []})["columns"]
    return {f"column-{n}": changes.get(one["header"], one["field"]) for n, one in enumerate(columns)}


def take_in(client: Client, feed: Feed, kind: str, name: str, content: str | bytes, **more: Any) -> Upload:
    """Hand a file in, read it, try it and import it, without a worker."""
    assert hand_in(client, feed, kind, name, content).status_code == 302
    upload = in_hand()
    work(upload.pk)
    client.post(f"/data/uploads/{upload.pk}/say/", {**said(upload), **more})
    work(upload.pk)
    client.post(f"/data/uploads/{upload.pk}/import/")
    work(upload.pk)
    upload.refresh_from_db()
    return upload


def workbook(rows: list[list[Any]], *sheets: str) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        for name in sheets or ("Sheet1",):
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return buffer.getvalue()


def bomb(megabytes: int) -> bytes:
    """A workbook of a few kilobytes whose sheet claims to be huge, and is."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (megabytes << 20))
    return buffer.getvalue()
