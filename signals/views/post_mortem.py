"""The post-mortem of one loss: what was known then, what was done, and what is concluded."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.access import EXCEPT_OPERATIONS, WHO_ACT, Request, access
from accounts_app.context import company_of
from accounts_app.models import Account, Loss
from accounts_app.views.fragments import is_fragment, page_or_fragment, saved
from signals.compute.registry import BY_KEY
from signals.pages.losses.figure import figure
from signals.pages.losses.forms import ConclusionForm
from signals.pages.losses.list import with_rows
from signals.pages.losses.post_mortem import tell
from signals.pages.losses.replay import Replay, replays_of, why_not_known
from signals.services import post_mortems


def _loss(request: Request, pk: int) -> Any:
    losses = with_rows(Loss.objects.visible_to(request.user), request.user)
    return get_object_or_404(losses, pk=pk)


def _may_edit(request: Request, loss: Loss) -> bool:
    return Account.objects.editable_by(request.user).filter(pk=loss.account_id).exists()


@access(EXCEPT_OPERATIONS)
def loss_detail(request: Request, pk: int) -> HttpResponse:
    loss = _loss(request, pk)
    replay = replays_of([loss])[loss.pk]
    context = {
        "loss": loss,
        "account": loss.account,
        "made": post_mortems.of_loss(loss),
        "replay": replay,
        "not_known": why_not_known(loss, replay, company_of(request).day_of(timezone.now())),
        "story": tell(loss, replay, request.user),
        "may_edit": _may_edit(request, loss),
        "weeks": _weeks(replay),
    }
    return page_or_fragment(request, "signals/post_mortem.html", context)


def _weeks(replay: Replay) -> list[dict[str, Any]]:
    """The weeks judged for the table, the latest first, with the signals above their line."""
    line = replay.rules.alert_opens_at
    titles = {key: signal.title for key, signal in BY_KEY.items()}
    return [
        {
            "day": week.day,
            "band": week.band,
            "risk": week.risk,
            "above": ", ".join(titles.get(key, key) for key, level in week.levels.items() if level >= line),
        }
        for week in reversed(replay.weeks)
    ]


@access(EXCEPT_OPERATIONS)
def loss_figure(request: Request, pk: int) -> HttpResponseBase:
    loss = _loss(request, pk)
    replay = replays_of([loss])[loss.pk]
    story = tell(loss, replay, request.user)
    return JsonResponse(figure(loss, replay, story.rises, story.alerts, company_of(request).currency))


@access(WHO_ACT, methods=("GET", "POST"))
def loss_conclude(request: Request, pk: int) -> HttpResponseBase:
    loss = _loss(request, pk)
    if not _may_edit(request, loss):
        raise PermissionDenied
    made = post_mortems.of_loss(loss)
    form = ConclusionForm(request.POST if request.method == "POST" else None, instance=made)
    back = reverse("signals:loss_detail", args=[pk])
    if form.is_bound and form.is_valid():
        today = company_of(request).day_of(timezone.now())
        post_mortems.conclude(made, form.cleaned_data["conclusion"], by=request.user, today=today)
        return saved(request, text=_("Conclusion saved."), back=back)
    around = {"account": loss.account, "back_url": back, "is_dialog": is_fragment(request)}
    context = {"form": form, "loss": loss, **around}
    status = 422 if form.is_bound else 200
    return page_or_fragment(request, "signals/loss_conclude.html", context, fragment="dialog", status=status)
