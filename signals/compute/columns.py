"""Names and dtypes of the tables in `Facts`."""

import datetime as dt

import numpy as np
import pandas as pd

# The dtypes of an empty column, and the numpy kinds a filled one may have ("O" also covers pandas' str and category).
INTEGER, FLOAT, TEXT, DAY, FLAG = "int64", "float64", "str", "datetime64[s]", "bool"
KINDS = {INTEGER: "iu", FLOAT: "f", TEXT: "O", DAY: "M", FLAG: "b"}

COLUMNS: dict[str, dict[str, str]] = {
    "accounts": {
        "country": TEXT,
        "ideal_days": FLOAT,
        "max_days": FLOAT,
        "owner_id": FLOAT,
        "contact_hours": FLOAT,  # what one promised contact takes, by tier; NaN: former, nothing is promised
    },
    "orders": {"account_id": INTEGER, "day": DAY, "amount": FLOAT, "known_on": DAY},
    # What of them was bought, netted by day and group; "" is no group.
    "lines": {"account_id": INTEGER, "day": DAY, "product_group": TEXT, "amount": FLOAT, "known_on": DAY},
    "interactions": {
        "account_id": INTEGER,
        "interaction_id": INTEGER,
        "day": DAY,
        "known_on": DAY,
        "initiator": TEXT,  # "us" or "them"
        "purpose": TEXT,  # proactive, order, incident, renewal, consultation, review
        "owner_id": FLOAT,  # who of us did it; NaN where the source does not say
        "with_value": FLAG,
        "tone": FLOAT,  # -1, 0, 1; NaN: not said
    },
    # Contacts that have not happened; the day may lie behind.
    "planned": {
        "account_id": INTEGER,
        "day": DAY,
        "known_on": DAY,
        "channel": TEXT,
        "purpose": TEXT,
        "owner_id": FLOAT,  # who of us is to do it; NaN: not said
    },
    "attendance": {
        "interaction_id": INTEGER,
        "account_id": INTEGER,
        "contact_id": INTEGER,
        "colleague_id": FLOAT,
        "day": DAY,
        "known_on": DAY,
    },
    "contacts": {
        "account_id": INTEGER,
        "contact_id": INTEGER,
        "name": TEXT,
        "level": TEXT,  # executive, management, operational
        "role": TEXT,  # decision_maker, influencer, champion, gatekeeper, user
        "primary": FLAG,
        "since": DAY,
        "known_on": DAY,
        "left_on": DAY,
        "left_known_on": DAY,
        "leaving_on": DAY,  # announced; may lie ahead
        "leaving_known_on": DAY,
        "successor_id": FLOAT,
    },
    # Our people; they belong to no account.
    "colleagues": {
        "colleague_id": INTEGER,
        "name": TEXT,
        "level": TEXT,
        "owner_id": FLOAT,  # as accounts name their owner; NaN: no user
        "hours_a_week": FLOAT,  # for accounts; NaN: not known
    },
    # Who of us is away; both days count.
    "absences": {"colleague_id": INTEGER, "from_day": DAY, "until_day": DAY, "known_on": DAY},
    # Who answered for the account; until_day is the first day on which it no longer held.
    "ownerships": {
        "account_id": INTEGER,
        "owner_id": FLOAT,
        "from_day": DAY,
        "until_day": DAY,
        "known_on": DAY,
        "until_known_on": DAY,
    },
    "links": {
        "account_id": INTEGER,
        "contact_id": INTEGER,
        "colleague_id": INTEGER,
        "strength": INTEGER,  # 1 knows, 2 works with, 3 trusts
        "known_on": DAY,
    },
    # Moments in days since 1970 by the company's clock, with their fraction; NaN: not resolved.
    "incidents": {
        "account_id": INTEGER,
        "incident_id": INTEGER,
        "day": DAY,
        "known_on": DAY,
        "opened": FLOAT,
        "resolved": FLOAT,
        "resolved_known_on": DAY,
        "severity": TEXT,  # minor, major, critical
        "kind": TEXT,
    },
    # Spans in which an incident's clock stood still, on the same scale; NaN: it still does.
    "pauses": {"account_id": INTEGER, "incident_id": INTEGER, "begun": FLOAT, "ended": FLOAT},
    # What the customer asked of us, or placed without asking (outcome elsewhere). amount NaN: not known.
    "inquiries": {
        "account_id": INTEGER,
        "inquiry_id": INTEGER,
        "day": DAY,
        "known_on": DAY,
        "kind": TEXT,  # quotation, consultation
        "outcome": TEXT,  # open, won, lost, elsewhere
        "decided_on": DAY,
        "decided_known_on": DAY,
        "amount": FLOAT,
        "awarded_to": TEXT,
        "title": TEXT,  # or its number
    },
    "events": {
        "account_id": INTEGER,
        "event_id": INTEGER,
        "day": DAY,
        "known_on": DAY,
        "kind": TEXT,  # new_executive, merger, divestiture, restructuring, market_shift, product_launched, ...
        "title": TEXT,
    },
    # One row for each question asked; score 0 to 10, NaN: not answered (yet).
    "answers": {
        "account_id": INTEGER,
        "answer_id": INTEGER,
        "contact_id": FLOAT,
        "day": DAY,
        "known_on": DAY,
        "answered_on": DAY,
        "answered_known_on": DAY,
        "score": FLOAT,
    },
    "contracts": {
        "account_id": INTEGER,
        "contract_id": INTEGER,
        "title": TEXT,  # or its number
        "known_on": DAY,
        "starts_on": DAY,
        "ends_on": DAY,  # NaT: runs on
        "notice_days": FLOAT,
        "no_cause": FLAG,
        "auto_renews": FLAG,
        "renewal_months": FLOAT,
        "notice_received_on": DAY,
        "notice_received_known_on": DAY,
        "amount": FLOAT,  # a year; NaN: not known
    },
    # Both days count as quiet. account_id NaN and country "": the whole company is meant.
    "quiet": {
        "account_id": FLOAT,
        "country": TEXT,
        "from_day": DAY,
        "until_day": DAY,
        "known_on": DAY,
        "reason": TEXT,
    },
    "freshness": {
        "account_id": INTEGER,
        "source": TEXT,
        "complete_to": DAY,
        "expected_days": FLOAT,
        "used": FLAG,
    },
}


def empty_table(name: str) -> pd.DataFrame:
    """Return the table `name` of `Facts` without rows."""
    columns = {column: pd.Series([], dtype=dtype) for column, dtype in COLUMNS[name].items()}
    index = pd.Index([], dtype="int64", name="account_id") if name == "accounts" else None
    return pd.DataFrame(columns, index=index)


def check_table(name: str, table: pd.DataFrame) -> None:
    """Raise ValueError if a column of the table `name` is missing or has the wrong dtype."""
    for column, wanted in COLUMNS[name].items():
        if column not in table.columns:
            raise ValueError(f"{name}: column {column} is missing")
        dtype = table[column].dtype
        plain = wanted == TEXT or isinstance(dtype, np.dtype)  # no nullable integers, no time zones
        if not plain or dtype.kind not in KINDS[wanted]:
            raise ValueError(f"{name}.{column}: expected {wanted}, got {dtype}")


def day_number(day: dt.date) -> int:
    """Return days since 1970-01-01, the scale of `opened` and `resolved`."""
    return pd.Timestamp(day).to_datetime64().astype("datetime64[D]").astype(int)  # type: ignore[no-any-return]
