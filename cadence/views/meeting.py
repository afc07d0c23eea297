"""A visit planned from the relationship map, to build a link; and taken back."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.access import WHO_ACT, Request, access
from accounts_app.context import company_of
from accounts_app.models import OWN_FEED, Interaction
from accounts_app.services.hand_over_contacts import drop_untouched
from accounts_app.templatetags.formats import day_text
from accounts_app.views.account_frame import editable_account
from accounts_app.views.fragments import is_fragment, page_or_fragment, saved
from cadence.forms.meeting import MeetingForm


@access(WHO_ACT, methods=("GET", "POST"))
def meeting_add(request: Request, pk: int) -> HttpResponse:
    """`?contact=…&colleague=…` come chosen already."""
    account, is_sent = editable_account(request.user, pk), request.method == "POST"
    today, back = company_of(request).day_of(timezone.now()), reverse("cadence:relationships", args=[pk])
    chosen = {name: request.GET[name] for name in ("contact", "colleague") if request.GET.get(name, "").isdecimal()}
    data = request.POST if is_sent else None
    form = MeetingForm(data, account=account, by=request.user, today=today, initial=chosen)
    if is_sent and (plan := form.perform()):
        text = _("Visit planned for {day}.").format(day=day_text(form.cleaned_data["planned_on"], today))
        return saved(request, text=text, back=back, undo_url=reverse("cadence:meeting_undo", args=[pk, plan]))
    context = {"form": form, "account": account, "back_url": back, "in_dialog": is_fragment(request)}
    status = 422 if is_sent else 200
    return page_or_fragment(request, "cadence/relationship_meeting.html", context, fragment="dialog", status=status)


@access(WHO_ACT, methods=("POST",))
def meeting_undo(request: Request, pk: int, plan_pk: int) -> HttpResponse:
    """Drop a plan made here, unless somebody has touched it since."""
    account = editable_account(request.user, pk)
    plan = get_object_or_404(Interaction.objects.filter(account=account, feed__name=OWN_FEED), pk=plan_pk)
    dropped = drop_untouched([plan.pk], reason=_("Taken back by {name} after planning.").format(name=request.user))
    text = _("Taken back.") if dropped else _("It has been changed since, so it was not taken back.")
    return saved(request, text=text, back=reverse("cadence:relationships", args=[pk]))
