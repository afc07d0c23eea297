"""What belongs to the reader alone: digests, the calendar's address; and the page a link in a mail leads to."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt

from accounts_app.access import EVERYONE_INSIDE, EXCEPT_OPERATIONS, WHO_ACT, Request, access, secret_address
from accounts_app.context import company_of
from accounts_app.views.fragments import saved
from cadence.forms.me import DigestForm
from cadence.models import CalendarFeed, Digest, DigestChoice
from cadence.pages.digest import content, letter
from cadence.pages.mail_way import mail_way
from cadence.services import calendar_feeds, unsubscribing
from signals.pages.portfolio.controls import Option

# In the preview links stay where the reader is, and the last one takes nobody off a list by accident.
LINKS_STAY = {"base": "", "leave": "/me/#digests"}
KINDS = {Digest.Kind.DAILY: gettext_lazy("Daily"), Digest.Kind.WEEKLY: gettext_lazy("Weekly")}


@access(EVERYONE_INSIDE)
def me(request: Request) -> HttpResponse:
    return TemplateResponse(request, "cadence/me.html", _context(request))


@access(WHO_ACT, methods=("POST",))
def digest_choose(request: Request) -> HttpResponse:
    form = DigestForm(request.POST)
    form.perform(request.user)
    return saved(request, text=_("Saved."), back=reverse("cadence:me"))


@access(WHO_ACT)
def digest_preview(request: Request) -> HttpResponse:
    """The mail as it would leave now, by the markup and the style sheet of the mail itself."""
    asked = request.GET.get("kind", "")
    kind = Digest.Kind(asked) if asked in Digest.Kind.values else Digest.Kind.DAILY
    company = company_of(request)
    said = content(request.user, kind, now=timezone.now(), company=company)
    mail = letter(said)
    options = [Option(label, f"?kind={key}", is_current=key == kind) for key, label in KINDS.items()]
    context = {"said": said, "mail": mail, "kinds": options, "way": mail_way(request.user, company)}
    return TemplateResponse(request, "cadence/digest_preview.html", context | LINKS_STAY)


@access(EXCEPT_OPERATIONS, methods=("POST",))
def calendar_renew(request: Request) -> HttpResponse:
    """Draw a new address and show it, this once."""
    token = calendar_feeds.renew(request.user)
    address = request.build_absolute_uri(reverse("cadence:calendar_feed", args=[token]))
    return TemplateResponse(request, "cadence/me.html", _context(request) | {"address": address})


@access(EXCEPT_OPERATIONS, methods=("POST",))
def calendar_revoke(request: Request) -> HttpResponse:
    calendar_feeds.revoke(request.user)
    return saved(
        request, text=_("The address is dead: calendars that read it get nothing any more."), back=reverse("cadence:me")
    )


# A mail program presses for its reader, from elsewhere and without a cookie (RFC 8058): the signature is the proof.
@csrf_exempt
@secret_address(methods=("GET", "POST"))
def unsubscribe(request: HttpRequest, token: str) -> HttpResponseBase:
    found = unsubscribing.read_link(token)
    if found is None:
        raise Http404
    user, kind = found
    if request.method == "POST":
        unsubscribing.unsubscribe(user, kind)
        return redirect(request.path) if request.POST.get("page") else HttpResponse(_("Unsubscribed."), "text/plain")
    context = {
        "is_chosen": unsubscribing.has_chosen(user, kind),
        "kind": str(KINDS[kind]).lower(),
        "address": request.path,
    }
    return TemplateResponse(request, "cadence/unsubscribe.html", context, headers={"Cache-Control": "no-store"})


def _context(request: Request) -> dict[str, Any]:
    user, company = request.user, company_of(request)
    choice = DigestChoice.objects.filter(user=user).first() or DigestChoice(user=user)
    may_have_digests = user.role in WHO_ACT
    return {
        "form": DigestForm(initial={"daily": choice.daily, "weekly": choice.weekly}) if may_have_digests else None,
        "feed": CalendarFeed.objects.filter(user=user).first(),
        "may_have_calendar": user.role in EXCEPT_OPERATIONS,
        "teams": list(user.teams.all()),
        "way": mail_way(user, company),
    }
