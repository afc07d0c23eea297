"""PDF and workbook of audits: what stands on which page, for whom, and the ledger behind the pack."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zipfile import ZipFile

import pypdfium2
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts_app.models import Role, Team, User
from cadence.models import Audit, AuditCycle, AuditPack
from cadence.reports.audit_print import account_pdf, audits_of, pack_pdf
from cadence.reports.typesetting import BREAK
from cadence.services import audit_pack_ledger as ledger
from cadence.services import audit_packs
from cadence.services.audit_evidence import evidence_of
from cadence.services.audit_pack_ledger import LeaseLostError
from signals.models import Band
from tests.factories import AccountFactory, OrderFactory, TeamFactory, UserFactory
from tests.factories.audits import answer_all, audit_cycle, open_audit, sign_through
from tests.factories.judgement import AS_OF, judged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company", "folder")]
# The thread that keeps a lease looks over a connection of its own: it sees what is committed.
COMMITTED = (pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("unfrozen_afterwards"))
HOSTILE = '#read("/etc/passwd") $x$ *b* `c` =1+1'


def at_work(test: Callable[..., None]) -> Callable[..., None]:
    for mark in COMMITTED:
        test = mark(test)
    return test


@pytest.fixture
def folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def cycle(leader: User) -> AuditCycle:
    return audit_cycle(by=leader)


def audited(name: str, team: Team, cycle: AuditCycle, owner: User, band: Band = Band.HEALTHY) -> Audit:
    account = AccountFactory(name=name, team=team, owner=owner)
    OrderFactory(account=account)
    judged(account, band)
    reviewer = UserFactory(name=f"Reviewer of {name}", teams=[team])
    evidence = evidence_of([account.pk], AS_OF)[account.pk] | {"account": {"known": True, "name": name, "tier": "Key"}}
    return open_audit(account, reviewer, cycle, evidence=evidence)


@pytest.fixture
def audits(north: Team, cycle: AuditCycle, manager: User, leader: User) -> list[Audit]:
    """One signed, one answered, one hardly begun; and one of another team."""
    signed = sign_through(audited("Ferro", north, cycle, manager, Band.AT_RISK), leader)
    answered = audited(HOSTILE, north, cycle, manager)
    assert answered.reviewer is not None
    answer_all(answered, answered.reviewer)
    south = TeamFactory(name="South")
    audited("Zanzibar", south, cycle, UserFactory(name="Zora Elsewhere", teams=[south]))
    return [signed, answered, audited("Hansa", north, cycle, manager)]


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page; what setting breaks or rounds is made as it was."""
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]
    return [" ".join(page.replace("“", '"').replace("”", '"').replace(BREAK, "").split()) for page in pages]


def pack_of(cycle: AuditCycle, user: User) -> list[str]:
    told: list[tuple[int, int]] = []
    keys = audits_of(cycle, user)
    pdf = pack_pdf(cycle, user, timezone.now(), keys, lambda done, total: told.append((done, total)))
    assert told == [(n, len(keys)) for n in range(1, len(keys) + 1)]
    return pages_of(pdf)


def test_the_pack_has_cover_summary_and_a_page_for_each_account(
    audits: list[Audit], cycle: AuditCycle, leader: User
) -> None:
    cover, summary, *pages = pack_of(cycle, leader)
    assert "Audit 2026-Q2" in cover
    assert "The state of our relationships with 3 significant accounts" in cover
    assert "1 of 3 audits signed" in summary
    # By name; each stands in the summary with its page, and on that page.
    names = [HOSTILE, "Ferro", "Hansa"]
    assert [next(n for n, page in enumerate(pages) if name in page) for name in names] == [0, 1, 2]
    assert all(name in summary for name in names)
    assert len(pages) == 3


def test_a_page_says_scores_reasons_judgement_actions_signatures_and_hash(
    audits: list[Audit], cycle: AuditCycle, leader: User
) -> None:
    signed = audits[0]
    page = next(page for page in pack_of(cycle, leader)[2:] if "Ferro" in page)
    assert "At risk" in page
    assert page.count("Seen in the visits of the quarter.") == 12
    assert "They build a second source." in page
    assert "Present the plan for the new line" in page
    assert f"Leader: {leader.name}" in page
    assert signed.record.hash in page.replace(" ", "")


def test_nothing_of_an_account_the_reader_may_not_see_is_in_it(
    audits: list[Audit], cycle: AuditCycle, leader: User
) -> None:
    text = "".join(pack_of(cycle, leader))
    assert "Zanzibar" not in text
    assert "Elsewhere" not in text
    everything = "".join(pack_of(cycle, UserFactory(role=Role.ADMINISTRATOR)))
    assert "Zanzibar" in everything


def test_what_people_typed_is_text_on_paper(audits: list[Audit], cycle: AuditCycle, leader: User) -> None:
    text = "".join(pack_of(cycle, leader))
    assert HOSTILE in text
    assert "root:" not in text


def test_the_file_of_one_audit_has_its_figures_behind_it(audits: list[Audit], leader: User) -> None:
    first, *others = pages_of(account_pdf(audits[0], leader, timezone.now()))
    assert "Ferro" in first
    assert "Evidence in figures" in others[0]
    assert "Orders in twelve months" in " ".join(others)


def test_a_pack_of_more_accounts_takes_no_more_statements_in_a_batch(
    audits: list[Audit], cycle: AuditCycle, leader: User, north: Team, manager: User
) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            pack_of(cycle, leader)
        return len(seen)

    before = statements()
    for n in range(5):
        audited(f"More {n}", north, cycle, manager)
    assert statements() == before


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@at_work
def test_the_pack_is_asked_for_made_and_read(audits: list[Audit], cycle: AuditCycle, leader: User) -> None:
    client = client_of(leader)
    assert client.post("/audits/2026-Q2/pack/").status_code == 302
    pack = AuditPack.objects.get()
    waiting = client.get(f"/audits/packs/{pack.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "Waiting for a worker" in waiting
    assert 'hx-trigger="every 1s"' in waiting
    assert client.get(f"/audits/packs/{pack.pk}/file/").status_code == 404
    audit_packs.work(pack.pk)
    pack.refresh_from_db()
    assert (pack.state, pack.done, pack.total, pack.attempts) == ("done", 3, 3, 1), pack.error
    page = client.get("/audits/2026-Q2/pack/").content.decode()
    assert f"/audits/packs/{pack.pk}/file/" in page
    answer = client.get(f"/audits/packs/{pack.pk}/file/")
    assert answer["Content-Disposition"] == 'attachment; filename="audit-2026-Q2.pdf"'
    assert answer["Cache-Control"] == "no-store"
    assert len(pages_of(b"".join(answer.streaming_content))) == 5  # type: ignore[attr-defined]


@at_work
def test_a_pack_is_read_by_nobody_else_and_not_after_losing_sight(
    audits: list[Audit], cycle: AuditCycle, leader: User, north: Team
) -> None:
    pack = audit_packs.ask(cycle, leader)
    audit_packs.work(pack.pk)
    address = f"/audits/packs/{pack.pk}/file/"
    assert client_of(UserFactory(role=Role.ADMINISTRATOR)).get(address).status_code == 404
    read = client_of(leader).get(address)
    assert read.status_code == 200
    read.close()
    moved = audits[2].account
    moved.team = TeamFactory(name="West")
    moved.save()
    assert client_of(leader).get(address).status_code == 404
    page = client_of(leader).get("/audits/2026-Q2/pack/").content.decode()
    assert "You may no longer see every account in it" in page


@at_work
def test_asked_twice_it_is_one_and_worked_twice_it_is_made_once(
    audits: list[Audit], cycle: AuditCycle, leader: User
) -> None:
    first, second = audit_packs.ask(cycle, leader), audit_packs.ask(cycle, leader)
    assert first.pk == second.pk
    audit_packs.work(first.pk)
    audit_packs.work(first.pk)
    first.refresh_from_db()
    assert (first.attempts, len(default_storage.listdir("audit-packs")[1])) == (1, 1)
    # Once it is made, another one may be asked for.
    assert audit_packs.ask(cycle, leader).pk != first.pk


@at_work
def test_what_is_cancelled_or_taken_over_keeps_nothing(audits: list[Audit], cycle: AuditCycle, leader: User) -> None:
    late = ledger.claim(audit_packs.ask(cycle, leader).pk)
    assert late
    AuditPack.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert ledger.claim(late.pk)
    with ledger.kept_alive(late) as attempt, pytest.raises(LeaseLostError):
        attempt.finish(file="x", audits=[])
    client_of(leader).post(f"/audits/packs/{late.pk}/cancel/")
    late.refresh_from_db()
    assert (late.state, late.file.name, late.lease_until) == ("cancelled", "", None)
    audit_packs.work(late.pk)
    late.refresh_from_db()
    assert late.state == "cancelled"


@at_work
def test_what_cannot_be_made_is_given_up_with_its_reason(audits: list[Audit], cycle: AuditCycle, leader: User) -> None:
    pack = audit_packs.ask(cycle, leader)
    Audit.objects.filter(pk=audits[2].pk).update(evidence={"about": {"account": 1}})
    for _attempt in range(AuditPack.MAX_ATTEMPTS):
        audit_packs.work(pack.pk)
    audit_packs.sweep()
    pack.refresh_from_db()
    assert pack.state == "failed"
    assert "Tried 3 times" in pack.error
    assert "It could not be made." in client_of(leader).get("/audits/2026-Q2/pack/").content.decode()


@at_work
def test_an_old_pack_is_forgotten_with_its_files(audits: list[Audit], cycle: AuditCycle, leader: User) -> None:
    pack = audit_packs.ask(cycle, leader)
    # Killed between writing its file and saying so.
    default_storage.save(f"audit-packs/{pack.pk}-1.pdf", ContentFile(b"%PDF"))
    AuditPack.objects.update(attempts=1)
    audit_packs.work(pack.pk)
    audit_packs.sweep()
    assert len(default_storage.listdir("audit-packs")[1]) == 2
    AuditPack.objects.update(asked_at=Now() - AuditPack.KEPT - timedelta(hours=1))
    audit_packs.sweep()
    assert not AuditPack.objects.exists()
    assert default_storage.listdir("audit-packs")[1] == []


def test_the_workbook_holds_scores_answers_and_actions_of_visible_accounts(
    audits: list[Audit], cycle: AuditCycle, leader: User
) -> None:
    content = b"".join(client_of(leader).get("/audits/2026-Q2/xlsx/").streaming_content)  # type: ignore[attr-defined]
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["Accounts", "Answers", "Actions", "About"]
    accounts = book.get_sheet_by_name("Accounts").to_python()
    assert [row[0] for row in accounts[1:]] == [HOSTILE, "Ferro", "Hansa"]
    assert accounts[2][9:16] == [3.0] * 7
    assert accounts[3][9:16] == [""] * 7
    assert accounts[2][3:7] == ["Signed", 12.0, date(2026, 6, 30), "no"]
    assert accounts[3][3:7] == ["In progress", 0.0, "", "no"]
    answers = book.get_sheet_by_name("Answers").to_python()
    assert len(answers) == 1 + 2 * 12
    actions = book.get_sheet_by_name("Actions").to_python()
    assert actions[1][1:5] == ["Present the plan for the new line", actions[1][2], date(2026, 8, 31), "open"]
    sheets = "".join(ZipFile(io.BytesIO(content)).read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2, 3, 4))
    assert "<f>" not in sheets
    assert "Zanzibar" not in sheets


def test_who_sees_nothing_of_the_cycle_is_told_that_it_is_missing(audits: list[Audit], cycle: AuditCycle) -> None:
    stranger = client_of(UserFactory(teams=[TeamFactory(name="East")]))
    for address in ("pack/", "xlsx/", f"{audits[0].account_id}/pdf/"):
        assert stranger.get(f"/audits/2026-Q2/{address}").status_code == 404
