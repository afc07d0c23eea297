"""What was written: notes of interactions, incidents, changes at the customer, inquiries. Newest first.

A word that half of a million notes hold must not sort half a million rows, and a rare one must not read a million. So
the newest notes in scope are read first, a bounded number of them, where a common word is found at once; only when
they hold too little is the index of words asked, and of what it names no more than `MOST_READ` rows are sorted.

`search_words` is no field of the models: every list of interactions would carry it along. The database keeps it
(migration `search`), with the configuration `simple` and without accents: notes come in several languages, a stemmer
for one cuts the words of the others wrongly, and the last word typed is a beginning anyway.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from psycopg import sql

from accounts_app.models import Account, ChangeEvent, Incident, Inquiry, Interaction, User
from accounts_app.scope import ROLES_OF_ALL_ACCOUNTS
from accounts_app.search.wording import Wording

READ_FIRST = 3_000
READ_FOR_EACH = 200  # so that what is too rare to be found there is rare enough to be sorted whole
MOST_READ = 5_000
# So few accounts are read by the index of their rows, more of them by passing over the rows of others.
FEW_ACCOUNTS = 300
OR = "or"


@dataclass(frozen=True)
class TextKind:
    """A kind of row that is found by its words: its table, its day in SQL, and which rows count."""

    table: str
    visible_to: Callable[[User], QuerySet[Any]]
    day: str
    only: str = "true"


NOTES = TextKind(
    "accounts_app_interaction",
    Interaction.objects.visible_to,
    "coalesce(happened_on, planned_on, due_on)",
    "note <> '' AND state <> 'voided'",
)
INCIDENTS = TextKind("accounts_app_incident", Incident.objects.visible_to, "opened_at")
EVENTS = TextKind("accounts_app_changeevent", ChangeEvent.objects.visible_to, "happened_on")
INQUIRIES = TextKind("accounts_app_inquiry", Inquiry.objects.visible_to, "asked_on")

# websearch_to_tsquery takes any text without an error. vigil_sort_name and not unaccent: the planner works out what is
# immutable once, before it plans.
SURE = "websearch_to_tsquery('simple', vigil_sort_name(%(sure)s))"
BEGUN = "to_tsquery('simple', vigil_sort_name(%(begun)s))"
# It begins with SELECT, else the audit trail takes it for a change and sends its context along.
STATEMENT = """SELECT id FROM (
WITH recent AS MATERIALIZED (
    SELECT id, day FROM (
        SELECT id, {day} AS day, account_id, search_words FROM {table}
        WHERE {only} AND {few} ORDER BY {day} DESC NULLS LAST LIMIT %(read)s
    ) newest WHERE {many} AND search_words @@ {question} LIMIT %(most)s
), named AS MATERIALIZED (
    -- Planned for all its rows, because it stands alone: else a LIMIT lets the planner hope and read the whole table.
    SELECT id, {day} AS day FROM {table} WHERE {only} AND {few} AND {many} AND search_words @@ {question}
), older AS (
    -- A question of exclusions only can ask no index, and would read all.
    SELECT id, day FROM named
    WHERE (SELECT count(*) FROM recent) < %(most)s AND querytree({question}) <> 'T' LIMIT %(most_read)s
)
SELECT id, day FROM recent UNION SELECT id, day FROM older
) found ORDER BY day DESC NULLS LAST, id DESC LIMIT %(most)s
"""
OF_ACCOUNTS = sql.SQL("account_id = ANY(%(accounts)s::bigint[])")
EVERY = sql.SQL("true")


def written(kind: TextKind, user: User, accounts: list[int] | None, wording: Wording, most: int) -> list[Any]:
    """The newest rows that hold the words, at most `most`; `accounts` as `accounts_in_scope` gives them."""
    sure, begun = parts_of(wording)
    if not (sure or begun) or accounts == [] or kind.visible_to(user).query.is_empty():
        return []
    found = _ids(kind, accounts, sure, begun, most)
    # The scope decides once more: what is read above only narrows.
    rows = kind.visible_to(user).filter(pk__in=found).select_related("account")
    by_id = {row.pk: row for row in rows}
    return [by_id[pk] for pk in found if pk in by_id]


def accounts_in_scope(user: User) -> list[int] | None:
    """Which accounts' rows to read, resolved once: the planner knows how many they are. None means every account."""
    if user.role in ROLES_OF_ALL_ACCOUNTS:
        return None
    return list(Account.objects.visible_to(user).order_by().values_list("pk", flat=True))


def parts_of(wording: Wording) -> tuple[str, str]:
    """What stands before the last word, in the query language of search engines, and that word as a beginning."""
    head, _space, last = wording.text.rpartition(" ")
    before = head.rpartition(" ")[2]
    *inner, letters = re.sub(r"[^\w@.\-]", " ", last).split() or [""]
    letters = letters.strip("-.")
    is_phrase = wording.text.count('"') % 2 == 1 or last.endswith('"')
    if is_phrase or last.startswith("-") or OR in {before.lower(), last.lower()} or not re.search(r"\w", letters):
        return wording.text, ""
    return " ".join((head, *inner)).strip(), f"'{letters}':*"


def _ids(kind: TextKind, accounts: list[int] | None, sure: str, begun: str, most: int) -> list[int]:
    question = " && ".join(part for part, text in ((SURE, sure), (BEGUN, begun)) if text)
    is_few = accounts is not None and len(accounts) <= FEW_ACCOUNTS
    statement = sql.SQL(STATEMENT).format(
        table=sql.Identifier(kind.table),
        day=sql.SQL(kind.day),
        only=sql.SQL(kind.only),
        few=OF_ACCOUNTS if is_few else EVERY,
        many=EVERY if is_few or accounts is None else OF_ACCOUNTS,
        question=sql.SQL(f"({question})"),
    )
    values = {"sure": sure, "begun": begun, "accounts": accounts, "most": most, "most_read": MOST_READ}
    with connection.cursor() as cursor:
        # As text: the audit trail looks at every statement and knows no composed one.
        cursor.execute(statement.as_string(), {**values, "read": max(READ_FIRST, READ_FOR_EACH * most)})
        return [pk for (pk,) in cursor.fetchall()]
