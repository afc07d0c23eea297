"""What did not leave, and why: for administrators, who can let it be tried once more."""

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts_app.access import Request, access
from accounts_app.context import company_of
from accounts_app.views.fragments import page_or_fragment, saved
from accounts_app.views.listing import page_of
from accounts_app.views.settings import ADMINISTRATORS, tabs
from cadence.models import OutgoingMail
from cadence.pages.mail_way import mail_way
from cadence.services.outbox import send_again


@access(ADMINISTRATORS)
def mail_list(request: Request) -> HttpResponse:
    """Who, what and why, never what a mail says: that is between it and its reader."""
    failed = OutgoingMail.objects.filter(state=OutgoingMail.State.FAILED).order_by("-created_at", "-pk")
    unread = failed.defer("text", "html", "headers", "attachments")
    counted = OutgoingMail.objects.order_by().values_list("state").annotate(n=Count("pk"))
    page = page_of(request, unread)
    context = {
        **page,
        "rows": page["page_obj"],
        "numbers": dict(counted),
        "way": mail_way(request.user, company_of(request)),
        "tabs": tabs(request, "mail"),
    }
    return page_or_fragment(request, "cadence/mail_list.html", context)


@access(ADMINISTRATORS, methods=("POST",))
def mail_again(request: Request, pk: int) -> HttpResponse:
    mail = get_object_or_404(OutgoingMail, pk=pk)
    text = _("It is tried again now.") if send_again(mail) else _("It has left, or waits already.")
    return saved(request, text=text, back=reverse("cadence:mail_list"))
