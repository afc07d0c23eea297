"""The audits of a cycle as rows of the heat map: mean scores by dimension, beside those of the quarter before."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Avg, Count, Exists, F, OuterRef, Q, Sum
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts_app.access import WHO_ACT
from accounts_app.models import Account, User
from accounts_app.scope import Audience
from accounts_app.templatetags.formats import MINUS, day_text
from accounts_app.unchanged import kept_while_unchanged
from cadence.models import Audit, AuditAnswer, AuditCycle, Dimension

Text = str | Promise
# Below the first a dimension is weak, from the second on it is good; between them it wants a look.
WEAK_BELOW, GOOD_FROM = 25, 35
MEANS = {f"mean_{key}": Avg("answers__score", filter=Q(answers__dimension=key)) for key in Dimension.values}
FIELDS = (
    "account_id", "account__name", "account__sort_name", "account__status", "owner_id", "owner__name",
    "reviewer__name", "reviewer__is_active", "reviewer__role", "state", "judged_band",
    "account__standing__band", "record__signed_at", *MEANS, "mean", "answered",
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
    def html(self) -> SafeString:
        """The cell of the table; a quarter of 500 accounts shows a few hundred different ones."""
        return _drawn(get_language(), self)

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


@lru_cache(maxsize=4096)
def _drawn(_language: str | None, cell: Cell) -> SafeString:
    return render_to_string("cadence/audit_cell.html", {"cell": cell})


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One account of the cycle: how far its audit is, and its scores."""

    cycle: AuditCycle
    values: Mapping[str, Any]
    cells: tuple[Cell, ...]
    overall: Cell
    questions: int
    today: dt.date
    on_time: bool = False

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
    def signed_on(self) -> dt.date | None:
        """The day of the last signature, by the company's clock."""
        return timezone.localdate(self.values["record__signed_at"]) if self.is_signed else None

    @property
    def is_answered(self) -> bool:
        return int(self.values["answered"]) >= self.questions

    @property
    def is_former(self) -> bool:
        """Whether the customer was lost after the audit was opened."""
        return bool(self.values["account__status"] == Account.Status.FORMER)

    @property
    def has_reviewer(self) -> bool:
        """Whoever has left reviews nothing any more."""
        return bool(self.values["reviewer__is_active"]) and self.values["reviewer__role"] in WHO_ACT

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
        if self.signed_on:
            return _("signed {day}").format(day=day_text(self.signed_on, self.today))
        if self.state == Audit.State.OWNER_SIGNED:
            return _("waits for the leader")
        if not self.has_reviewer:
            return _("nobody reviews it yet")
        if self.is_answered:
            return _("waits for the owner") if self.is_judged else _("waits for the judgement")
        return _("{done} of {all} answered").format(done=self.values["answered"], all=self.questions)


@kept_while_unchanged
def rows_of(cycle: AuditCycle, before: AuditCycle | None, audience: Audience, today: dt.date) -> list[AuditRow]:
    """Every audit of the cycle that counts and that may be seen; three statements, however many there are."""
    user = audience.member
    past = _means_before(cycle, before, user) if before else {}
    on_time, questions = _signed_on_time(cycle, user), len(cycle.questions.questions)
    return [
        _row(
            cycle, values, past.get(values["account_id"], {}), questions, today, on_time=values["account_id"] in on_time
        )
        for values in _values(cycle, user)
    ]


def _values(cycle: AuditCycle, user: User) -> Iterable[Mapping[str, Any]]:
    found = Audit.objects.visible_to(user).current().filter(cycle=cycle)
    counted = found.annotate(**MEANS, mean=Avg("answers__score"), answered=Count("answers"))
    rows: Iterable[Mapping[str, Any]] = counted.order_by("account__sort_name", "account_id").values(*FIELDS)
    return rows


def _means_before(cycle: AuditCycle, before: AuditCycle, user: User) -> dict[int, dict[str, float]]:
    """Of each account the means of the quarter before, of the questions answered by now.

    Against all of them half an audit would seem to have got better or worse by what it has not come to yet. Only what
    is signed compares: an audit left unsigned never became a record.
    """
    signed = Audit.objects.visible_to(user).current().filter(cycle=before, state=Audit.State.SIGNED).order_by()
    now = AuditAnswer.objects.filter(audit__in=Audit.objects.current().filter(cycle=cycle).order_by())
    again = now.filter(audit__account=OuterRef("audit__account"), question=OuterRef("question"))
    found = AuditAnswer.objects.filter(Exists(again), audit__in=signed).order_by()
    rows = found.values("audit__account", "dimension").annotate(total=Sum("score"), n=Count("pk"))
    sums = defaultdict[int, dict[str, tuple[int, int]]](dict)
    for account, key, total, count in rows.values_list("audit__account", "dimension", "total", "n"):
        sums[account][f"mean_{key}"] = (total, count)
    return {account: _means(found) for account, found in sums.items()}


def _means(sums: Mapping[str, tuple[int, int]]) -> dict[str, float]:
    """The mean of each dimension, and of all questions."""
    total, count = (sum(column) for column in zip(*sums.values(), strict=True))
    return {key: part / number for key, (part, number) in sums.items()} | {"mean": total / count}


def _row(
    cycle: AuditCycle,
    values: Mapping[str, Any],
    past: Mapping[str, Any],
    questions: int,
    today: dt.date,
    *,
    on_time: bool,
) -> AuditRow:
    cells = tuple(
        Cell(key, label, tenths_of(values[f"mean_{key}"]), tenths_of(past.get(f"mean_{key}")))
        for key, label in Dimension.choices
    )
    overall = Cell("mean", _("Mean"), tenths_of(values["mean"]), tenths_of(past.get("mean")))
    return AuditRow(cycle, values, cells, overall, questions, today, on_time)


def _signed_on_time(cycle: AuditCycle, user: User) -> set[int]:
    """The accounts that had both signatures by the due day; a later correction takes nothing away."""
    found = Audit.objects.visible_to(user).filter(cycle=cycle, record__signed_at__date__lte=F("cycle__due_on"))
    return set(found.order_by().values_list("account", flat=True))
