"""Choosing the account something is logged for: by typing, in any form (templates/components/account_picker.html)."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts_app.access import EVERYONE_INSIDE, Request, access
from accounts_app.account_search import CHOICES, choosable_accounts, find_accounts
from accounts_app.models import Account

# The name of the search field beside a field named `account`.
SEARCH = "account_search"


@dataclass(frozen=True)
class Picker:
    """What the component shows: the account chosen, or what was typed and what that finds."""

    url: str
    chosen: Account | None
    typed: str
    options: list[Account]


def picker_for(request: Request, what: str, chosen: Account | None, *, anew: bool = False) -> Picker:
    """Read what was typed from the form, unless the form begins anew; without a choice the own accounts are offered."""
    sent = request.POST if request.method == "POST" else request.GET
    typed = "" if anew else sent.get(SEARCH, "")
    found = find_accounts(choosable_accounts(request.user, what), "" if chosen else typed, user=request.user)
    options = [chosen, *(one for one in found if one != chosen)] if chosen else found
    return Picker(f"{reverse('accounts:account_choice')}?for={what}", chosen, chosen.name if chosen else typed, options)


@access(EVERYONE_INSIDE)
def account_choice(request: Request) -> HttpResponse:
    """The accounts found while somebody types."""
    what = request.GET.get("for", "")
    accounts = choosable_accounts(request.user, what if what in CHOICES else "contact")
    found = find_accounts(accounts, request.GET.get(SEARCH, ""), user=request.user)
    return TemplateResponse(request, "components/account_options.html", {"options": found})
