"""A few of the things a file creates and changes, for people who decide whether it is right."""

import json
from typing import Any

from .request import Example
from .staging import Load
from .tables import ACCOUNTS, CHANGES, CONTACTS, TEAMS, TIERS, USERS

_SHOWN = 5
_WEIGHED = 1000  # among which the earliest are looked for: sorting half a million rows for five costs half a second
_LONGEST = 120
_INTERNAL = frozenset({"id", "new_id", "old_account", "fate", "external_key", "known_on", "new_owner_id"})
# Columns that hold the number of another row are shown by that row's name.
_NAMED: dict[str, str] = {
    "account_id": ACCOUNTS,
    "parent_id": ACCOUNTS,
    "contact_id": CONTACTS,
    "successor_id": CONTACTS,
    "tier_id": TIERS,
    "team_id": TEAMS,
    "owner_id": USERS,
    "deputy_id": USERS,
    "user_id": USERS,
    "by_id": USERS,
}


def collect(load: Load, key: str) -> list[Example]:
    """Take a few things of each outcome from the diff, the earliest of a thousand first.

    Parameters
    ----------
    load
        After its loader has written.
    key
        The staged field that names the item of a row.
    """
    found = load.rows(
        f"""
        WITH weighed AS (
            (SELECT * FROM import_diff WHERE fate = 'created' ORDER BY external_key LIMIT {_WEIGHED})
            UNION ALL (SELECT * FROM import_diff WHERE fate = 'updated' ORDER BY external_key LIMIT {_WEIGHED})
        ),
        first AS (
            SELECT s."{key}" AS external_key, min(s.row_no) AS line FROM import_stage s
            WHERE s."{key}" IN (SELECT external_key FROM weighed) GROUP BY 1
        ),
        ranked AS (
            SELECT d.*, f.line, row_number() OVER (PARTITION BY d.fate ORDER BY f.line) AS place
            FROM weighed d JOIN first f USING (external_key)
        )
        SELECT r.fate, r.line, r.external_key, to_jsonb(r) - '{{line,place}}'::text[],
               (SELECT c.before FROM {CHANGES} c WHERE c.batch_id = %(batch)s AND c.object_id = r.id LIMIT 1)
        FROM ranked r WHERE r.place <= {_SHOWN} ORDER BY r.fate, r.line
        """
    )
    return [
        Example(outcome, line, key, *_values(load, _parsed(after), before and _parsed(before)))
        for outcome, line, key, after, before in found
    ]


def _parsed(text: str) -> dict[str, Any]:
    """The driver leaves JSON as text; amounts keep their digits."""
    values: dict[str, Any] = json.loads(text, parse_float=str)
    return values


def _values(load: Load, after: dict[str, Any], before: dict[str, Any] | None) -> tuple[dict[str, str], dict[str, str]]:
    """Before and after, in words; of a created thing what it has, of an updated one what differs."""
    shown = {name: value for name, value in after.items() if name not in _INTERNAL}
    if before is None:
        return {}, _texts(load, {name: value for name, value in shown.items() if value not in (None, "")})
    earlier = {name: value for name, value in before.items() if name in shown and value != shown[name]}
    return _texts(load, earlier), _texts(load, {name: shown[name] for name in earlier})


def _texts(load: Load, values: dict[str, Any]) -> dict[str, str]:
    return {name.removesuffix("_id"): _text(load, name, value) for name, value in values.items()}


def _text(load: Load, name: str, value: Any) -> str:
    if value is None:
        return ""
    if name in _NAMED:
        found = load.rows(f"SELECT name FROM {_NAMED[name]} WHERE id = %(id)s", id=value)
        return str(found[0][0]) if found else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)[:_LONGEST]
