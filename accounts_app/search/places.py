"""Pages and actions: found by the words of their names, and never offered to a role that may not."""

from collections.abc import Iterator

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.access import WHO_ACT
from accounts_app.account_search import choosable_accounts
from accounts_app.context import ACTS, MENU
from accounts_app.models import Account, User
from accounts_app.search.result import Result
from accounts_app.search.wording import Wording, names_one_of

SEARCH = "accounts:search"
# Pages that are reached from the person's own corner and not from the menu.
OWN_PAGES: tuple[tuple[str | Promise, str], ...] = (
    (gettext_lazy("Security"), "mfa_index"),
    (gettext_lazy("Keys"), "accounts:keys"),
)

# What is done seldom enough to have no key and no place in the menu.
MORE_ACTS: tuple[tuple[str | Promise, str, str], ...] = (
    (gettext_lazy("Log a meeting with several"), "accounts:interaction_group", "user-group"),
    (gettext_lazy("Log from a mail or meeting file"), "accounts:log_from_file", "envelope"),
)

# What is logged about an account, as `choosable_accounts` knows it, in words with the account in them.
LOGGED: tuple[tuple[str, str, str | Promise], ...] = (
    ("accounts:interaction_log", "contact", gettext_lazy("Log a contact with %(account)s")),
    ("accounts:incident_log", "incident", gettext_lazy("Log an incident for %(account)s")),
)


def pages(user: User, wording: Wording) -> list[Result]:
    entries = [(entry.label, entry.url_name) for entry in MENU if user.role in entry.roles]
    wanted = [(str(label), name) for label, name in (*entries, *OWN_PAGES) if _is_wanted(str(label), wording)]
    return [
        Result(url=address, title=wording.marked(label), icon="arrow-right", opens=_opening(name))
        for label, name in wanted
        if (address := address_of(name))
    ]


def actions(user: User, wording: Wording, account: Account | None) -> list[Result]:
    """What can be done: with the account that is looked at or named, and everywhere."""
    wanted = [one for one in _anywhere(user) if _is_wanted(str(one.title), wording)]
    return [*(_with_account(user, account) if account else ()), *wanted]


def address_of(url_name: str) -> str:
    """Empty for what this installation does not have."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _anywhere(user: User) -> Iterator[Result]:
    for act in ACTS:
        address = address_of(act.url_name)
        if address and act.url_name != SEARCH and user.role in act.roles:
            yield Result(url=address, title=str(act.label), icon=act.icon, opens="dialog", key=act.hint)
    if user.role in WHO_ACT:
        for label, url_name, icon in MORE_ACTS:
            yield Result(url=address_of(url_name), title=str(label), icon=icon, opens="dialog")
    yield Result(url="", title=_("Switch between light and dark"), icon="moon", opens="theme")
    yield Result(
        url=address_of("account_logout"), title=_("Log out"), icon="arrow-right-start-on-rectangle", opens="leave"
    )


def _with_account(user: User, account: Account) -> Iterator[Result]:
    """The forms of `ACTS` take the account from their address; who may not save them is not offered them."""
    acts = {act.url_name: act for act in ACTS if user.role in act.roles}
    for url_name, what, title in LOGGED:
        act, address = acts.get(url_name), address_of(url_name)
        if act and address and choosable_accounts(user, what).filter(pk=account.pk).exists():
            words = str(title) % {"account": account.name}
            yield Result(url=f"{address}?account={account.pk}", title=words, icon=act.icon, opens="dialog")


def _is_wanted(label: str, wording: Wording) -> bool:
    return not wording.text or names_one_of(label, wording)


def _opening(url_name: str) -> str:
    return "dialog" if url_name == "accounts:keys" else "page"
