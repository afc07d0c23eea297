"""Reviews with customers: the list, the page of one, and the acts on it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.access import EXCEPT_OPERATIONS, WHO_ACT, Request, access
from accounts_app.context import company_of
from accounts_app.forms.fact import FactForm
from accounts_app.models import Account
from accounts_app.scope import ROLES_WITH_OWN_LISTS
from accounts_app.views.account_choice import picker_for
from accounts_app.views.account_frame import account_frame, editable_account, visible_account
from accounts_app.views.fragments import is_fragment, page_or_fragment, saved
from accounts_app.views.listing import address, options, page_of
from cadence.forms.review import AccountForm, HeldForm, HoldForm, PrepareForm
from cadence.models import Review
from cadence.pages.review_list import EMPTY, Asked, Show
from cadence.pages.review_page import ReviewPage, context_of
from cadence.services import reviews
from cadence.services.review_content import customer_view
from cadence.services.review_defaults import new_review, usual_people
from signals.pages.portfolio.filters import WHOSE


def today_of(request: Request) -> dt.date:
    return company_of(request).day_of(timezone.now())


@access(EXCEPT_OPERATIONS)
def review_list(request: Request) -> HttpResponse:
    asked = Asked.of(request.GET.dict(), request.user, today_of(request))
    counts = asked.counts()
    shows = options(request, "show", Show.choices, chosen=asked.show)
    context = {
        **page_of(request, asked.shown()),
        "asked": asked,
        "today": asked.today,
        "shows": [{**one, "count": counts[Show(one["key"])]} for one in shows],
        "whose": _whose(request, asked),
        "is_of_reviews": asked.show in (Show.PREPARE, Show.HELD),
        "empty": EMPTY[asked.show],
        "may_act": request.user.role in WHO_ACT,
    }
    return page_or_fragment(request, "cadence/reviews.html", context)


@access(EXCEPT_OPERATIONS)
def account_reviews(request: Request, pk: int) -> HttpResponse:
    account = visible_account(request.user, pk)
    rows = Review.objects.visible_to(request.user).filter(account=account).select_related("interaction")
    today = today_of(request)
    context = {
        **account_frame(request, account, "reviews"),
        **page_of(request, rows),
        "today": today,
        "has_one_to_come": rows.to_come().exists(),
    }
    return page_or_fragment(request, "cadence/account_reviews.html", context)


@access(WHO_ACT, methods=("GET", "POST"))
def review_add(request: Request) -> HttpResponse:
    """First the account, then the review itself."""
    chosen = request.GET.get("account", "")
    if not (chosen.isdecimal() and len(chosen) < 19) or "find" in request.GET:
        choice = AccountForm(by=request.user)
        context = {"field": choice["account"], "picker": picker_for(request, "contact", None)}
        return page_or_fragment(request, "cadence/review_account.html", context, fragment="dialog")
    account, today = editable_account(request.user, int(chosen)), today_of(request)
    form = PrepareForm(
        request.POST if request.method == "POST" else None, instance=new_review(account, today), today=today
    )
    form.initial.update(usual_people(account, request.user))
    if request.method == "POST" and (review := form.perform(by=request.user)):
        return saved(request, text=_("Review begun."), back=reverse("cadence:review", args=[review.pk]))
    context = {"account": account, "title": _("Prepare a review"), "act": _("Begin"), "back_url": address_of(account)}
    return _dialog(request, form, context)


def address_of(account: Account) -> str:
    return reverse("cadence:account_reviews", args=[account.pk])


@access(EXCEPT_OPERATIONS)
def review(request: Request, pk: int) -> HttpResponse:
    row = visible_review(request, pk)
    today = today_of(request)
    page = ReviewPage(row, customer_view(row, today), today, may_edit=may_edit(row, request))
    return page_or_fragment(request, "cadence/review.html", context_of(page) | {"today": today})


@access(WHO_ACT, methods=("GET", "POST"))
def review_edit(request: Request, pk: int) -> HttpResponse:
    """Before it is held all of it; afterwards what is put right."""
    row = editable_review(request, pk)
    form_class = PrepareForm if row.is_to_come else HeldForm
    return _form_page(request, row, form_class, title=_("Edit the review"), act=_("Save"), said=_("Review saved."))


@access(WHO_ACT, methods=("GET", "POST"))
def review_hold(request: Request, pk: int) -> HttpResponse:
    row = editable_review(request, pk)
    undo_url = reverse("cadence:review_not_held", args=[pk])
    said = _("Held: it counts as a contact of ours.")
    return _form_page(request, row, HoldForm, title=_("Held"), act=_("Held"), said=said, undo_url=undo_url)


@access(WHO_ACT, methods=("POST",))
def review_not_held(request: Request, pk: int) -> HttpResponse:
    row = editable_review(request, pk)
    return perform(request, row, lambda: reviews.not_held(row, by=request.user), _("It is to be held again."))


@access(WHO_ACT, methods=("POST",))
def review_stage(request: Request, pk: int, stage: Review.Stage) -> HttpResponse:
    """A press from one stage to the next, or back."""
    row = editable_review(request, pk)
    before = Review.Stage(row.stage)
    undo = reverse(f"cadence:review_{STAGE_ACTS[before]}", args=[pk]) if before != stage else ""
    said = _("{review}: {stage}.").format(review=row, stage=stage.label)
    return perform(request, row, lambda: reviews.move_to(row, stage, by=request.user), said, undo_url=undo)


# The act that leads to each stage, as its address is called.
STAGE_ACTS = {
    Review.Stage.DRAFT: "draft",
    Review.Stage.PREPARED: "prepared",
    Review.Stage.HELD: "reopen",
    Review.Stage.CLOSED: "close",
}


@access(WHO_ACT, methods=("GET", "POST"))
def review_remove(request: Request, pk: int) -> HttpResponse:
    """Asked first: what was typed is gone with it."""
    row = editable_review(request, pk)
    back = address_of(row.account)
    if request.method == "POST":
        return perform(request, row, lambda: reviews.drop(row, by=request.user), _("Review removed."), back=back)
    context = {"review": row, "account": row.account, "is_dialog": is_fragment(request)}
    return page_or_fragment(request, "cadence/review_remove.html", context, fragment="dialog")


def visible_review(request: Request, pk: int) -> Review:
    """The review, or 404 whether it is missing or another team's."""
    rows = Review.objects.visible_to(request.user).select_related("account__tier", "account__owner", "interaction")
    editable = Account.objects.editable_by(request.user).filter(pk=OuterRef("account_id"))
    return get_object_or_404(rows.annotate(may_edit=Exists(editable)), pk=pk)


def editable_review(request: Request, pk: int) -> Review:
    row = visible_review(request, pk)
    if not may_edit(row, request):
        raise PermissionDenied
    return row


def may_edit(row: Review, request: Request) -> bool:
    return request.user.role in WHO_ACT and bool(vars(row)["may_edit"])


def _form_page(
    request: Request, row: Review, form_class: type[FactForm], *, title: str, act: str, said: str, undo_url: str = ""
) -> HttpResponse:
    form = form_class(request.POST if request.method == "POST" else None, instance=row, today=today_of(request))
    back = reverse("cadence:review", args=[row.pk])
    if request.method == "POST" and form.perform(by=request.user):
        return saved(request, text=said, back=back, undo_url=undo_url)
    return _dialog(request, form, {"account": row.account, "title": title, "act": act, "back_url": back})


def _dialog(request: Request, form: Any, context: dict[str, Any]) -> HttpResponse:
    around = {**context, "form": form, "is_dialog": is_fragment(request)}
    status = 422 if form.is_bound else 200
    return page_or_fragment(request, "cadence/review_form.html", around, fragment="dialog", status=status)


def perform(
    request: Request, row: Review, act: Callable[[], None], said: str, *, undo_url: str = "", back: str = ""
) -> HttpResponse:
    """Do it, or say why it cannot be; the page tells how it stands then."""
    page = reverse("cadence:review", args=[row.pk])
    try:
        act()
    except ValidationError as refusal:
        said = " ".join(refusal.messages)
        if is_fragment(request):
            return saved(request, text=said, back=page)
        messages.error(request, said)
        return HttpResponseRedirect(page)
    return saved(request, text=said, back=back or page, undo_url=undo_url)


def _whose(request: Request, asked: Asked) -> list[dict[str, Any]]:
    """Mine, Team, All, for those who have accounts of their own."""
    own = ROLES_WITH_OWN_LISTS.get(request.user.role, "")
    shown = [(key, label) for key, label in WHOSE.items() if key != "mine" or own == "mine"]
    return [
        {"label": label, "url": address(request, whose=key, page=None), "is_current": key == asked.whose}
        for key, label in (shown if own else ())
    ]
