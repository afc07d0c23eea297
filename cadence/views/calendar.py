"""The calendar that other programs read by a secret address."""

import hashlib

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from accounts_app.access import secret_address
from accounts_app.models import Company
from cadence.calendar import feed
from cadence.pages.digest import zone_of
from cadence.services.calendar_feeds import entries, reader_of


@secret_address()
def calendar_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """What is planned, for whoever knows the address; a wrong, a revoked and a former user's are all missing."""
    user = reader_of(token)
    if user is None:
        raise Http404
    company = Company.the()
    today = timezone.localdate(timezone.now(), zone_of(company))
    content = feed(entries(user, today), _("Vigil, {company}").format(company=company.name))
    headers = {"Cache-Control": "private, no-cache", "Content-Disposition": 'inline; filename="vigil.ics"'}
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8", headers={**headers, "ETag": etag})
    return get_conditional_response(request, etag=etag, response=response) or response
