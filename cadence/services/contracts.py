"""The contracts in force of any accounts, each with its present term and the day until which notice counts."""

import datetime as dt
from typing import Any, Final

import numpy as np
import pandas as pd
from django.db.models import F, FloatField, QuerySet
from django.db.models.functions import Cast

from accounts_app.models import Account, Contract
from signals.compute.columns import COLUMNS
from signals.compute.contract_terms import present_terms

READ: Final = (
    "account_id", "pk", "number", "known_on", "starts_on", "ends_on", "notice_days", "no_cause", "auto_renews",
    "renewal_months", "notice_received_on", "notice_received_known_on", "amount",
)  # fmt: skip
DAYS: Final = ("known_on", "starts_on", "ends_on", "notice_received_on", "notice_received_known_on")


def terms_of(accounts: QuerySet[Account], today: dt.date) -> pd.DataFrame:
    """The contracts in force of these accounts: one statement, and the rule the signals go by.

    As `present_terms` returns them: `state`, `notice_by`, `ends_on` of the present term, `days`, `amount` a year in the
    reporting currency (NaN: not known).
    """
    amount = Cast(F("reporting_annual_value"), FloatField())
    rows = Contract.objects.filter(account__in=accounts, known_on__lte=today).annotate(amount=amount)
    return present_terms(_table(list(rows.order_by("account_id", "starts_on", "pk").values_list(*READ))), today)


def _table(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    """As the signals read them; days become moments at once, not one by one."""
    columns = COLUMNS["contracts"]
    table = pd.DataFrame.from_records(rows, columns=list(columns))
    moments = {
        name: np.array([None if day is None else day for day in table[name]], dtype="datetime64[s]") for name in DAYS
    }
    return table.assign(**moments).astype(columns)
