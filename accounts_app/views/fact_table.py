"""A list of facts on a page of an account: its headings, its rows, what to press, and what it says while empty."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise

from accounts_app.access import Request
from accounts_app.forms.kinds import Kind
from accounts_app.models import Account
from accounts_app.views.account_frame import account_frame, may_edit
from accounts_app.views.evidence import Evidence, address_without_evidence
from accounts_app.views.fragments import page_or_fragment
from accounts_app.views.listing import Header

Text = str | Promise


@dataclass(frozen=True)
class Words:
    """What the reader is told of the list; `row` is the template of one row, below `accounts_app/`."""

    title: Text
    caption: Text
    empty_title: Text
    empty_text: Text
    row: str
    # Where those of all accounts are listed: the name of its address, and what leads there.
    all_url: str = ""
    all_label: Text = ""

    @property
    def row_template(self) -> str:
        return f"accounts_app/{self.row}"


@dataclass(frozen=True)
class FactTable:
    words: Words
    headers: list[Header]
    rows: Sequence[Any]
    kind: Kind
    # Empty where the reader may not add to it.
    add_url: str


def fact_table(account: Account, kind: Kind, words: Words, headers: list[Header], rows: Sequence[Any]) -> FactTable:
    add_url = reverse(f"accounts:{kind.noun}_add", args=[account.pk]) if may_edit(account) else ""
    return FactTable(words, headers, rows, kind, add_url)


def facts_page(
    request: Request, account: Account, tab: str, tables: list[FactTable], evidence: Evidence, **context: Any
) -> HttpResponse:
    """The page of one or several lists; `context` names `page_obj` where the first one has pages."""
    around = {
        **account_frame(request, account, tab),
        "tables": tables,
        "evidence": evidence,
        "all_rows_url": address_without_evidence(request),
    }
    return page_or_fragment(request, "accounts_app/fact_list.html", around | context)
