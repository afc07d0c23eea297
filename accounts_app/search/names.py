"""Accounts and contacts by name: as written first; what is merely alike only where nothing is named so."""

from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Concat

from accounts_app.models import Account, AccountKey, Contact, User
from accounts_app.models.account import SortName
from accounts_app.scope import mine
from accounts_app.search.wording import Wording

# Keys and addresses are typed or pasted from their beginning; two letters of one would only repeat the names.
SHORTEST_KEY = 3


def accounts_named(user: User, wording: Wording) -> QuerySet[Account]:
    """Names that begin so, then with a word that begins so, then that hold it; own accounts first within each."""
    rows = Account.objects.visible_to(user).select_related("tier", "owner")
    rows = rows.annotate(foreign=Case(When(mine(user), then=0), default=1))
    keys, domain = _by_key(wording), _by_domain(wording)
    found = rows.filter(_holds(wording) | keys | domain)
    return found.order_by(_rank(wording, keys | domain), _former(), "foreign", "sort_name", "pk")


def accounts_alike(user: User, wording: Wording) -> QuerySet[Account]:
    rows = _alike(Account.objects.visible_to(user).select_related("tier", "owner"), wording)
    return rows.annotate(foreign=Case(When(mine(user), then=0), default=1)).order_by(
        "-likeness", "foreign", "sort_name", "pk"
    )


def contacts_named(user: User, wording: Wording) -> QuerySet[Contact]:
    """As accounts, or by e-mail address; who left stands behind who can still be called."""
    rows = Contact.objects.visible_to(user).select_related("account")
    rows = rows.annotate(foreign=Case(When(mine(user, "account__"), then=0), default=1))
    mail = _by_mail(wording)
    found = rows.filter(_holds(wording) | mail)
    return found.order_by(_rank(wording, mail), _has_left(), "foreign", "sort_name", "pk")


def contacts_alike(user: User, wording: Wording) -> QuerySet[Contact]:
    rows = _alike(Contact.objects.visible_to(user).select_related("account"), wording)
    return rows.order_by(F("likeness").desc(), _has_left(), "sort_name", "pk")


def _holds(wording: Wording) -> Q:
    """Every word of the question is in the name: three letters anywhere, fewer where a word begins.

    Trigrams need three letters to find a row by its middle; fewer would read the whole index.
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


def _alike(rows: QuerySet[Any], wording: Wording) -> QuerySet[Any]:
    """By the trigrams of the nearest words; how near is near enough is set for the transaction (finding.py)."""
    letters = SortName(Value(wording.text))
    rows = rows.filter(sort_name__trigram_word_similar=letters)
    return rows.annotate(likeness=TrigramWordSimilarity(letters, "sort_name"))


def _by_key(wording: Wording) -> Q:
    if len(wording.text) < SHORTEST_KEY:
        return Q(pk__in=[])
    return Q(pk__in=AccountKey.objects.filter(key__istartswith=wording.text).values("account"))


def _by_domain(wording: Wording) -> Q:
    """`example.com`, or an address at it."""
    domain = wording.text.rpartition("@")[2].lower()
    return Q(mail_domain=domain) if "." in domain else Q(pk__in=[])


def _by_mail(wording: Wording) -> Q:
    is_one = len(wording.words) == 1 and len(wording.text) >= SHORTEST_KEY
    return Q(email__istartswith=wording.text) if is_one else Q(pk__in=[])


def _former() -> Case:
    return Case(When(status=Account.Status.FORMER, then=1), default=0)


def _has_left() -> Case:
    return Case(When(left_on=None, then=0), default=1)
