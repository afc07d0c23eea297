"""Accounts and contacts by name: as written first; what is merely alike only where nothing is named so."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Concat

from accounts_app.models import Account, AccountKey, User
from accounts_app.models.account import AccountQuerySet, SortName
from accounts_app.models.person import ContactQuerySet
from accounts_app.scope import mine
from accounts_app.search.wording import Wording

# Keys and addresses are typed or pasted from their beginning; two letters of one would only repeat the names.
SHORTEST_KEY = 3
# Two neighbouring letters swapped in a name of eight leave it this much alike; of three letters too little is left.
LIKE_ENOUGH = 0.4
SHORTEST_LIKENESS = 4

Rows: TypeAlias = AccountQuerySet | ContactQuerySet


def accounts_named(accounts: AccountQuerySet, wording: Wording, user: User) -> AccountQuerySet:
    """Those whose name holds the words, or whose number or domain it is; `rank` and `foreign` are there to order by."""
    keys, domain = _by_key(wording), _by_domain(wording)
    holds = Q(*(Q(sort_name__contains=SortName(Value(word))) for word in wording.words))
    found = accounts.filter(holds | keys | domain)
    return with_foreign(found, user).annotate(rank=_rank(wording, keys | domain))


def contacts_named(contacts: ContactQuerySet, wording: Wording, user: User) -> ContactQuerySet:
    """As accounts, or by e-mail address."""
    mail = _by_mail(wording)
    foreign = Case(When(mine(user, "account__"), then=0), default=1)
    return contacts.filter(_begins(wording) | mail).annotate(rank=_rank(wording, mail), foreign=foreign)


def with_foreign(accounts: AccountQuerySet, user: User) -> AccountQuerySet:
    """Add 0 for the user's own accounts, 1 for others'."""
    return accounts.annotate(foreign=Case(When(mine(user), then=0), default=1))


def alike(rows: Rows, wording: Wording, order: Sequence[str | Case], most: int) -> list[Any]:
    """By the trigrams of the nearest words. How near is near enough is a setting of the transaction."""
    if len(wording.text) < SHORTEST_LIKENESS:
        return []
    letters = SortName(Value(wording.text))
    near = rows.filter(sort_name__trigram_word_similar=letters)
    likeness = TrigramWordSimilarity(letters, "sort_name")  # type: ignore[arg-type]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(LIKE_ENOUGH)])
        return list(near.annotate(likeness=likeness).order_by(*order)[:most])


def _begins(wording: Wording) -> Q:
    """Every word of the question is in the name: three letters anywhere, fewer where a word begins.

    Trigrams need three letters to find a row by its middle; of fewer, every contact would be read.
    """
    condition = Q()
    for word in wording.words:
        letters = SortName(Value(word))
        begins = Q(sort_name__startswith=letters) | Q(sort_name__contains=Concat(Value(" "), letters))
        condition &= Q(sort_name__contains=letters) if len(word) > 2 else begins
    return condition


def _rank(wording: Wording, exact: Q) -> Case:
    letters = SortName(Value(wording.text))
    begins = When(Q(sort_name__startswith=letters) | exact, then=0)
    return Case(begins, When(sort_name__contains=Concat(Value(" "), letters), then=1), default=2)


def _by_key(wording: Wording) -> Q:
    is_short = len(wording.text) < SHORTEST_KEY
    named = Q(key__iexact=wording.text) if is_short else Q(key__istartswith=wording.text)
    return Q(pk__in=AccountKey.objects.filter(named).values("account"))


def _by_domain(wording: Wording) -> Q:
    """`example.com`, or an address at it."""
    domain = wording.text.rpartition("@")[2].lower()
    return Q(mail_domain=domain) if "." in domain else Q(pk__in=[])


def _by_mail(wording: Wording) -> Q:
    is_one = len(wording.words) == 1 and len(wording.text) >= SHORTEST_KEY
    return Q(email__istartswith=wording.text) if is_one else Q(pk__in=[])


def former_last() -> Case:
    return Case(When(status=Account.Status.FORMER, then=1), default=0)


def left_last() -> Case:
    return Case(When(left_on=None, then=0), default=1)
