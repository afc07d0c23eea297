"""Audits to take away: one account and a whole cycle as PDF, a cycle as workbook."""

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts_app.access import EXCEPT_OPERATIONS, Request, access
from accounts_app.context import company_of
from accounts_app.views.fragments import is_fragment
from cadence.models import Audit, AuditCycle, AuditPack
from cadence.pages.audit_pack import line_of, packs_of
from cadence.pages.audit_page import audit_of
from cadence.reports.audit_print import account_pdf, audits_of
from cadence.reports.audit_workbook import AuditWorkbook
from cadence.services import audit_packs
from cadence.views.cadence import XLSX

TEMPLATE = "cadence/audit_pack.html"


def _cycle(request: Request, name: str) -> AuditCycle:
    """The cycle, if anything of it may be seen; 404 whether it is missing or has only others' accounts."""
    cycle = get_object_or_404(AuditCycle.objects.select_related("questions", "opened_by"), name=name)
    if not Audit.objects.visible_to(request.user).filter(cycle=cycle).exists():
        raise Http404
    return cycle


def _packs(request: Request) -> QuerySet[AuditPack]:
    """A pack is seen by whoever asked for it, and by nobody else."""
    return AuditPack.objects.filter(asked_by=request.user).select_related("cycle")


@access(EXCEPT_OPERATIONS, methods=("GET", "POST"))
def audit_pack(request: Request, name: str) -> HttpResponse:
    """What was made of the cycle for this reader; a POST has it made anew."""
    cycle = _cycle(request, name)
    if request.method == "POST":
        audit_packs.ask(cycle, request.user)
        return redirect("cadence:audit_pack", name=cycle.name)
    lines = packs_of(cycle, request.user, timezone.now())
    context = {
        "cycle": cycle,
        "lines": lines,
        "under_way": any(line.pack.is_pending for line in lines),
        "accounts": len(audits_of(cycle, request.user)),
        "kept_days": AuditPack.KEPT.days,
    }
    return TemplateResponse(request, TEMPLATE, context)


@access(EXCEPT_OPERATIONS)
def audit_pack_state(request: Request, pk: int) -> HttpResponse:
    """How far it is; its line asks again until it has ended."""
    pack = get_object_or_404(_packs(request), pk=pk)
    if not is_fragment(request):
        return redirect("cadence:audit_pack", name=pack.cycle.name)
    context = {"line": line_of(pack, request.user, timezone.now())}
    return TemplateResponse(request, "cadence/audit_pack_line.html", context)


@access(EXCEPT_OPERATIONS, methods=("POST",))
def audit_pack_cancel(request: Request, pk: int) -> HttpResponse:
    pack = get_object_or_404(_packs(request), pk=pk)
    audit_packs.cancel(pack)
    return redirect("cadence:audit_pack", name=pack.cycle.name)


@access(EXCEPT_OPERATIONS)
def audit_pack_file(request: Request, pk: int) -> HttpResponseBase:
    pack = get_object_or_404(_packs(request), pk=pk)
    if not audit_packs.may_be_read(pack, request.user):
        raise Http404
    try:
        file = pack.file.open("rb")
    except FileNotFoundError as missing:
        raise Http404 from missing
    return _download(FileResponse(file, content_type="application/pdf"), f"audit-{pack.cycle.name}", request)


@access(EXCEPT_OPERATIONS)
def audit_pdf(request: Request, name: str, pk: int) -> HttpResponseBase:
    """One account, its figures included; of several revisions the one asked for."""
    audit = audit_of(request.user, name, pk, request.GET.get("revision", ""))
    pdf = account_pdf(audit, request.user, timezone.now())
    return _download(HttpResponse(pdf, content_type="application/pdf"), f"audit-{name}-{pk}", request)


@access(EXCEPT_OPERATIONS)
def audit_xlsx(request: Request, name: str) -> HttpResponseBase:
    book = AuditWorkbook(_cycle(request, name), request.user, company_of(request), timezone.now())
    return FileResponse(book.file(), as_attachment=True, filename=f"{book.name}.xlsx", content_type=XLSX)


def _download(answer: HttpResponseBase, name: str, request: Request) -> HttpResponseBase:
    """Names of accounts stand in no file name: it is seen in more places than the file."""
    simulated = "-simulated" if company_of(request).simulated else ""
    answer["Content-Disposition"] = f'attachment; filename="{name}{simulated}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
