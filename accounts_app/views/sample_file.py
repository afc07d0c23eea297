"""In the demo: a mail and a meeting with one of the reader's own contacts, to hand in at `/log/from-file/`."""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.utils import timezone

from accounts_app.access import WHO_ACT, Request, access
from accounts_app.context import company_of
from accounts_app.demo.sample_files import Occasion, sample_mail, sample_meeting
from accounts_app.forms.interaction_group import loggable_people

# Lately enough to be remembered, and a working day or not as it falls.
DAYS_AGO: Final = dt.timedelta(days=2)


@access(WHO_ACT)
def sample_eml(request: Request) -> HttpResponse:
    return _download(sample_mail(_occasion(request)), "sample.eml", "message/rfc822")


@access(WHO_ACT)
def sample_ics(request: Request) -> HttpResponse:
    return _download(sample_meeting(_occasion(request)), "sample.ics", "text/calendar; charset=utf-8")


def _occasion(request: Request) -> Occasion:
    """Only of simulated people: of a real company nobody's mail is made up."""
    company = company_of(request)
    today = company.day_of(timezone.now())
    people = loggable_people(request.user, today).exclude(email="")
    contact = people.order_by("account__tier__rank", "-primary", "pk").first() if company.simulated else None
    if contact is None:
        raise Http404
    at = timezone.now().astimezone(ZoneInfo(company.time_zone)).replace(microsecond=0) - DAYS_AGO
    return Occasion(contact.name, contact.email, request.user.name, request.user.email, at)


def _download(content: bytes, name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
