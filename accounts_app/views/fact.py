"""Add, change or remove one fact of an account: the same three acts for every kind in `forms/kinds.py`."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.access import WHO_ACT, Request, access
from accounts_app.context import company_of
from accounts_app.forms.fact import FactForm
from accounts_app.forms.kinds import Kind
from accounts_app.models import OWN_FEED, Account
from accounts_app.services import facts
from accounts_app.services.facts import AccountFact
from accounts_app.views.account_frame import editable_account
from accounts_app.views.fragments import is_fragment, page_or_fragment, saved


@access(WHO_ACT, methods=("GET", "POST"))
def fact_add(request: Request, pk: int, kind: Kind) -> HttpResponse:
    account = editable_account(request.user, pk)
    form = _form(request, kind.form, kind.model(account=account))
    if (chosen := kind.chosen_by_address) and request.GET.get(chosen, "").isdecimal():
        form.initial[chosen] = request.GET[chosen]
    if request.method == "POST" and (row := form.perform(by=request.user)):
        undo_url = reverse(f"accounts:{kind.noun}_remove", args=[pk, row.pk]) if kind.is_removable else ""
        return saved(
            request, text=_("{fact} saved.").format(fact=kind.name), back=_back(kind, account), undo_url=undo_url
        )
    return answer(request, form, account, title=kind.add, back=_back(kind, account))


@access(WHO_ACT, methods=("GET", "POST"))
def fact_edit(request: Request, pk: int, fact_pk: int, kind: Kind) -> HttpResponse:
    account = editable_account(request.user, pk)
    row = _row(kind, account, fact_pk)
    form_class = kind.form_for(row)
    if form_class is None:
        return _from_another_feed(request, kind, account, row)
    form = _form(request, form_class, row)
    if request.method == "POST" and form.perform(by=request.user):
        text = " ".join(filter(None, (_("{fact} saved.").format(fact=kind.name), form.said)))
        return saved(request, text=text, back=_back(kind, account), undo_url=form.undo_url)
    remove_url = reverse(f"accounts:{kind.noun}_remove", args=[pk, fact_pk]) if kind.is_removable else ""
    return answer(request, form, account, title=kind.edit, back=_back(kind, account), remove_url=remove_url)


@access(WHO_ACT, methods=("GET", "POST"))
def fact_remove(request: Request, pk: int, fact_pk: int, kind: Kind) -> HttpResponse:
    """Asked first; as the undo of an addition it is a bare POST."""
    account = editable_account(request.user, pk)
    row = _row(kind, account, fact_pk)
    if row.feed.name != OWN_FEED:
        return _from_another_feed(request, kind, account, row)
    if request.method == "POST":
        text = _("{fact} removed.").format(fact=kind.name)
        facts.remove(row, by=request.user)
        return saved(request, text=text, back=_back(kind, account))
    return _dialog(request, "fact_remove.html", account, _back(kind, account), row=row, title=kind.remove)


def answer(
    request: Request, form: FactForm, account: Account, *, title: Any, back: str, remove_url: str = ""
) -> HttpResponse:
    """The form, empty or as it was typed with what is wrong."""
    context = {"form": form, "title": title, "remove_url": remove_url}
    return _dialog(request, "fact_form.html", account, back, status=422 if form.is_bound else 200, **context)


def _from_another_feed(request: Request, kind: Kind, account: Account, row: AccountFact) -> HttpResponse:
    """What a feed delivers is changed where it comes from: the next file would undo what is typed here."""
    if request.method == "POST":
        raise PermissionDenied
    return _dialog(request, "fact_elsewhere.html", account, _back(kind, account), row=row)


def _dialog(
    request: Request, template: str, account: Account, back: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page, or what the dialog shows of it, where closing takes the place of going back."""
    around = {"account": account, "back_url": back, "is_dialog": is_fragment(request)}
    return page_or_fragment(request, f"accounts_app/{template}", context | around, fragment="dialog", status=status)


def _form(request: Request, form: type[FactForm], row: AccountFact) -> FactForm:
    data = request.POST if request.method == "POST" else None
    return form(data, instance=row, today=company_of(request).day_of(timezone.now()))


def _row(kind: Kind, account: Account, pk: int) -> AccountFact:
    rows = kind.model.objects.filter(account=account).select_related("feed", "account")
    row: AccountFact = get_object_or_404(rows, pk=pk)
    return row


def _back(kind: Kind, account: Account) -> str:
    return reverse(kind.list_url, args=[account.pk])
