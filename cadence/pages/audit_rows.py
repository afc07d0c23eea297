"""The audits of a cycle as rows of the heat map: mean scores by dimension, beside those of the quarter before."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Avg, Count, F, Q
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts_app.models import User
from accounts_app.templatetags.formats import MINUS, day_text
from cadence.models import Audit, AuditCycle, Dimension

Text = str | Promise
# Below the first a dimension is weak, from the second on it is good; between them it wants a look.
WEAK_BELOW, GOOD_FROM = 25, 35
MEANS = {f"mean_{key}": Avg("answers__score", filter=Q(answers__dimension=key)) for key in Dimension.values}
FIELDS = (
    "account_id", "account__name", "account__sort_name", "owner_id", "owner__name", "reviewer_id", "reviewer__name",
    "state", "judged_band", "account__standing__band", "record__signed_at", *MEANS, "mean", "answered",
)  # fmt: skip


@lru_cache(maxsize=1024)
def _written(_language: str | None, tenths: int) -> str:
    return number_format(tenths / 10, decimal_pos=1)


def tenths_of(mean: float | None) -> int | None:
    """The mean as it is shown, in tenths: what is compared is what is read."""
    return None if mean is None else int(mean * 10 + 0.5)


@dataclass(frozen=True, slots=True)
class Cell:
    """The mean score of one dimension, in tenths; None where no question of it is answered."""

    key: str
    label: Text
    now: int | None
    before: int | None = None

    @property
    def figure(self) -> str:
        return "" if self.now is None else _written(get_language(), self.now)

    @property
    def level(self) -> str:
        if self.now is None:
            return "none"
        return "weak" if self.now < WEAK_BELOW else "good" if self.now >= GOOD_FROM else "middling"

    @property
    def change(self) -> int | None:
        return None if self.now is None or self.before is None else self.now - self.before

    @property
    def change_text(self) -> str:
        return "" if self.change is None else _written(get_language(), abs(self.change))

    @property
    def signed_change(self) -> str:
        """The difference as `+0.5` or `−0.5`, for files and sentences."""
        if self.change is None:
            return ""
        return f"{'+' if self.change > 0 else MINUS if self.change < 0 else ''}{self.change_text}"


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One account of the cycle: how far its audit is, and its scores."""

    cycle: AuditCycle
    values: Mapping[str, Any]
    cells: tuple[Cell, ...]
    overall: Cell
    questions: int
    today: dt.date

    @property
    def account_id(self) -> int:
        return int(self.values["account_id"])

    @property
    def name(self) -> str:
        return str(self.values["account__name"])

    @property
    def url(self) -> str:
        return reverse("cadence:audit", args=[self.cycle.name, self.account_id])

    @property
    def owner(self) -> str:
        return str(self.values["owner__name"] or "")

    @property
    def owner_key(self) -> str:
        return str(self.values["owner_id"] or "none")

    @property
    def state(self) -> str:
        return str(self.values["state"])

    @property
    def is_signed(self) -> bool:
        return self.state == Audit.State.SIGNED

    @property
    def is_answered(self) -> bool:
        return int(self.values["answered"]) >= self.questions

    @property
    def is_overdue(self) -> bool:
        """Past the day of the signatures, or of the answers where one is missing."""
        if self.is_signed:
            return False
        lacks_answers = self.state == Audit.State.OPEN and not self.is_answered
        return self.today > self.cycle.due_on or (lacks_answers and self.today > self.cycle.answers_due_on)

    @property
    def band(self) -> str:
        """As it was judged in the audit; until then as the figures of today have it."""
        return str(self.values["judged_band"] or self.values["account__standing__band"] or "unknown")

    @property
    def is_judged(self) -> bool:
        return bool(self.values["judged_band"])

    @property
    def worse(self) -> list[Cell]:
        return [cell for cell in self.cells if (cell.change or 0) < 0]

    @property
    def progress(self) -> str:
        if self.is_signed:
            return _("signed {day}").format(day=day_text(self.values["record__signed_at"].date(), self.today))
        if self.state == Audit.State.OWNER_SIGNED:
            return _("waits for the leader")
        if self.values["reviewer_id"] is None:
            return _("nobody reviews it yet")
        if self.is_answered:
            return _("waits for the owner") if self.is_judged else _("waits for the judgement")
        return _("{done} of {all} answered").format(done=self.values["answered"], all=self.questions)


def rows_of(cycle: AuditCycle, before: AuditCycle | None, user: User, today: dt.date) -> list[AuditRow]:
    """Every audit of the cycle that counts and that the user may see; two statements, however many there are."""
    past = _means_by_account(before, user) if before else {}
    questions = len(cycle.questions.questions)
    return [
        _row(cycle, values, past.get(values["account_id"], {}), questions, today) for values in _values(cycle, user)
    ]


def _values(cycle: AuditCycle, user: User) -> Iterable[Mapping[str, Any]]:
    found = Audit.objects.visible_to(user).current().filter(cycle=cycle)
    counted = found.annotate(**MEANS, mean=Avg("answers__score"), answered=Count("answers"))
    rows: Iterable[Mapping[str, Any]] = counted.order_by("account__sort_name", "account_id").values(*FIELDS)
    return rows


def _means_by_account(cycle: AuditCycle, user: User) -> dict[int, Mapping[str, Any]]:
    """Only what is signed compares: an audit left unsigned never became a record."""
    found = Audit.objects.visible_to(user).current().filter(cycle=cycle, state=Audit.State.SIGNED).order_by()
    values = found.annotate(**MEANS, mean=Avg("answers__score")).values("account_id", *MEANS, "mean")
    return {one["account_id"]: one for one in values}


def _row(
    cycle: AuditCycle, values: Mapping[str, Any], past: Mapping[str, Any], questions: int, today: dt.date
) -> AuditRow:
    cells = tuple(
        Cell(key, label, tenths_of(values[f"mean_{key}"]), tenths_of(past.get(f"mean_{key}")))
        for key, label in Dimension.choices
    )
    overall = Cell("mean", _("Mean"), tenths_of(values["mean"]), tenths_of(past.get("mean")))
    return AuditRow(cycle, values, cells, overall, questions, today)


def signed_on_time(cycle: AuditCycle, user: User) -> int:
    """How many accounts had both signatures by the due day; a later correction takes nothing away."""
    found = Audit.objects.visible_to(user).filter(cycle=cycle, record__signed_at__date__lte=F("cycle__due_on"))
    return found.order_by().values("account").distinct().count()
