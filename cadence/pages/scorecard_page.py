"""The scorecard of one person: the figures, what they consist of, and the accounts behind them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

import numpy as np
import pandas as pd
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.models import Account, Company, User
from accounts_app.templatetags.formats import day_text, money, percent
from cadence.economics import Movement, movements
from cadence.expectation import Expectation
from cadence.pages.cadence_address import quarter_key
from cadence.pages.cadence_tally import Tally
from cadence.pages.scorecard_row import VERDICTS, Hours, Row, Scale, span_words, unjudged_words
from cadence.pages.scorecard_scope import Scope
from cadence.pages.team_page import Figures, PeriodChoice
from cadence.scorecard import Outcome, handed_over, outcome
from cadence.services.capacity import Capacity

Text = str | Promise
KINDS: Mapping[str, Text] = {
    Movement.LOST: gettext_lazy("Bought nothing any more"),
    Movement.CONTRACTED: gettext_lazy("Shrunk"),
    Movement.EXPANDED: gettext_lazy("Grown"),
    Movement.NEW: gettext_lazy("Won"),
    Movement.STEADY: gettext_lazy("Steady"),
    Movement.NONE: gettext_lazy("Nothing in either time"),
    Movement.UNKNOWN: gettext_lazy("Not known"),
}
LISTED = 15


@dataclass(frozen=True)
class Kind:
    """Accounts of which the same became."""

    key: str
    label: Text
    count: int
    change: float | None
    url: str
    is_current: bool


@dataclass(frozen=True)
class Change:
    """One account; what is not known is None."""

    account: Account
    label: Text
    before: float | None
    after: float | None
    note: str

    @property
    def change(self) -> float | None:
        return None if self.before is None or self.after is None else self.after - self.before


class ScorecardPage:
    """All that the card of a person shows; a constant number of statements."""

    def __init__(self, scope: Scope, person: User, params: Mapping[str, str], company: Company, today: dt.date) -> None:
        self.scope, self.person, self.company, self.today = scope, person, company, today
        self.choice = PeriodChoice(params, today)
        self.figures = Figures(self.choice.period, today)
        table = self.figures.table
        held = table[table["owner_id"] == person.pk]
        came = table[(table["owner_end"] == person.pk) & (table["owner_id"] != person.pk)]
        self.kind = params.get("kind", "") if params.get("kind", "") in KINDS else ""
        self.shows_all = params.get("show", "") == "all"
        self.held = _with_movement(held)
        self.handed: Outcome = outcome(handed_over(held))
        self.stayed: Outcome = outcome(held[held["owner_end"] == person.pk])
        self.taken_over = int(came["owner_id"].notna().sum())
        # Of nobody at the start: what they bring was won since, and is not compared.
        self.won_since = _with_movement(came[came["owner_id"].isna()])
        cadence, short = self.figures.cadence("answered_by").get(person.pk, (Tally(), None))
        loads = Capacity([person], today).loads()
        expected = self.figures.expected.get(person.pk)
        self.row = Row(str(person), "", outcome(held), expected, cadence, short, Hours.of(loads))
        self.scale = Scale.over([self.row])
        self.changes = self._changes()

    @property
    def is_own(self) -> bool:
        return self.person.pk == self.scope.user.pk

    @property
    def expected_net(self) -> Expectation | None:
        return self.figures.expected_net.get(self.person.pk)

    @property
    def expected_net_words(self) -> str:
        return span_words(self.expected_net)

    @property
    def net_verdict(self) -> str:
        if self.expected_net is None or self.row.net is None:
            return ""
        return str(VERDICTS[self.expected_net.verdict(self.row.net)])

    @property
    def picture(self) -> dict[str, str]:
        return self.row.picture(self.scale)

    @property
    def lead(self) -> str:
        row = self.row
        if not row.outcome.accounts:
            text = _("{name} answered for no account on {day}, when the period began.")
            return text.format(name=row.name, day=day_text(self.choice.period.begins_on))
        if not self.held["has_after"].any():
            text = _("What {name} kept is not known: orders of {period} are late.")
            return text.format(name=row.name, period=self.choice.span)
        if row.gross is None or row.net is None:
            text = _("What {name} kept is not known: orders of {before} are not on record, or there were none.")
            return text.format(name=row.name, before=self.choice.before)
        said = _("{name} kept {gross} of the revenue of a year before in {period} (gross)").format(
            name=row.name, gross=percent(row.gross), period=self.choice.span
        )
        if row.expected is None:
            return f"{said}: {row.verdict_words}."
        return f"{said}, {row.expected_words}: {row.verdict_words}."

    @property
    def money_words(self) -> str:
        kept = self.row.outcome.retention
        text = _("{kept} of {base} came again; with what the same accounts bought more, {same}")
        parts = {"kept": kept.kept, "base": kept.base, "same": kept.same}
        return text.format(**{name: money(value, self.company.currency) for name, value in parts.items()})

    @property
    def unjudged_words(self) -> str:
        """Why there is no change to tell, where most of the revenue was not judged at either end."""
        is_told = self.row.outcome.health.change is not None or not self.row.bands
        return "" if is_told else unjudged_words(self.choice.period)

    @property
    def kinds(self) -> list[Kind]:
        found = []
        for key, label in KINDS.items():
            rows = self._of_kind(key)
            if len(rows):
                change = None if key == Movement.UNKNOWN else float((rows["after"] - rows["base"]).sum())
                found.append(Kind(key, label, len(rows), change, self.address(kind=key), key == self.kind))
        return found

    def _of_kind(self, key: str) -> pd.DataFrame:
        rows = pd.concat([self.held, self.won_since]) if len(self.won_since) else self.held
        return rows[rows["movement"] == key]

    @cached_property
    def _listed(self) -> pd.DataFrame:
        """What changed most, the largest change first; of what is not known nobody can say how much."""
        parts = [self._of_kind(key) for key in ([self.kind] if self.kind else KINDS) if key != Movement.NONE]
        rows = pd.concat(parts) if parts else self.held.iloc[:0]
        change = (rows["after"] - rows["base"]).abs().where(rows["known"], -1.0)
        return rows.assign(size=change).sort_values("size", ascending=False, kind="stable")

    def _changes(self) -> list[Change]:
        """Only of accounts that the reader sees."""
        visible = Account.objects.visible_to(self.scope.user).select_related("tier")
        accounts = visible.in_bulk(self._listed.index.tolist())
        rows = [(key, row) for key, row in self._listed.iterrows() if key in accounts]
        self.unseen = len(self._listed) - len(rows)
        shown = rows if self.shows_all else rows[:LISTED]
        self.more = len(rows) - len(shown)
        return [
            Change(
                accounts[int(str(key))],
                KINDS[row["movement"]],
                float(row["base"]) if row["has_base"] else None,
                float(row["after"]) if row["has_after"] else None,
                self._note(row),
            )
            for key, row in shown
        ]

    def _note(self, row: pd.Series) -> str:
        if row["owner_id"] != self.person.pk:
            return _("came in the period, not compared")
        if not row["has_after"]:
            return _("its orders are late")
        if not row["has_base"]:
            return _("its orders do not go back far enough")
        return "" if row["owner_end"] == self.person.pk else _("handed over in the period")

    @property
    def all_url(self) -> str:
        return self.address(kind=self.kind, show="all") + "#accounts" if self.more else ""

    def address(self, **parts: str) -> str:
        known = {"period": self.choice.key, **parts}
        return "?" + urlencode({key: one for key, one in known.items() if one})

    @property
    def urls(self) -> dict[str, str]:
        """Where the rows behind each figure stand."""
        owner = {"owner": str(self.person.pk), "whose": "all"}
        quarter = {"quarter": quarter_key(self.choice.period.quarters[0])}
        cadence = reverse("cadence:cadence")
        return {
            "portfolio": f"{reverse('signals:portfolio')}?{urlencode(owner)}",
            "cadence": f"{cadence}?{urlencode(owner | quarter)}",
            "levels": f"{cadence}?{urlencode(owner | quarter | {'show': 'levels'})}#accounts",
            "value": f"{cadence}?{urlencode(owner | quarter | {'show': 'no_value'})}#accounts",
            "capacity": reverse("cadence:capacity"),
            "accounts": self.address() + "#accounts",
        }


def _with_movement(table: pd.DataFrame) -> pd.DataFrame:
    before, after = table["base"].to_numpy(float), table["after"].to_numpy(float)
    return table.assign(movement=movements(before, after, table["known"].to_numpy(dtype=np.bool_)))
