"""Audits as PDF: one account, or the pack of a whole cycle as one user may see it."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts_app.models import Company, User
from cadence.models import Audit, AuditCycle
from cadence.reports.audit_data import Texts, account_data, for_print, name_of
from cadence.reports.audit_summary import cover_data, cycle_page, footer, summary_data, words
from cadence.reports.typesetting import to_pdf

TEMPLATE: Final = Path(__file__).parent / "audit_pack.typ"
AT_ONCE: Final = 20

Told = Callable[[int, int], None]


def audits_of(cycle: AuditCycle, user: User) -> list[int]:
    """The audits that count and that this user may see, in the order of the accounts' names."""
    found = Audit.objects.visible_to(user).current().filter(cycle=cycle)
    return list(found.order_by("account__sort_name", "account_id").values_list("pk", flat=True))


def account_pdf(audit: Audit, user: User, at: dt.datetime) -> bytes:
    """One audit with its figures; `audit` was found among those the user may see."""
    company = Company.the()
    with timezone.override(company.time_zone):
        one = for_print(Audit.objects.filter(pk=audit.pk)).get()
        title = _("Audit {name}: {account}").format(name=one.cycle.name, account=name_of(one))
        page = account_data(one, company.day_of(at), detailed=True)
        document = _document(title, company, footer(title, user, at, company), [page])
        return to_pdf(TEMPLATE, document, at=at)


def pack_pdf(cycle: AuditCycle, user: User, at: dt.datetime, keys: Sequence[int], told: Told) -> bytes:
    """The pack of these audits; `told` hears how many are gathered, and may end the work by raising."""
    company = Company.the()
    with timezone.override(company.time_zone):
        today = company.day_of(at)
        pages, accounts = list[Texts](), dict[int, int]()
        for audit in _read(cycle, user, keys):
            pages.append(account_data(audit, today))
            accounts[audit.account_id] = audit.pk
            told(len(pages), len(keys))
        page = cycle_page(cycle, user, today)
        title = _("Audit {name}").format(name=cycle.name)
        document = _document(title, company, footer(title, user, at, company), pages) | {
            "words": words(page),
            "cover": cover_data(page, len(pages), user, at),
            "summary": summary_data(page, accounts) if pages else None,
        }
        return to_pdf(TEMPLATE, document, at=at)


def _read(cycle: AuditCycle, user: User, keys: Sequence[int]) -> Iterable[Audit]:
    """A handful at a time: evidence is large; what the user lost sight of meanwhile is left out."""
    visible = Audit.objects.visible_to(user).filter(cycle=cycle)
    for start in range(0, len(keys), AT_ONCE):
        found = {one.pk: one for one in for_print(visible.filter(pk__in=keys[start : start + AT_ONCE]))}
        yield from (found[key] for key in keys[start : start + AT_ONCE] if key in found)


def _document(title: str, company: Company, foot: str, pages: Sequence[Texts]) -> Texts:
    return {
        "lang": (get_language() or "en").split("-")[0],
        "title": title,
        "company": company.name,
        "footer": foot,
        "words": words(),
        "cover": None,
        "summary": None,
        "accounts": list(pages),
    }
