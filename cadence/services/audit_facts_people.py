"""Contacts, promises and what was brought, for an audit's evidence: as known on the day, people as ids."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import connection
from django.db.models import Count, Exists, OuterRef

from accounts_app.models import Account, Interaction
from accounts_app.models.interaction import InteractionQuerySet
from accounts_app.models.person import Level
from cadence.models import ContactQuarter
from cadence.quarter_days import last_day, quarter_of
from cadence.schedule import DAY
from cadence.services.audit_facts_risk import YEAR, Judged, Section
from cadence.services.audit_roles import business_day

# Thirteen weeks, and not the quarter begun: an audit opened on its first days would find next to nothing.
QUARTER: Final = dt.timedelta(days=91)
QUARTERS_TOLD: Final = 4
ITEMS_TOLD: Final = 12

# Whoever wrote the contact down was there as well, if it is one of our people.
MEETINGS: Final = """
WITH done AS MATERIALIZED (
    SELECT id, account_id, by_id, happened_on > %(quarter)s AS is_recent
    FROM accounts_app_interaction
    WHERE account_id = ANY(%(ids)s) AND state = 'done' AND happened_on > %(year)s AND happened_on <= %(as_of)s
      AND known_on <= %(as_of)s AND happened_known_on <= %(as_of)s
), met AS MATERIALIZED (
    SELECT d.*, c.level AS theirs
    FROM done d JOIN accounts_app_interaction_contacts w ON w.interaction_id = d.id
    JOIN accounts_app_contact c ON c.id = w.contact_id AND c.account_id = d.account_id
), seen AS (
    SELECT m.id, m.account_id, m.is_recent, m.theirs, g.level AS ours
    FROM met m JOIN accounts_app_interaction_colleagues w ON w.interaction_id = m.id
    JOIN accounts_app_colleague g ON g.id = w.colleague_id
    UNION SELECT m.id, m.account_id, m.is_recent, m.theirs, g.level
    FROM met m JOIN accounts_app_colleague g ON g.user_id = m.by_id
)
SELECT account_id, theirs, ours, COUNT(DISTINCT id), COUNT(DISTINCT id) FILTER (WHERE is_recent)
FROM seen GROUP BY 1, 2, 3
UNION ALL SELECT account_id, theirs, '', COUNT(DISTINCT id), COUNT(DISTINCT id) FILTER (WHERE is_recent)
FROM met GROUP BY 1, 2
UNION ALL SELECT account_id, '', '', COUNT(*), COUNT(*) FILTER (WHERE is_recent) FROM done GROUP BY 1"""


def contacts(keys: Sequence[int], as_of: dt.date, judged: Mapping[int, Judged]) -> dict[int, Section]:
    """In how many contacts somebody of each level of theirs met somebody of each level of ours."""
    counted: defaultdict[int, dict[tuple[str, str], tuple[int, int]]] = defaultdict(dict)
    with connection.cursor() as cursor:
        days = {"as_of": as_of, "quarter": as_of - QUARTER, "year": as_of - YEAR}
        cursor.execute(MEETINGS, {"ids": list(keys), **days})
        for key, theirs, ours, year, quarter in cursor.fetchall():
            counted[key][theirs, ours] = (quarter, year)
    ever = with_contacts(keys, as_of)
    return {key: _met(counted[key], judged[key].knows("interactions", has_rows=key in ever), as_of) for key in keys}


def with_contacts(keys: Sequence[int], as_of: dt.date) -> set[int]:
    """Which accounts have any contact on record."""
    return set(
        Account.objects.filter(Exists(_known_on(as_of).filter(account=OuterRef("pk"))), pk__in=keys).values_list(
            "pk", flat=True
        )
    )


def _known_on(as_of: dt.date) -> InteractionQuerySet:
    return Interaction.objects.done().filter(happened_on__lte=as_of, known_on__lte=as_of, happened_known_on__lte=as_of)


def _met(counted: Mapping[tuple[str, str], tuple[int, int]], known: Section, as_of: dt.date) -> Section:
    spans = {"quarter": _span(counted, 0, as_of - QUARTER), "year": _span(counted, 1, as_of - YEAR)}
    if known["known"] and spans["year"]["contacts"] and not any(spans["year"]["levels"].values()):
        known = known | {"known": False, "reason": "nobody_named"}
    return known | spans


def _span(counted: Mapping[tuple[str, str], tuple[int, int]], which: int, before: dt.date) -> Section:
    def count(theirs: str, ours: str) -> int:
        return counted.get((theirs, ours), (0, 0))[which]

    return {
        "from": (before + dt.timedelta(days=1)).isoformat(),
        "contacts": count("", ""),
        "levels": {theirs: count(theirs, "") for theirs in Level.values},
        "pairs": {theirs: {ours: count(theirs, ours) for ours in Level.values} for theirs in Level.values},
    }


def cadence(keys: Sequence[int], as_of: dt.date, judged: Mapping[int, Judged]) -> dict[int, Section]:
    """What was promised and kept in the last quarters, the newest first, as `ContactQuarter` counts it."""
    rows: defaultdict[int, list[ContactQuarter]] = defaultdict(list)
    counted = ContactQuarter.objects.filter(account__in=keys, begins_on__lte=_last_counted(as_of))
    for row in counted.order_by("-begins_on"):
        rows[row.account_id].append(row)
    accounts = Account.objects.select_related("tier").in_bulk(list(keys))
    return {key: _cadence(rows[key][:QUARTERS_TOLD], accounts[key], judged[key], as_of) for key in keys}


def _last_counted(as_of: dt.date) -> dt.date:
    """The quarter begun is counted until today: of a day in the past it would tell what came after it."""
    begun = quarter_of(as_of)
    return begun if as_of in {business_day(), last_day(begun)} else quarter_of(begun - DAY)


COUNTS: Final = ("days_promised", "days_kept", "contacts", "proactive", "with_value")


def _cadence(rows: Sequence[ContactQuarter], account: Account, judged: Judged, as_of: dt.date) -> Section:
    standing = judged.on(as_of)
    told = [{"begins_on": row.begins_on.isoformat(), **{name: getattr(row, name) for name in COUNTS}} for row in rows]
    known = judged.knows("interactions", has_rows=any(row.first_on is not None for row in rows))
    if known["known"] and not rows:
        known |= {"known": False, "reason": "not_counted"}
    return known | {
        "quarters": told,
        **{name: sum(one[name] for one in told) for name in COUNTS[:-1]},
        "ideal_days": account.ideal_days,
        "max_days": account.max_days,
        "last_proactive_on": _iso(standing.last_proactive_on if standing else None),
        "due_on": _iso(standing.due_on if standing else None),
        "latest_on": _iso(standing.latest_on if standing else None),
    }


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def value(keys: Sequence[int], as_of: dt.date, judged: Mapping[int, Judged]) -> dict[int, Section]:
    """Of the contacts we started in twelve months how many brought something, and what was made of it."""
    done = _known_on(as_of).filter(account__in=keys, happened_on__gt=as_of - YEAR)
    ours = done.filter(initiator=Interaction.Initiator.US, purpose__in=Interaction.PROACTIVE_PURPOSES).order_by()
    counts = {key: numbers for key, *numbers in ours.values_list("account").annotate(Count("pk"), Count("value_item"))}
    items: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    brought = done.filter(value_item__isnull=False).order_by("-happened_on", "-pk")
    fields = ("account", "pk", "happened_on", "value_item", "value_item__title", "reaction")
    for key, pk, day, item, title, reaction in brought.values_list(*fields):
        items[key].append(
            {"interaction": pk, "on": day.isoformat(), "item": item, "title": title, "reaction": reaction}
        )
    ever = with_contacts(keys, as_of)
    return {
        key: judged[key].knows("interactions", has_rows=key in ever)
        | _brought(counts.get(key, [0, 0]), items[key], as_of)
        for key in keys
    }


def _brought(counts: Sequence[int], items: Sequence[dict[str, Any]], as_of: dt.date) -> Section:
    reactions = {name: sum(one["reaction"] == name for one in items) for name in (*Interaction.Reaction.values, "")}
    return {
        "from": (as_of - YEAR + dt.timedelta(days=1)).isoformat(),
        "contacts": counts[0],
        "with_value": counts[1],
        "brought": len(items),
        "reactions": {name or "none_noted": count for name, count in reactions.items()},
        "items": list(items[:ITEMS_TOLD]),
    }
