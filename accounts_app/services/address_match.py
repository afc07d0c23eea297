"""Whom mail addresses belong to: people and accounts the reader may log for, and our own people. Others are nobody."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models.functions import Upper

from accounts_app.models import Account, Colleague, Contact, User

PARTS_OF_A_DOMAIN = 4


@dataclass(frozen=True)
class Candidate:
    """An account that was named, and who of it; nobody where only its domain was."""

    account: Account
    contacts: list[Contact] = field(default_factory=list)


@dataclass(frozen=True)
class Match:
    """`unknown` are the addresses that are neither ours nor anybody's whom the reader may know."""

    candidates: list[Candidate]
    colleagues: list[Colleague]
    ours: frozenset[str]
    unknown: list[str]


def match(addresses: Collection[str], user: User) -> Match:
    """Find people by their address, then accounts by the domains of the addresses that nobody has.

    An address of the reader's own domain is ours, unless a contact has it.
    """
    people = _people(addresses, user)
    known = {one.email.lower() for one in people}
    left = [address for address in addresses if address not in known]
    colleagues = list(Colleague.objects.filter(user__email__in=left).select_related("user"))
    users = set(User.objects.filter(email__in=left).values_list("email", flat=True))
    own_domain = domain_of(user.email)
    ours = {address for address in left if address in users or domain_of(address) == own_domain}
    strangers = [address for address in left if address not in ours]
    by_domain = _accounts(strangers, user)
    unknown = [address for address in strangers if not _domains(address) & by_domain.keys()]
    return Match(_candidates(people, by_domain.values()), colleagues, frozenset(ours), unknown)


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _people(addresses: Collection[str], user: User) -> list[Contact]:
    """Whoever has one of the addresses; those who left too, as the account shows by them."""
    rows = Contact.objects.annotate(mail=Upper("email")).filter(mail__in=[one.upper() for one in addresses])
    mine = Account.objects.editable_by(user)
    return list(rows.filter(account__in=mine).select_related("account__tier").order_by("name", "pk"))


def _accounts(addresses: Iterable[str], user: User) -> dict[str, list[Account]]:
    domains = set().union(*(_domains(address) for address in addresses))
    found: dict[str, list[Account]] = defaultdict(list)
    rows = Account.objects.editable_by(user).filter(mail_domain__in=domains) if domains else []
    for account in rows:
        found[account.mail_domain].append(account)
    return found


def _domains(address: str) -> set[str]:
    """The domain and what it is part of: `mail.example.com` is `example.com`'s."""
    parts = domain_of(address).split(".")[-PARTS_OF_A_DOMAIN:]
    return {".".join(parts[start:]) for start in range(len(parts) - 1)}


def _candidates(people: Iterable[Contact], by_domain: Iterable[list[Account]]) -> list[Candidate]:
    """People first: with them it is sure whose they are."""
    found: dict[int, Candidate] = {}
    for contact in people:
        found.setdefault(contact.account_id, Candidate(contact.account)).contacts.append(contact)
    for account in (account for accounts in by_domain for account in accounts):
        found.setdefault(account.pk, Candidate(account))
    return list(found.values())
