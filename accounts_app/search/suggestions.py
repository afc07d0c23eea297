"""What the palette offers before anything is typed: the accounts last opened, else the own ones; pages and actions."""

import re

from django.utils.translation import gettext as _

from accounts_app.models import Account, User
from accounts_app.models.account import AccountQuerySet
from accounts_app.search import rows
from accounts_app.search.finding import Search
from accounts_app.search.result import Section

MOST = 5


def suggestions(search: Search, opened: str) -> list[Section]:
    """`opened` are the ids the browser remembers, latest first; the scope decides which of them are shown.

    On an account's page what can be done about it comes first, and it is not offered once more as an account.
    """
    last = [one for one in _last_opened(search.user, opened) if one.pk != search.account_id]
    accounts = last or list(_with_people(Account.objects.mine(search.user).current())[:MOST])
    shown = [rows.of_account(one, search.wording, search.user) for one in accounts[:MOST]]
    known = Section("accounts", _("Opened last") if last else _("Your accounts"), shown)
    acts = Section("actions", _("Actions"), search.actions())
    first, second = (acts, known) if search.subject else (known, acts)
    sections = (first, second, Section("pages", _("Pages"), search.pages()))
    return [section for section in sections if section.results]


def _last_opened(user: User, opened: str) -> list[Account]:
    ids = [int(part) for part in re.findall(r"(?<!\d)\d{1,18}(?!\d)", opened[:200])][: 2 * MOST]
    found = {one.pk: one for one in _with_people(Account.objects.visible_to(user).filter(pk__in=ids))}
    return [found[pk] for pk in dict.fromkeys(ids) if pk in found]


def _with_people(accounts: AccountQuerySet) -> AccountQuerySet:
    return accounts.select_related("tier", "owner")
