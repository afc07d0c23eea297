"""The search page, the command palette in the dialog, and the list of keys."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts_app.access import EVERYONE_INSIDE, Request, access
from accounts_app.context import ACTS
from accounts_app.search.finding import Search, Span, find, kinds_for
from accounts_app.search.result import Section
from accounts_app.search.suggestions import suggestions
from accounts_app.search.wording import SHORTEST, Wording
from accounts_app.views.fragments import is_fragment, page_or_fragment
from accounts_app.views.listing import address

# How many of a kind are shown, and how many are looked for at most; one more tells whether there are more.
IN_PALETTE, IN_OVERVIEW, ON_A_PAGE = 5, 5, 20
LOOK_IN_OVERVIEW, LOOK_ON_A_PAGE = 21, 101
KEYS = (
    ("?", _("Show this list")),
    ("↑ ↓", _("Move through what was found")),
    ("Enter", _("Open what is marked")),
    ("Ctrl Enter", _("Save what is being logged, also from within its note")),
    ("Esc", _("Close the dialog; what was typed is kept")),
)


@access(EVERYONE_INSIDE)
def search(request: Request) -> HttpResponse:
    """The page; to htmx, which asks for the dialog, the palette."""
    if is_fragment(request):
        return page_or_fragment(request, "accounts_app/search.html", palette_context(request), fragment="dialog")
    wording, asked = Wording.of(request.GET.get("q", "")), request.GET.get("kind", "")
    kinds = kinds_for(request.user, asked)
    is_one = len(kinds) == 1
    look = LOOK_ON_A_PAGE if is_one else LOOK_IN_OVERVIEW
    start = start_of(request) if is_one else 0
    sections = find(Search(request.user, wording, look), Span(ON_A_PAGE if is_one else IN_OVERVIEW, start), kinds)
    context = {
        "wording": wording,
        "shortest": SHORTEST,
        "sections": [{"section": one, "url": address(request, kind=one.kind, page=None)} for one in sections],
        "kinds": kind_links(request, kinds[0].key if is_one else ""),
        "paging": paging(request, sections[0], start) if is_one and sections else None,
    }
    return page_or_fragment(request, "accounts_app/search.html", context)


@access(EVERYONE_INSIDE)
def palette(request: Request) -> HttpResponse:
    """What the palette shows for what is typed by now."""
    if not is_fragment(request):
        return redirect(f"{reverse('accounts:search')}?{request.GET.urlencode()}")
    return TemplateResponse(request, "components/palette_results.html", palette_context(request))


@access(EVERYONE_INSIDE)
def keys(request: Request) -> HttpResponse:
    acts = [act for act in ACTS if request.user.role in act.roles]
    return page_or_fragment(request, "accounts_app/keys.html", {"acts": acts, "keys": KEYS}, fragment="dialog")


def palette_context(request: Request) -> dict[str, Any]:
    wording = Wording.of(request.GET.get("q", ""))
    account = request.GET.get("account", "")
    account_id = int(account) if account.isascii() and account.isdecimal() and len(account) < 19 else None
    asked = Search(request.user, wording, IN_PALETTE + 1, account_id)
    if wording.is_long_enough:
        sections = find(asked, Span(IN_PALETTE), kinds_for(request.user))
    else:
        nothing_typed = Search(request.user, Wording(""), IN_PALETTE + 1, account_id)
        sections = suggestions(nothing_typed, request.GET.get("opened", ""))
    number = sum(len(section.results) for section in sections)
    return {"wording": wording, "sections": sections, "number": number, "account_id": account_id}


def start_of(request: Request) -> int:
    """Of the first result shown; a page that is no number, or beyond what is looked for, is the first."""
    text = request.GET.get("page", "")
    page = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 1
    return (page - 1) * ON_A_PAGE if 1 <= page <= LOOK_ON_A_PAGE // ON_A_PAGE else 0


def paging(request: Request, section: Section, start: int) -> dict[str, Any]:
    page, end = start // ON_A_PAGE + 1, start + len(section.results)
    return {
        "first": start + 1,
        "last": end,
        "section": section,
        "previous_url": address(request, page=str(page - 1)) if start else "",
        "next_url": address(request, page=str(page + 1)) if end < section.found else "",
    }


def kind_links(request: Request, current: str) -> list[dict[str, Any]]:
    every = [("", _("All")), *((kind.key, kind.label) for kind in kinds_for(request.user))]
    return [
        {"label": label, "url": address(request, kind=key or None, page=None), "is_current": key == current}
        for key, label in every
    ]
