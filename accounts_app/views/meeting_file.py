"""A mail or a meeting handed in opens the log with what its header says; the reader looks, and logs it or does not."""

from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.access import WHO_ACT, Request, access
from accounts_app.context import company_of
from accounts_app.forms.interaction_log import LogForm, opening
from accounts_app.forms.meeting_file import (
    MeetingFileForm,
    opened_from,
    packed,
    set_day_from,
    unpacked,
)
from accounts_app.meeting_files import Header, Remark
from accounts_app.models import Account
from accounts_app.services.address_match import Candidate, Match, match
from accounts_app.templatetags.formats import day_text
from accounts_app.views.account_choice import picker_for
from accounts_app.views.fragments import is_fragment, page_or_fragment
from accounts_app.views.interaction_log import account_named, number_named

# What was typed before the file came stays; the file fills in the rest.
SAID = (
    "token", "account", "purpose", "tone", "note", "value_item", "reaction", "next_on", "next_on_other", "next_channel",
    "next_purpose", "next_value_item",
)  # fmt: skip
MOST_NAMED = 5


@access(WHO_ACT, methods=("GET", "POST"))
def log_from_file(request: Request) -> HttpResponse:
    if request.method == "GET":
        return page_or_fragment(request, "accounts_app/meeting_file.html", file_context(request), fragment="dialog")
    handed_in = request.FILES  # asked for first: it is this that parses the body, and may cut it off
    if kept := unpacked(request.POST.get("header", "")):
        return _read(request, kept)
    is_too_large = getattr(request, "upload_too_large", False)
    form = MeetingFileForm(request.POST, handed_in, zone=_zone(request), is_too_large=is_too_large, ids=_ids(request))
    if form.is_valid():
        return _read(request, form.cleaned_data["file"])
    # Only the field of the file says so: what was typed beside it stays as it is.
    context = file_context(request, form)
    return page_or_fragment(request, "accounts_app/meeting_file.html", context, fragment="file", status=422)


def file_context(request: Request, form: MeetingFileForm | None = None) -> dict[str, Any]:
    file_form = form or MeetingFileForm(zone=_zone(request), ids=_ids(request))
    shows_samples = company_of(request).simulated
    return {"file_form": file_form, "in_dialog": is_fragment(request), "shows_samples": shows_samples}


def _read(request: Request, headers: list[Header]) -> HttpResponse:
    """Ask what the header leaves open, one question at a time; then the form opens."""
    chosen = number_named(request.POST, "event")
    if len(headers) > 1 and (chosen is None or chosen >= len(headers)):
        return _ask(request, headers, {"events": [(one, _event_text(one)) for one in headers]})
    header = headers[chosen or 0] if len(headers) > 1 else headers[0]
    found, named = match(header.addresses, request.user), account_named(request)
    candidate = _candidate(found, named)
    if candidate is None and len(found.candidates) > 1:
        return _ask(request, [header], {"candidates": found.candidates, "group_url": _group_url(header, found)})
    today = company_of(request).day_of(timezone.now())
    if header.day and header.day > today:
        return _to_come(request, header, candidate, day_text(header.day, today))
    return _draft(request, header, candidate, found)


def _candidate(found: Match, named: Account | None) -> Candidate | None:
    """The account that was chosen among those found, the only one found, or the one the form was open for."""
    for one in found.candidates:
        if named == one.account or len(found.candidates) == 1:
            return one
    return Candidate(named) if named and not found.candidates else None


def _ask(request: Request, headers: list[Header], question: dict[str, Any]) -> HttpResponse:
    said = [(name, request.POST[name]) for name in SAID if name != "account" and request.POST.get(name)]
    context = {**question, "header": packed(headers), "said": said, "in_dialog": is_fragment(request)}
    return _in_dialog(page_or_fragment(request, "accounts_app/meeting_choice.html", context, fragment="dialog"))


def _to_come(request: Request, header: Header, candidate: Candidate | None, day: str) -> HttpResponse:
    """What is still to come is planned, not logged."""
    query = urlencode({"on": header.day or "", "channel": header.channel})
    plan = reverse("accounts:interaction_plan", args=[candidate.account.pk]) if candidate else ""
    context = {
        "day": day,
        "header": header,
        "candidate": candidate,
        "plan_url": f"{plan}?{query}" if plan else "",
        "in_dialog": is_fragment(request),
    }
    return _in_dialog(page_or_fragment(request, "accounts_app/meeting_to_come.html", context, fragment="dialog"))


def _draft(request: Request, header: Header, candidate: Candidate | None, found: Match) -> HttpResponse:
    today, account = company_of(request).day_of(timezone.now()), candidate.account if candidate else None
    opened = opening(account, by=request.user, today=today)
    initial = opened_from(header, opened, candidate=candidate, match=found) | _said(request, header)
    form = LogForm(None, by=request.user, today=today, account=account, initial=initial, ids=_ids(request, "log"))
    set_day_from(form, header)
    context = {
        "form": form,
        "picker": picker_for(request, "contact", account, anew=True),
        "in_dialog": is_fragment(request),
        "is_drafted": True,
        "drafted": notices(header, candidate, found),
    }
    return _in_dialog(page_or_fragment(request, "accounts_app/interaction_log.html", context, fragment="dialog"))


def _said(request: Request, header: Header) -> dict[str, str]:
    """What the reader had typed; a note stands below the subject."""
    said = {name: request.POST[name] for name in SAID if name != "account" and request.POST.get(name)}
    if note := said.get("note", "").strip():
        said["note"] = f"{header.subject}\n{note}".strip()
    return said


def notices(header: Header, candidate: Candidate | None, found: Match) -> list[tuple[str, str]]:
    """What the reader should know before it is logged, each with its kind of notice."""
    said = [
        ("", _("Filled in from the header alone. Nothing is kept before you log it, and of the file nothing at all."))
    ]
    said += [("warning", _remark(remark, header)) for remark in header.remarks]
    if candidate is None:
        said.append(("warning", _nobody(header, found)))
    gone = [one.name for one in candidate.contacts if one.left_on] if candidate else []
    said += [("warning", _("{name} has left this account.").format(name=name)) for name in gone]
    if found.unknown:
        more = len(found.unknown) - MOST_NAMED
        named = ", ".join(found.unknown[:MOST_NAMED]) + (_(" and {n} more").format(n=more) if more > 0 else "")
        said.append(("", _("Not known among the people you log for: {addresses}.").format(addresses=named)))
    return said


def _nobody(header: Header, found: Match) -> str:
    if header.addresses and not found.unknown and not found.candidates:
        return _("Only addresses of ours are named: choose whom it was with.")
    return _("Nobody of your accounts is named: choose the account.")


def _remark(remark: Remark, header: Header) -> str:
    first = day_text(header.day) if header.day else ""
    return {
        "no_day": _("It does not say its day, or none that there is: choose it."),
        "zone": _("Its time zone is not known: its time was taken for one of ours."),
        "series": _("It is a series that began on {day}: choose which day it was.").format(day=first or "?"),
        "cancelled": _("It was cancelled: log it only if it took place all the same."),
        "charset": _("Some letters of its subject could not be read."),
    }[remark]


def _event_text(header: Header) -> str:
    parts = [day_text(header.day) if header.day else _("no day"), header.subject or _("without a subject")]
    if header.addresses:
        parts.append(ngettext("{n} person", "{n} people", len(header.addresses)).format(n=len(header.addresses)))
    return " · ".join(parts)


def _group_url(header: Header, found: Match) -> str:
    """All who were found, at once: one contact for each account."""
    day = header.day.isoformat() if header.day and "series" not in header.remarks else ""
    query: dict[str, Any] = {"on": day, "channel": header.channel, "note": header.subject}
    query["contacts"] = [one.pk for candidate in found.candidates for one in candidate.contacts]
    query["accounts"] = [candidate.account.pk for candidate in found.candidates if not candidate.contacts]
    return f"{reverse('accounts:interaction_group')}?{urlencode(query, doseq=True)}"


def _in_dialog(response: HttpResponse) -> HttpResponse:
    """The form of the file only replaces itself; what comes of the file takes the whole dialog."""
    response["HX-Retarget"], response["HX-Reswap"] = "#dialog-body", "innerHTML"
    return response


def _zone(request: Request) -> ZoneInfo:
    return ZoneInfo(company_of(request).time_zone)


def _ids(request: Request, name: str = "file") -> str:
    return name if is_fragment(request) else f"{name}-page"
