"""The time the promised cadence takes of each of our people, and what would change if accounts changed hands."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from accounts_app.access import WHO_ACT, Request, access
from accounts_app.context import company_of
from accounts_app.models import Account, User
from accounts_app.views.account_choice import picker_for
from accounts_app.views.hand_over import WHO_HANDS_OVER
from accounts_app.views.listing import address
from cadence.forms.capacity import WhatIfForm, chosen_accounts
from cadence.load import WEEKS
from cadence.pages.capacity_page import CapacityPage, WhatIf, what_if
from cadence.services.capacity import people_of
from cadence.views.cadence import tabs


@access(WHO_ACT)
def capacity(request: Request) -> HttpResponse:
    today = company_of(request).day_of(timezone.now())
    people = list(people_of(request.user).order_by("name"))
    accounts, left_out = chosen_accounts(request.GET.getlist("account"), request.user)
    form = _form(request, people)
    to = form.cleaned_data.get("to") if form.is_bound and form.is_valid() else None
    answer = what_if(to, accounts, people, today) if to and accounts else None
    page = CapacityPage(people, request.user, today, request.GET.get("page"))
    shown = page.page_obj
    context = {
        "page": page,
        "previous_url": address(request, page=str(shown.previous_page_number())) if shown.has_previous() else "",
        "next_url": address(request, page=str(shown.next_page_number())) if shown.has_next() else "",
        "tabs": tabs(request, "capacity"),
        "form": form,
        "picker": picker_for(request, "capacity", None, anew=bool(accounts)),
        "chosen": [(one, _without(accounts, one, to)) for one in accounts],
        "left_out": left_out,
        "answer": answer,
        "hand_over_url": _hand_over(request, answer),
        "weeks": WEEKS,
        "today": today,
    }
    return TemplateResponse(request, "cadence/capacity.html", context)


def _form(request: Request, people: list[User]) -> WhatIfForm:
    """The account field begins anew each time: what was chosen before stands beside it."""
    asked: dict[str, Any] = {"to": request.GET["to"]} if request.GET.get("to") else {}
    return WhatIfForm(asked or None, user=request.user, people=people)


def _without(accounts: list[Account], one: Account, to: User | None) -> str:
    """The question without one of its accounts."""
    parts = [("to", to.pk)] if to else []
    return "?" + urlencode([*parts, *(("account", other.pk) for other in accounts if other != one)]) + "#what-if"


def _hand_over(request: Request, answer: WhatIf | None) -> str:
    if answer is None or answer.giver is None or request.user.role not in WHO_HANDS_OVER:
        return ""
    return f"{reverse('accounts:hand_over')}?from={answer.giver.pk}"
