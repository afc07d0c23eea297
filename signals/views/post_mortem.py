"""The post-mortem of one loss: what was known then, what was done, and what is concluded."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.access import EXCEPT_OPERATIONS, WHO_ACT, Request, access
from accounts_app.context import company_of
from accounts_app.models import Account, Loss
from accounts_app.views.fragments import page_or_fragment, saved
from signals.compute.registry import BY_KEY
from signals.models import PostMortem
from signals.pages.losses.figure import figure
from signals.pages.losses.forms import ConclusionForm
from signals.pages.losses.list import LossRow, watched_since, with_rows
from signals.pages.losses.post_mortem import tell
from signals.services import post_mortems


def _loss(request: Request, pk: int) -> Any:
    losses = with_rows(Loss.objects.visible_to(request.user), request.user)
    return get_object_or_404(losses.select_related("post_mortem__done_by", "account__owner", "feed"), pk=pk)


def _may_edit(request: Request, loss: Loss) -> bool:
    return Account.objects.editable_by(request.user).filter(pk=loss.account_id).exists()


@access(EXCEPT_OPERATIONS)
def loss_detail(request: Request, pk: int) -> HttpResponse:
    loss = _loss(request, pk)
    made = post_mortems.of_loss(loss)
    context = {
        "loss": loss,
        "row": LossRow(loss, watched_since()),
        "account": loss.account,
        "made": made,
        "story": tell(loss, made, request.user),
        "may_edit": _may_edit(request, loss),
        "weeks": _weeks(made),
    }
    return page_or_fragment(request, "signals/post_mortem.html", context)


def _weeks(made: PostMortem) -> list[dict[str, Any]]:
    """The replayed weeks for the table, the latest first, with the signals above their line."""
    if made.replay is None:
        return []
    line = made.replay["opens_at"]
    titles = {key: signal.title for key, signal in BY_KEY.items()}
    return [
        {
            **week,
            "day": dt.date.fromisoformat(week["day"]),
            "above": ", ".join(titles.get(key, key) for key, level in week["levels"].items() if level >= line),
        }
        for week in reversed(made.replay["weeks"])
    ]


@access(EXCEPT_OPERATIONS)
def loss_figure(request: Request, pk: int) -> HttpResponseBase:
    loss = _loss(request, pk)
    made = get_object_or_404(PostMortem.objects.exclude(replay=None), loss=loss)
    story = tell(loss, made, request.user)
    return JsonResponse(figure(loss, made, story.rises, story.alerts, company_of(request).currency))


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
    context = {"form": form, "loss": loss, "account": loss.account, "back_url": back}
    status = 422 if form.is_bound else 200
    return page_or_fragment(request, "signals/loss_conclude.html", context, fragment="dialog", status=status)


@access(WHO_ACT, methods=("POST",))
def loss_replay(request: Request, pk: int) -> HttpResponseBase:
    """Replay it anew, in the background."""
    loss = _loss(request, pk)
    if not _may_edit(request, loss):
        raise PermissionDenied
    post_mortems.ask_again(post_mortems.of_loss(loss))
    return redirect("signals:loss_detail", pk)
