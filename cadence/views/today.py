"""Today: whom to contact, with what, the overdue first; done, moved or handed over without leaving the list."""

import dataclasses
import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.access import WHO_ACT, Request, access
from accounts_app.context import company_of
from accounts_app.models import Account, Interaction
from accounts_app.scope import ROLES_WITH_OWN_LISTS
from accounts_app.templatetags.formats import day_text
from accounts_app.views.account_frame import editable_account
from accounts_app.views.fragments import is_fragment, page_or_fragment, saved
from accounts_app.views.interaction_log import keep_receipt
from cadence.forms.today import DoneForm, HandOverForm
from cadence.pages.agenda import SECTIONS, Desk, agenda, counts, in_sections
from cadence.pages.today import Line, lines, sections
from cadence.services.desk_acts import Handed, take_hand_over_back
from signals.pages.portfolio.controls import Option
from signals.pages.portfolio.filters import WHOSE

LINES_A_PAGE = 25
# What was handed over last, in the reader's session: nobody else can take it back.
HANDED, MOST_HANDED = "handed_over", 5


@access(WHO_ACT)
def today(request: Request) -> HttpResponse:
    desk = Desk.of(request.user, _today(request), request.GET.get("whose", ""))
    numbers = counts(desk)
    # Sorted by its keys alone: whole rows of ten thousand accounts take several times as long.
    paginator = Paginator(agenda(desk).values_list("pk", flat=True), LINES_A_PAGE)
    paginator.count = sum(numbers.values())
    page = paginator.get_page(request.GET.get("page"))
    places = list(page.object_list)
    found = lines(in_sections(desk).filter(pk__in=places), request.user, desk.today)
    shown = sorted(found, key=lambda line: places.index(line.account.pk))
    context = {
        "desk": desk,
        "whose": _whose(desk),
        "numbers": [(SECTIONS[key], key, numbers[key]) for key in SECTIONS],
        "sections": sections(shown, numbers),
        "page_obj": page,
        "previous_url": _page_url(desk, page.previous_page_number()) if page.has_previous() else "",
        "next_url": _page_url(desk, page.next_page_number()) if page.has_next() else "",
        "logged": _logged_by(request, desk.today),
        "today_count": numbers["overdue"] + numbers["today"],
        "is_anything_judged": bool(shown) or desk.accounts().exists(),
    }
    return TemplateResponse(request, "cadence/today.html", context)


@access(WHO_ACT)
def today_line(request: Request, pk: int) -> HttpResponse:
    """One line as it stands now, for a page that has heard that its account changed."""
    return TemplateResponse(request, "cadence/today_line.html", {"line": _line(request, pk)})


@access(WHO_ACT, methods=("POST",))
def today_done(request: Request, pk: int) -> HttpResponse:
    """Log what the line proposes as done today, and plan the next as promised."""
    account, day = editable_account(request.user, pk), _today(request)
    form = DoneForm(request.POST, account=account, by=request.user, today=day)
    receipt = form.perform()
    if receipt is None:
        text = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return _answer(request, pk, text)
    keep_receipt(request, receipt)
    following = Interaction.objects.filter(pk__in=[receipt.next]).first()
    text = _("Logged: {account}.").format(account=account)
    if following and following.planned_on:
        text += " " + _("Next: {day}.").format(day=day_text(following.planned_on, day))
    return _answer(request, pk, text, undo_url=reverse("accounts:interaction_undo", args=[receipt.interaction]))


@access(WHO_ACT, methods=("GET", "POST"))
def today_hand_over(request: Request, pk: int) -> HttpResponse:
    account, day = editable_account(request.user, pk), _today(request)
    plan = account.interactions.planned().order_by("planned_on", "pk").select_related("by", "value_item").first()
    is_sent = request.method == "POST"
    form = HandOverForm(request.POST if is_sent else None, account=account, plan=plan, by=request.user, today=day)
    if is_sent and (handed := form.perform()):
        _keep(request, handed)
        text = _("{name} makes this contact with {account}.").format(name=form.cleaned_data["to"], account=account)
        undo_url = reverse("cadence:today_hand_over_undo", args=[pk, handed.plan])
        return saved(request, text=text, back=reverse("cadence:today"), undo_url=undo_url)
    context = {"account": account, "plan": plan, "form": form, "today": day, "in_dialog": is_fragment(request)}
    status = 422 if is_sent else 200
    return page_or_fragment(request, "cadence/today_hand_over.html", context, fragment="dialog", status=status)


@access(WHO_ACT, methods=("POST",))
def today_hand_over_undo(request: Request, pk: int, plan_pk: int) -> HttpResponse:
    account, handed = editable_account(request.user, pk), _handed(request, plan_pk)
    text = _("There is nothing to take back any more.")
    if handed:
        try:
            take_hand_over_back(handed, account, by=request.user, today=_today(request))
            text = _("Taken back.")
        except ValidationError as refusal:
            text = refusal.messages[0]
    return saved(request, text=text, back=reverse("cadence:today"))


def _today(request: Request) -> dt.date:
    return company_of(request).day_of(timezone.now())


def _line(request: Request, pk: int) -> Line:
    desk = Desk(request.user, _today(request), "all")
    found = lines(in_sections(desk).filter(pk=pk), request.user, desk.today)
    if not found:
        # Not judged yet, or another's: the account decides which.
        get_object_or_404(Account.objects.visible_to(request.user).filter(standing__isnull=False), pk=pk)
    return found[0]


def _answer(request: Request, pk: int, text: str, *, undo_url: str = "") -> HttpResponse:
    """The line as it is now, and what was done; without script the list."""
    if not is_fragment(request):
        return saved(request, text=text, back=reverse("cadence:today"), undo_url=undo_url)
    context: dict[str, Any] = {"line": _line(request, pk), "undo": {"text": text, "url": undo_url}}
    return TemplateResponse(request, "cadence/today_answer.html", context)


def _whose(desk: Desk) -> list[Option]:
    if desk.user.role not in ROLES_WITH_OWN_LISTS:
        return []
    return [Option(label, f"?whose={key}", is_current=key == desk.whose) for key, label in WHOSE.items()]


def _page_url(desk: Desk, number: int) -> str:
    return f"?whose={desk.whose}&page={number}"


def _logged_by(request: Request, day: dt.date) -> list[Interaction]:
    """What the reader has done today, the last first."""
    done = Interaction.objects.done().filter(by=request.user, happened_on=day, account__in=_visible(request))
    return list(done.select_related("account").order_by("-pk")[:LINES_A_PAGE])


def _visible(request: Request) -> Any:
    return Account.objects.visible_to(request.user).values("pk")


def _keep(request: Request, handed: Handed) -> None:
    kept = {**request.session.get(HANDED, {}), str(handed.plan): dataclasses.asdict(handed)}
    request.session[HANDED] = dict(list(kept.items())[-MOST_HANDED:])


def _handed(request: Request, plan_pk: int) -> Handed | None:
    kept = request.session.get(HANDED, {})
    entry = kept.pop(str(plan_pk), None)
    request.session[HANDED] = kept
    return Handed(**entry) if entry else None
