"""The search itself: every kind of thing a user may see, each found in its own way, in the order they are shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts_app.access import EVERYONE_INSIDE, EXCEPT_OPERATIONS
from accounts_app.models import Account, Contact, Role, User
from accounts_app.models.account import AccountQuerySet
from accounts_app.models.person import ContactQuerySet
from accounts_app.search import names, places, rows, texts
from accounts_app.search.result import Result, Section
from accounts_app.search.texts import TextKind, accounts_in_scope, written
from accounts_app.search.wording import Wording


@dataclass(frozen=True)
class Search:
    """One question of one user. `look` is how many of a kind are looked for: what lies beyond is only "more"."""

    user: User
    wording: Wording
    look: int
    account_id: int | None = None

    @cached_property
    def scope(self) -> list[int] | None:
        return accounts_in_scope(self.user)

    @cached_property
    def named_accounts(self) -> list[Account]:
        found = names.accounts_named(self._all_accounts, self.wording, self.user)
        return list(found.order_by("rank", names.former_last(), "foreign", "sort_name", "pk")[: self.look])

    def accounts(self) -> list[Result]:
        return [rows.of_account(one, self.wording, self.user) for one in self.named_accounts]

    def contacts(self) -> list[Result]:
        found = names.contacts_named(self._all_contacts, self.wording, self.user)
        ordered = found.order_by("rank", names.left_last(), "foreign", "sort_name", "pk")
        return [rows.of_contact(one, self.wording) for one in ordered[: self.look]]

    def pages(self) -> list[Result]:
        return places.pages(self.user, self.wording)

    def actions(self) -> list[Result]:
        return places.actions(self.user, self.wording, self.subject)

    def notes(self) -> list[Result]:
        return self._written(texts.NOTES, rows.of_note)

    def incidents(self) -> list[Result]:
        return self._written(texts.INCIDENTS, rows.of_incident)

    def events(self) -> list[Result]:
        return self._written(texts.EVENTS, rows.of_event)

    def inquiries(self) -> list[Result]:
        return self._written(texts.INQUIRIES, rows.of_inquiry)

    def alike(self) -> dict[str, list[Result]]:
        """Accounts and contacts that are written a little differently."""
        foreign_last = names.with_foreign(self._all_accounts, self.user)
        order = ("-likeness", "foreign", "sort_name", "pk")
        accounts = names.alike(foreign_last, self.wording, order, self.look)
        order_of_contacts = ("-likeness", names.left_last(), "sort_name", "pk")
        contacts = names.alike(self._all_contacts, self.wording, order_of_contacts, self.look)
        return {
            "accounts": [rows.of_account(one, self.wording, self.user) for one in accounts],
            "contacts": [rows.of_contact(one, self.wording) for one in contacts],
        }

    @cached_property
    def subject(self) -> Account | None:
        """The account that something could be logged about: the one looked at, else the first one named."""
        if self.account_id is not None and not self.wording.text:
            return Account.objects.visible_to(self.user).filter(pk=self.account_id).first()
        return self.named_accounts[0] if self.wording.text and self.named_accounts else None

    @property
    def _all_accounts(self) -> AccountQuerySet:
        return Account.objects.visible_to(self.user).select_related("tier", "owner")

    @property
    def _all_contacts(self) -> ContactQuerySet:
        return Contact.objects.visible_to(self.user).select_related("account")

    def _written(self, kind: TextKind, shown: Callable[[Any, Wording], Result]) -> list[Result]:
        found = written(kind, self.user, self.scope, self.wording, self.look)
        return [shown(one, self.wording) for one in found]


@dataclass(frozen=True)
class Kind:
    key: str
    label: str | Promise
    find: Callable[[Search], list[Result]]
    roles: frozenset[Role] = EVERYONE_INSIDE
    # By its name, not by words inside it: only where nothing is named so, names that are alike are looked for.
    is_named: bool = False


KINDS = (
    Kind("accounts", _("Accounts"), Search.accounts, is_named=True),
    Kind("contacts", _("Contacts"), Search.contacts, is_named=True),
    Kind("pages", _("Pages"), Search.pages, is_named=True),
    Kind("actions", _("Actions"), Search.actions, is_named=True),
    Kind("notes", _("Notes"), Search.notes, EXCEPT_OPERATIONS),
    Kind("incidents", _("Incidents"), Search.incidents),
    Kind("events", _("Events"), Search.events, EXCEPT_OPERATIONS),
    Kind("inquiries", _("Inquiries"), Search.inquiries, EXCEPT_OPERATIONS),
)
ALIKE = {"accounts": _("Accounts with a similar name"), "contacts": _("Contacts with a similar name")}


@dataclass(frozen=True)
class Span:
    """Which of the results of a kind are shown."""

    size: int
    start: int = 0


def kinds_for(user: User, asked: str = "") -> list[Kind]:
    """The kinds this user may see; or the one asked for, where there is such a one."""
    open_to = [kind for kind in KINDS if user.role in kind.roles]
    return [kind for kind in open_to if kind.key == asked] or open_to


def find(search: Search, span: Span, kinds: Sequence[Kind]) -> list[Section]:
    """The sections with something in them."""
    if not search.wording.is_long_enough:
        return []
    found = [(kind, kind.find(search)) for kind in kinds]
    sections = [_section(kind.key, kind.label, results, search, span) for kind, results in found if results]
    wanted = {kind.key for kind in kinds} & set(ALIKE)
    if not wanted or any(results for kind, results in found if kind.is_named):
        return sections
    alike = [(key, results) for key, results in search.alike().items() if results and key in wanted]
    return [*sections, *(_section(key, ALIKE[key], results, search, span) for key, results in alike)]


def _section(kind: str, label: str | Promise, results: list[Result], search: Search, span: Span) -> Section:
    # One more than can be shown is looked for, to know that there is more; it is not counted.
    is_cut = len(results) >= search.look
    known = results[: search.look - 1] if is_cut else results
    return Section(kind, label, known[span.start : span.start + span.size], len(known), is_cut)
