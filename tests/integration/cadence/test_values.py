"""The value library and the value page of an account: who may, what is found, written, uploaded and given out."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts_app.models import Account, Company, Interaction, Role, Team, User, ValueItem
from tests.factories import (
    AccountFactory,
    ContactFactory,
    InitiativeFactory,
    InteractionFactory,
    TeamFactory,
    UserFactory,
    ValueItemFactory,
)

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 6, 15)
PDF = b"%PDF-1.7\n1 0 obj\n"
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC), tick=False):
        Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "time_zone": "UTC"})
        yield


@pytest.fixture
def media(tmp_path: Path, settings: Any) -> Path:
    """A folder of documents, and one for what arrives."""
    settings.UPLOAD_DIR, settings.MEDIA_ROOT = tmp_path / "uploads", tmp_path / "media"
    return tmp_path / "media"


@dataclass
class Desk:
    """A manager with an own account, and one of another team."""

    team: Team = field(default_factory=TeamFactory)
    client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        self.manager: User = UserFactory(teams=[self.team])
        self.own: Account = AccountFactory(name="Own Foods", team=self.team, owner=self.manager, industry="Food")
        self.foreign: Account = AccountFactory(name="Foreign Steel")
        self.client.force_login(self.manager)

    def get(self, address: str) -> str:
        response = self.client.get(address)
        assert response.status_code == 200
        return str(response.content.decode())

    def titles(self, query: str = "") -> list[str]:
        return re.findall(r'class="row-link"[^>]*>([^<]+)<', self.get(f"/values/{query}"))

    def add(self, **changes: Any) -> Any:
        body = {"title": "Wear report", "kind": "utility", "topic": "Maintenance"} | changes
        return self.client.post("/values/add/", body, headers=FRAGMENT)

    def edit(self, item: ValueItem, **changes: Any) -> Any:
        page = self.get(f"/values/{item.pk}/edit/")
        (seen,) = re.findall(r'name="seen" value="(\w+)"', page)
        body = {"title": item.title, "kind": item.kind, "seen": seen} | changes
        return self.client.post(f"/values/{item.pk}/edit/", body, headers=FRAGMENT)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def bring(account: Account, item: ValueItem, day: dt.date = TODAY, **fields: Any) -> Interaction:
    return InteractionFactory(account=account, value_item=item, happened_on=day, **fields)


def document(name: str = "report.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def archive(*names: str, **contents: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name in names:
            packed.writestr(name, b"x")
        for name, content in contents.items():
            packed.writestr(name, content)
    return stream.getvalue()


def test_the_library_is_searched_and_filtered(desk: Desk) -> None:
    ValueItemFactory(title="Norms", kind="information", topic="Regulation", summary="What changes in 2027")
    ValueItemFactory(title="Pump checklist", kind="criteria", topic="Energy", industries=["Food"])
    ValueItemFactory(title="Steel study", kind="information", industries=["Steel"], valid_until=TODAY)
    ValueItemFactory(title="Old", kind="utility", valid_until=TODAY - dt.timedelta(1))

    assert desk.titles() == ["Norms", "Pump checklist", "Steel study"]
    assert desk.titles("?valid=expired") == ["Old"]
    assert desk.titles("?valid=all&sort=-title") == ["Steel study", "Pump checklist", "Old", "Norms"]
    assert desk.titles("?kind=criteria") == ["Pump checklist"]
    assert desk.titles("?topic=energy") == ["Pump checklist"]
    assert desk.titles("?industry=Food") == ["Norms", "Pump checklist"]
    assert desk.titles("?q=changes%202027") == ["Norms"]
    assert desk.titles("?q=%00&kind=nonsense&sort=nonsense&valid=x") == ["Norms", "Pump checklist", "Steel study"]
    assert "No item fits" in desk.get("/values/?q=nothing+like+it")


def test_counts_and_accounts_are_those_the_reader_sees(desk: Desk) -> None:
    item = ValueItemFactory(title="Norms")
    ada = ContactFactory(account=desk.own, name="Ada Lind")
    bring(desk.own, item, reaction="wants_more").contacts.add(ada)
    bring(desk.own, item, TODAY - dt.timedelta(400), reaction="useful")
    bring(desk.own, item, state="attempted")
    bring(desk.foreign, item, reaction="not_useful")

    page = " ".join(desk.get(f"/values/{item.pk}/").split())

    assert "2 times, to 1 account" in page
    assert "1 wanted more, 1 useful" in page
    assert "not useful" not in page
    assert "Ada Lind" in page
    assert "Foreign Steel" not in page
    assert "1 wanted more, 1 useful" in desk.get("/values/")

    desk.client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    assert "Foreign Steel" in desk.get(f"/values/{item.pk}/")


def test_an_item_is_added_for_whom_it_suits_and_looked_at_today(desk: Desk) -> None:
    assert desk.add(industries=["Food", ""], link="example.com/wear", valid_until="2026-12-31").status_code == 200

    item = ValueItem.objects.get()
    assert (item.title, item.topic, item.industries, item.products) == ("Wear report", "Maintenance", ["Food"], [])
    assert (item.link, item.checked_on, item.valid_until) == ("https://example.com/wear", TODAY, dt.date(2026, 12, 31))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "This field is required"),
        ({"title": " "}, "This field is required"),
        ({"kind": "joke"}, "Select a valid choice"),
        ({"industries": ["Martian"]}, "Select a valid choice"),
        ({"link": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"link": "ftp://example.com/x"}, "Enter a valid URL"),
        ({"valid_until": "2100-01-01"}, "more than 20 years away"),
        ({"valid_until": "31.02.2027"}, "Enter a valid date"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(desk: Desk, changes: dict[str, Any], said: str) -> None:
    response = desk.add(**changes)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert not ValueItem.objects.exists()


def test_the_form_of_a_new_item_is_empty_and_its_own(desk: Desk) -> None:
    form = desk.get("/values/add/")

    assert "DatabaseDefault" not in form
    assert re.search(rf'<option value="{desk.manager.pk}" selected>', form)


def test_a_title_is_given_once(desk: Desk) -> None:
    ValueItemFactory(title="Wear report")

    assert desk.add(title="Wear  report").status_code == 422
    assert ValueItem.objects.count() == 1


def test_the_second_editor_overwrites_nothing(desk: Desk) -> None:
    item = ValueItemFactory(title="Norms", summary="first")
    page = desk.get(f"/values/{item.pk}/edit/")
    (seen,) = re.findall(r'name="seen" value="(\w+)"', page)
    ValueItem.objects.update(summary="theirs")

    body = {"title": "Norms", "kind": "information", "summary": "mine", "seen": seen}
    answer = desk.client.post(f"/values/{item.pk}/edit/", body)

    item.refresh_from_db()
    assert (answer.status_code, item.summary) == (422, "theirs")
    assert "Somebody else changed this" in answer.content.decode()


def test_a_retired_item_leaves_the_choices_and_stays_in_history(desk: Desk) -> None:
    item = ValueItemFactory(title="Norms")
    bring(desk.own, item)

    said = desk.client.post(f"/values/{item.pk}/retire/", {"valid_until": "2026-06-14"}, headers=FRAGMENT)

    assert desk.titles() == []
    assert "Norms" not in desk.get(f"/log/contact/?account={desk.own.pk}")
    assert "Norms" in desk.get(f"/accounts/{desk.own.pk}/value/")
    (undo,) = set(re.findall(r"/values/\d+/restore/\?until=", said.content.decode()))
    desk.client.post(undo, headers=FRAGMENT)
    item.refresh_from_db()
    assert item.valid_until is None


def test_retiring_brings_back_the_day_it_was_valid_until_before(desk: Desk) -> None:
    item = ValueItemFactory(valid_until=dt.date(2026, 12, 31))

    said = desk.client.post(f"/values/{item.pk}/retire/", {"valid_until": "2026-06-14"}, headers=FRAGMENT)
    (undo,) = set(re.findall(r"/values/\d+/restore/\?until=[\d-]+", said.content.decode()))
    desk.client.post(undo, headers=FRAGMENT)

    item.refresh_from_db()
    assert item.valid_until == dt.date(2026, 12, 31)
    desk.client.post(f"/values/{item.pk}/restore/?until=2026-02-31")
    item.refresh_from_db()
    assert item.valid_until is None


def test_somebody_says_that_it_still_holds(desk: Desk) -> None:
    item = ValueItemFactory(checked_on=dt.date(2024, 1, 8))

    assert desk.client.post(f"/values/{item.pk}/confirm/").status_code == 302

    item.refresh_from_db()
    assert item.checked_on == TODAY


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [(Role.READ_ONLY, 200, 403), (Role.OPERATIONS, 403, 403), (Role.SALES_LEADER, 200, 200)],
)
def test_who_reads_and_who_writes(role: Role, reads: int, writes: int) -> None:
    item, client = ValueItemFactory(), Client()
    client.force_login(UserFactory(role=role))

    assert {client.get(url).status_code for url in ("/values/", f"/values/{item.pk}/")} == {reads}
    acts = ("add/", f"{item.pk}/edit/", f"{item.pk}/retire/")
    assert {client.get(f"/values/{act}").status_code for act in acts} == {writes}


def test_a_document_is_kept_private_and_given_out_as_a_download(desk: Desk, media: Path) -> None:
    assert desk.add(upload=document("Bericht <1>.pdf")).status_code == 200

    item = ValueItem.objects.get()
    assert re.fullmatch(r"values/[0-9a-f]{32}\.pdf", item.file.name)
    stored = media / item.file.name
    assert (stored.stat().st_mode & 0o777, stored.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    answer = desk.client.get(f"/values/{item.pk}/file/")
    assert answer.getvalue() == PDF
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
    assert "sandbox" in answer["Content-Security-Policy"]

    client = Client()
    client.force_login(UserFactory(role=Role.OPERATIONS))
    assert client.get(f"/values/{item.pk}/file/").status_code == 403


@pytest.mark.parametrize(
    ("handed_in", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\boot.pdf", "boot.pdf"),
        ("report.pdf.exe", "report.pdf.pdf"),
        ("bell\x07 and tab\t.pdf", "bell and tab.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("page.html", "page.pdf"),
        ("Ünïcode 名.PDF", "Ünïcode 名.PDF"),
        ("x" * 400 + ".pdf", "x" * 120 + ".pdf"),
    ],
)
def test_hostile_names_become_plain_ones(desk: Desk, media: Path, handed_in: str, kept: str) -> None:
    assert desk.add(upload=document(handed_in)).status_code == 200

    item = ValueItem.objects.get()
    assert item.file_name == kept
    assert [path.suffix for path in media.rglob("*") if path.is_file()] == [".pdf"]
    answer = desk.client.get(f"/values/{item.pk}/file/")
    answer.close()
    assert answer["Content-Disposition"].startswith("attachment; filename")


OFFICE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}


@pytest.mark.parametrize("ending", OFFICE)
def test_office_documents_are_told_by_what_they_hold(desk: Desk, media: Path, ending: str) -> None:
    desk.add(upload=document("list.zip", archive("[Content_Types].xml", OFFICE[ending])))

    assert ValueItem.objects.get().file_name == f"list.{ending}"


def test_an_open_document_is_told_by_its_type(desk: Desk, media: Path) -> None:
    content = archive(mimetype=b"application/vnd.oasis.opendocument.text")

    desk.add(upload=document("letter.odt", content))

    assert ValueItem.objects.get().file_name == "letter.odt"


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script>",
        b"MZ\x90\x00 a program called report.pdf",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"PK\x03\x04 cut off",
        archive("readme.txt"),
        archive("word/document.xml", "word/vbaProject.bin"),
        archive(mimetype=b"application/java-archive"),
        b"GIF89a",
        b" %PDF-1.7",
        b"",
    ],
    ids=["html", "program", "svg", "broken-zip", "zip", "macros", "jar", "gif", "late-pdf", "empty"],
)
def test_other_contents_are_refused_whatever_they_are_called(desk: Desk, media: Path, content: bytes) -> None:
    response = desk.add(upload=document("report.pdf", content))

    assert response.status_code == 422
    assert not ValueItem.objects.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]


@pytest.mark.parametrize("role", [Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR])
def test_a_document_beyond_the_limit_is_refused(desk: Desk, media: Path, settings: Any, role: Role) -> None:
    settings.ATTACHED_BYTES = 1 << 20
    User.objects.filter(pk=desk.manager.pk).update(role=role)

    response = desk.add(upload=document(content=PDF + b"x" * (3 << 20)))

    assert response.status_code == 422
    assert "The file is larger than 1 MB" in response.content.decode()
    assert not ValueItem.objects.exists()
    assert desk.add(upload=document(content=PDF + b"x" * ((1 << 20) - len(PDF)))).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_replaced_document_goes_and_one_of_a_refused_save_too(desk: Desk, media: Path) -> None:
    desk.add(upload=document())
    item = ValueItem.objects.get()

    assert desk.edit(item, upload=document("new.pdf", PDF + b"new")).status_code == 200
    [left] = [path for path in media.rglob("*") if path.is_file()]
    assert left.read_bytes() == PDF + b"new"

    body = {"title": item.title, "kind": item.kind, "seen": "stale", "upload": document("third.pdf")}
    assert desk.client.post(f"/values/{item.pk}/edit/", body).status_code == 422
    assert [path for path in media.rglob("*") if path.is_file()] == [left]

    item.refresh_from_db()
    assert desk.edit(item, drop_file="on").status_code == 200
    item.refresh_from_db()
    assert (item.file.name, item.file_name) == ("", "")
    assert not left.exists()
    assert desk.client.get(f"/values/{item.pk}/file/").status_code == 404


def test_the_page_of_an_account_says_what_it_had_wants_and_could_have(desk: Desk) -> None:
    had, wanted = ValueItemFactory(title="Had"), ValueItemFactory(title="Wanted", topic="Downtime")
    InitiativeFactory(account=desk.own, title="Cut downtime", topic="downtime")
    bring(desk.own, had, reaction="useful", purpose="proactive")
    InteractionFactory(account=desk.own, happened_on=TODAY, purpose="review")
    InteractionFactory(account=desk.own, happened_on=TODAY, purpose="order", value_item=had)
    InteractionFactory(account=desk.own, happened_on=TODAY - dt.timedelta(365), value_item=had)

    page = " ".join(desk.get(f"/accounts/{desk.own.pk}/value/").split())

    assert "1 of 2 contacts we started in the last 12 months brought them something." in page
    assert "Utility" not in page
    assert "fits their initiative “Cut downtime”, not brought yet" in page
    assert f'/accounts/{desk.own.pk}/interactions/plan/?item={wanted.pk}"' in page
    assert page.index("Cut downtime") < page.index("What was brought")
    plan = desk.get(f"/accounts/{desk.own.pk}/interactions/plan/?item={wanted.pk}")
    assert re.search(rf'<option value="{wanted.pk}" selected>Wanted', plan)


def test_an_account_without_contacts_has_no_share(desk: Desk) -> None:
    page = desk.get(f"/accounts/{desk.own.pk}/value/")

    assert "In the last 12 months we started no contact with them." in page
    assert "0 of 0" not in page


def test_a_foreign_account_and_a_missing_item_answer_alike(desk: Desk) -> None:
    for address in (f"/accounts/{desk.foreign.pk}/value/", "/accounts/999999/value/", "/values/999999/"):
        assert desk.client.get(address).status_code == 404


def test_a_plan_that_brings_nothing_is_marked(desk: Desk) -> None:
    planned = {"state": "planned", "happened_on": None, "happened_known_on": None, "planned_on": TODAY}
    InteractionFactory(account=desk.own, **planned)

    assert "nothing to bring chosen yet" in desk.get(f"/accounts/{desk.own.pk}/interactions/")
    assert "nothing to bring chosen yet" in desk.get(f"/accounts/{desk.own.pk}/interactions/?state=planned")


def test_an_initiative_ends_with_its_outcome(desk: Desk) -> None:
    initiative = InitiativeFactory(account=desk.own)
    url = f"/accounts/{desk.own.pk}/initiatives/"
    body = {"title": "Cut downtime", "heard_on": "2026-06-01", "topic": "maintenance"}

    assert desk.client.post(f"{url}add/", body).status_code == 302
    added = desk.own.initiatives.exclude(pk=initiative.pk).get()
    page = desk.get(f"{url}{added.pk}/edit/")
    (seen,) = re.findall(r'name="seen" value="(\w+)"', page)
    refused = desk.client.post(f"{url}{added.pk}/edit/", body | {"seen": seen, "outcome": "reached"})
    assert "On which day did it end?" in refused.content.decode()
    done = body | {"seen": seen, "outcome": "reached", "ended_on": "2026-06-10"}
    assert desk.client.post(f"{url}{added.pk}/edit/", done).status_code == 302

    added.refresh_from_db()
    assert (added.outcome, added.ended_on, added.ended_known_on) == ("reached", dt.date(2026, 6, 10), TODAY)


@pytest.mark.parametrize("address", ["/values/", "/values/{item}/", "/accounts/{account}/value/"])
def test_the_queries_do_not_grow_with_the_rows(desk: Desk, address: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            desk.get(address.format(item=first.pk, account=desk.own.pk))
        return len(captured)

    def grow(count: int) -> None:
        for n in range(count):
            item = ValueItemFactory(topic=f"topic {n}", owner=desk.manager)
            for brought in (item, first):
                bring(desk.own, brought, reaction="useful").contacts.add(ContactFactory(account=desk.own))
            InitiativeFactory(account=desk.own, sponsor=ContactFactory(account=desk.own))

    first = ValueItemFactory()
    grow(1)
    few = cost()
    grow(20)
    assert cost() <= few
