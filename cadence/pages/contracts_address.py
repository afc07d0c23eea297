"""What an address of the contracts page asks for: whose, which of them, as a list or by month."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts_app.models import User
from cadence.economics import WINDOWS, may_leave
from cadence.pages.whose import Whose
from signals.compute.contract_terms import ANY_DAY, BY_DAY, ENDING, OPEN_ENDED, RECEIVED
from signals.models import Band

Text = str | Promise
WITHIN: Mapping[str, Text] = {str(days): _("within {n} days") for days in WINDOWS}
RENEWS, UNPRICED = "renews", "unpriced"
KINDS: Mapping[str, Text] = {
    RENEWS: _("Renews by itself"),
    ANY_DAY: _("May be ended any day"),
    ENDING: _("Ends, notice is over"),
    RECEIVED: _("Notice received"),
    OPEN_ENDED: _("Runs on, terms not known"),
    UNPRICED: _("Worth not known"),
}
VIEWS: Mapping[str, Text] = {"": _("List"), "months": _("By month")}


@dataclass(frozen=True)
class Asked:
    """The state of the page that its address holds; what is not understood falls back to the default."""

    whose: Whose
    today: dt.date
    band: str = ""
    within: str = ""
    kind: str = ""
    view: str = ""

    @classmethod
    def of(cls, params: Mapping[str, str], user: User, today: dt.date) -> "Asked":
        def known(name: str, choices: Any) -> str:
            value = params.get(name, "")
            return value if value in choices else ""

        return cls(
            Whose.of(params, user),
            today,
            known("band", Band.values),
            known("within", WITHIN),
            known("kind", KINDS),
            known("view", VIEWS),
        )

    def address(self, **changes: str) -> str:
        """The query string of this state with some of it changed."""
        whose = changes.pop("whose", self.whose.key)
        changed: dict[str, Any] = dict(changes)
        state = replace(self, **changed)
        parts = {
            "whose": whose,
            "band": state.band,
            "within": state.within,
            "kind": state.kind,
            "view": state.view,
        }
        return "?" + urlencode({name: value for name, value in parts.items() if value})

    @property
    def is_narrowed(self) -> bool:
        return bool(self.band or self.within or self.kind)

    def rows(self, terms: pd.DataFrame) -> pd.DataFrame:
        """Of the contracts in force those asked for; `terms` with a column `band`."""
        shown = terms
        if self.band:
            shown = shown[shown["band"] == self.band]
        if self.within:
            shown = shown[may_leave(shown, int(self.within))]
        return shown[of_kind(shown, self.kind)] if self.kind else shown


def of_kind(terms: pd.DataFrame, kind: str) -> "pd.Series[bool]":
    """Which contracts are of a kind; one that renews by itself does so unless notice was received."""
    if kind == RENEWS:
        return terms["auto_renews"] & terms["state"].isin((BY_DAY, ANY_DAY))
    if kind == UNPRICED:
        return terms["amount"].isna()
    return terms["state"] == kind
