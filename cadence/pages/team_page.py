"""The scorecards of a team side by side, or the sums of teams where single people's figures are not shown."""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import Company, Role, User
from accounts_app.templatetags.formats import money, percent
from cadence.economics import Retention
from cadence.expectation import Expectation, Verdict, expectations
from cadence.models import CadenceSum
from cadence.pages.cadence_address import quarter_key, quarter_name
from cadence.pages.cadence_tally import Tally
from cadence.pages.scorecard_row import Hours, Row, Scale, unjudged_words
from cadence.pages.scorecard_scope import Scope
from cadence.scorecard import (
    Period,
    compared,
    outcome,
    outcomes,
    people_behind,
    period_of,
    shown_groups,
    whole_quarters,
)
from cadence.services.capacity import Capacity, Load
from cadence.services.scorecards import SUMMED, facts, kept_by
from signals.pages.portfolio.controls import Option

ORDERS: Mapping[str, Callable[[Row], Any]] = {
    "name": lambda row: row.name.casefold(),
    "accounts": lambda row: row.outcome.accounts,
    "kept": lambda row: row.gross,
    "against": lambda row: row.advantage,
    "net": lambda row: row.net,
    "expansion": lambda row: row.expansion,
    "healthy": lambda row: row.healthy,
    "cadence": lambda row: row.cadence.kept,
    "proactive": lambda row: row.cadence.proactive_share,
    "value": lambda row: row.cadence.value_share,
    "levels": lambda row: row.covered,
    "hours": lambda row: row.hours.needed if row.hours else None,
}


class PeriodChoice:
    """The period that an address asks for, and the others."""

    def __init__(self, params: Mapping[str, str], today: dt.date) -> None:
        self.today = today
        self.key, self.period = period_of(params.get("period", ""), today)

    @property
    def name(self) -> str:
        if self.key == "year":
            return _("the last four quarters")
        return quarter_name(self.period.begins_on)

    @property
    def span(self) -> str:
        """The first and the last quarter counted."""
        first, last = quarter_name(self.period.begins_on), quarter_name(self.period.quarters[0])
        return first if first == last else _("{first} to {last}").format(first=first, last=last)

    @property
    def before(self) -> str:
        first = self.period.begins_on.year - 1, self.period.quarters[0].year - 1
        names = [
            quarter_name(day.replace(year=year))
            for day, year in zip((self.period.begins_on, self.period.quarters[0]), first, strict=True)
        ]
        return names[0] if names[0] == names[1] else _("{first} to {last}").format(first=names[0], last=names[1])

    @property
    def options(self) -> list[Option]:
        last, *named = [(quarter_key(day), quarter_name(day)) for day in whole_quarters(self.today)]
        choices = [("year", _("Last four quarters")), ("quarter", _("Last quarter")), *named]
        current = "quarter" if self.key == last[0] else self.key
        return [Option(label, f"?period={key}", key == current, key) for key, label in choices]

    @property
    def query(self) -> str:
        return "?" + urlencode({"period": self.key})


class Figures:
    """Everybody's figures of a period, from a constant number of statements."""

    def __init__(self, period: Period, today: dt.date) -> None:
        self.period = period
        self.table = facts(period, today)

    @cached_property
    def cases(self) -> pd.DataFrame:
        return compared(self.table).dropna(subset=["owner_id"])

    @cached_property
    def expected(self) -> dict[int, Expectation]:
        return expectations(self.cases, "kept", is_share=True)

    @cached_property
    def expected_net(self) -> dict[int, Expectation]:
        return expectations(self.cases, "after")

    def cadence(self, by: str, sums: QuerySet[CadenceSum] | None = None) -> dict[int, tuple[Tally, int | None]]:
        """Of each person (`answered_by`) or team, with the accounts of which too few levels were met."""
        table = kept_by(CadenceSum.objects.all() if sums is None else sums, self.period, by)
        keys = table.index.astype("int64").tolist()
        return {key: _tally(row) for key, (_label, row) in zip(keys, table.iterrows(), strict=True)}


def _tally(row: pd.Series) -> tuple[Tally, int | None]:
    counted = {name: int(row[name]) for name in SUMMED}
    if pd.isna(row["accounts"]):
        return Tally(**counted), None
    return Tally(accounts=int(row["accounts"]), **counted), int(row["short"])


class TeamPage:
    """All that the page shows of an address."""

    def __init__(self, scope: Scope, params: Mapping[str, str], company: Company, today: dt.date) -> None:
        self.scope, self.company, self.today = scope, company, today
        self.choice = PeriodChoice(params, today)
        self.figures = Figures(self.choice.period, today)
        self.sort = params.get("sort", "")
        found = self._teams() if scope.by_team else self._managers()
        self.rows = sorted_rows(found, self.sort)
        self.scale = Scale.over(self.rows)

    def _managers(self) -> list[Row]:
        figures, cadence = outcomes(self.figures.table, "owner_id"), self.figures.cadence("answered_by")
        people = list(self.scope.people().filter(pk__in=figures).order_by("name", "pk"))
        loads = {one.user.pk: one for one in Capacity(people, self.today).loads()}
        return [
            Row(
                str(one),
                reverse("cadence:team_card", args=[one.pk]) + self.choice.query,
                figures[one.pk],
                self.figures.expected.get(one.pk),
                *cadence.get(one.pk, (Tally(), None)),
                Hours.of([loads[one.pk]]),
            )
            for one in people
        ]

    def _teams(self) -> list[Row]:
        """Teams of enough people; the others together, where a reader sees every team and they are enough."""
        held = self.figures.table.dropna(subset=["owner_id", "team_id"]).astype({"team_id": "int64"})
        sizes = {int(str(team)): people_behind(rows) for team, rows in held.groupby("team_id")}
        names = dict(self.scope.teams().values_list("pk", "name"))
        shown = set(shown_groups(sizes, self.scope.least_people))
        grouped = held.assign(group=[int(one) if int(one) in shown else 0 for one in held["team_id"]])
        expected = expectations(self._comparable(compared(grouped)), "kept", by="group", is_share=True)
        cadence, loads = self.figures.cadence("team"), self._loads_by_team()
        found = [
            self._team(
                names[key], grouped[grouped["group"] == key], expected.get(key), cadence.get(key), loads.get(key)
            )
            for key in sizes
            if key in shown and key in names
        ]
        return found + self._rest(grouped[grouped["group"] == 0], expected.get(0))

    def _comparable(self, cases: pd.DataFrame) -> pd.DataFrame:
        """Without groups too small to be shown: what others are expected to keep would tell what these kept."""
        rest = cases["group"] == 0
        return cases if cases.loc[rest, "owner_id"].nunique() >= self.scope.least_people else cases[~rest]

    def _rest(self, rows: pd.DataFrame, expected: Expectation | None) -> list[Row]:
        if not self.scope.sees_all_teams or people_behind(rows) < self.scope.least_people:
            return []
        return [self._team(_("Smaller teams together"), rows, expected, None, None)]

    def _team(
        self,
        name: str,
        rows: pd.DataFrame,
        expected: Expectation | None,
        cadence: tuple[Tally, int | None] | None,
        loads: list[Load] | None,
    ) -> Row:
        people = int(rows["owner_id"].nunique())
        hours = Hours.of(loads or []) if len(loads or []) >= self.scope.least_people else None
        return Row(name, "", outcome(rows), expected, *(cadence or (Tally(), None)), hours, people)

    def _loads_by_team(self) -> dict[int, list[Load]]:
        members = User.objects.filter(role=Role.ACCOUNT_MANAGER, is_active=True, teams__isnull=False)
        pairs = list(members.values_list("teams", "pk"))
        people = list(User.objects.filter(pk__in={pk for _team, pk in pairs}))
        loads = {one.user.pk: one for one in Capacity(people, self.today).loads()}
        found: dict[int, list[Load]] = {}
        for team, pk in pairs:
            found.setdefault(team, []).append(loads[pk])
        return found

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The rows with their pictures, all on one scale."""
        return [{"row": row, "picture": row.picture(self.scale)} for row in self.rows]

    @property
    def unjudged_words(self) -> str:
        """Why the health of some is unknown."""
        unknown = [row for row in self.rows if row.healthy is None and row.outcome.health.end]
        return unjudged_words(self.choice.period) if unknown else ""

    @property
    def total(self) -> Retention:
        """Of the rows that are shown, and of nobody else."""
        parts = [row.outcome.retention for row in self.rows]
        return Retention(sum(one.base for one in parts), sum(one.kept for one in parts), sum(one.same for one in parts))

    @property
    def lead(self) -> str:
        if not self.rows:
            return ""
        if self.total.gross is None or self.total.net is None:
            return _(
                "Nothing can be said of {period} yet: orders of the same time a year before are not known, or those of "
                "it are late."
            ).format(period=self.choice.span)
        text = _(
            "Of {base} bought a year before, {gross} came again in {period} (gross), with what was bought more {net}"
        )
        said = text.format(
            base=money(self.total.base, self.company.currency),
            gross=percent(self.total.gross),
            net=percent(self.total.net),
            period=self.choice.span,
        )
        return f"{said}; {self._judged()}."

    def _judged(self) -> str:
        verdicts = [row.verdict for row in self.rows if row.verdict != Verdict.TOO_FEW]
        if not verdicts:
            return _("of nobody there are enough accounts to say what was to be expected")
        above, below = verdicts.count(Verdict.ABOVE), verdicts.count(Verdict.BELOW)
        if self.scope.by_team:
            said = ngettext("of {n} team", "of {n} teams", len(verdicts))
        else:
            said = ngettext("of {n} manager", "of {n} managers", len(verdicts))
        text = _("{who} who can be compared, {above} kept more and {below} less than chance explains")
        if self.scope.by_team:
            text = _("{who} that can be compared, {above} kept more and {below} less than chance explains")
        return text.format(who=said.format(n=len(verdicts)), above=above or _("none"), below=below or _("none"))


def sorted_rows(rows: list[Row], sort: str) -> list[Row]:
    """In the order asked for, by name within equals; what is not known comes last either way."""
    key = ORDERS.get(sort.removeprefix("-"), ORDERS["name"])
    named = sorted(rows, key=lambda row: row.name.casefold())
    known = [row for row in named if key(row) is not None]
    return sorted(known, key=key, reverse=sort.startswith("-")) + [row for row in named if key(row) is None]
