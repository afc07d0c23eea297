"""What every page of one account shows around its rows: the account, within scope, and the tabs with their counts."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts_app.access import Request
from accounts_app.models import (
    Account,
    ChangeEvent,
    Contact,
    Contract,
    Incident,
    Inquiry,
    Interaction,
    Loss,
    Order,
    SurveyAnswer,
    User,
)
from accounts_app.models import Promise as PromiseFact
from accounts_app.models.account import AccountQuerySet

# Own templates for operations, not hidden columns: what they may not see is not in their files.
FRAME = "accounts_app/account_frame.html"
FRAME_OF_OPERATIONS = "accounts_app/operations/account_frame.html"


@dataclass(frozen=True)
class Tab:
    key: str
    label: str | Promise
    url: str
    count: str | int | None
    is_current: bool


TABS = (
    ("overview", _("Overview"), "signals:account"),
    ("contacts", _("Contacts"), "accounts:contact_list"),
    ("relationships", _("Relationships"), "cadence:relationships"),
    ("interactions", _("Interactions"), "accounts:interaction_list"),
    ("orders", _("Orders"), "accounts:order_list"),
    ("incidents", _("Incidents"), "accounts:incident_list"),
    ("inquiries", _("Inquiries"), "accounts:inquiry_list"),
    ("contracts", _("Contracts"), "accounts:contract_list"),
    ("events", _("Events"), "accounts:event_list"),
    ("loyalty", _("Loyalty"), "accounts:survey_list"),
    ("promises", _("Promises"), "accounts:promise_list"),
    ("value", _("Value"), "cadence:account_value"),
    ("reviews", _("Reviews"), "cadence:account_reviews"),
    ("audits", _("Audits"), "cadence:account_audits"),
    ("details", _("Details"), "accounts:account_details"),
)
TABS_OF_OPERATIONS = ("contacts", "incidents")


def visible_account(user: User, pk: int) -> Account:
    """The account, or 404 whether it is missing or another team's; `may_edit` says whether this user may change it."""
    accounts = Account.objects.visible_to(user).select_related("tier", "team", "owner", "deputy", "parent")
    return get_object_or_404(with_may_edit(accounts, user), pk=pk)


def with_may_edit(accounts: AccountQuerySet, user: User) -> AccountQuerySet:
    """The accounts, each with whether this user may change it."""
    editable = Account.objects.editable_by(user).filter(pk=OuterRef("pk"))
    return accounts.annotate(may_edit=Exists(editable))


def editable_account(user: User, pk: int) -> Account:
    """The account if this user may change it; one that is only seen is refused."""
    account = visible_account(user, pk)
    if not may_edit(account):
        raise PermissionDenied
    return account


def may_edit(account: Account) -> bool:
    return bool(vars(account)["may_edit"])


def account_frame(request: Request, account: Account, current: str) -> dict[str, Any]:
    """Context of the header and the tabs."""
    user = request.user
    return {
        "account": account,
        "frame": FRAME if user.may_see_money else FRAME_OF_OPERATIONS,
        "tabs": account_tabs(account, user, current),
        "current_tab": current,
        "tab_title": next(label for key, label, _url in TABS if key == current),
    }


def account_tabs(account: Account, user: User, current: str) -> list[Tab]:
    counts = _counts(account, user)
    return [
        Tab(key, label, reverse(url_name, args=[account.pk]), counts.get(key), key == current)
        for key, label, url_name in TABS
        if user.may_see_money or key in TABS_OF_OPERATIONS
    ]


def _counts(account: Account, user: User) -> dict[str, str | int]:
    """One statement counts the rows behind all tabs, as far as this user may see them."""
    kinds: dict[str, QuerySet[Any]] = {
        "contacts": Contact.objects.visible_to(user).filter(left_on=None),
        "interactions": Interaction.objects.visible_to(user),
        "orders": Order.objects.visible_to(user),
        "incidents": Incident.objects.visible_to(user).open(),
        "inquiries": Inquiry.objects.visible_to(user),
        "contracts": Contract.objects.visible_to(user),
        "events": ChangeEvent.objects.visible_to(user),
        "losses": Loss.objects.visible_to(user),
        "loyalty": SurveyAnswer.objects.visible_to(user),
        "promises": PromiseFact.objects.visible_to(user).open(),
    }
    counted = {f"{key}_count": _count(rows.filter(account=account)) for key, rows in kinds.items()}
    row = Account.objects.filter(pk=account.pk).values_list(*counted.values())[0]
    counts: dict[str, str | int] = dict(zip(kinds, row, strict=True))
    opened = int(counts.pop("incidents"))
    counts["events"] = int(counts["events"]) + int(counts.pop("losses"))
    return counts | {"incidents": ngettext("%(n)s open", "%(n)s open", opened) % {"n": opened}}


def _count(rows: QuerySet[Any]) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values("account").annotate(n=Count("pk")).values("n")), 0)
