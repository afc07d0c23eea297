"""What the audits of a cycle have in common: where scores are lowest, where they fell most, in the reviewers' words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from accounts_app.models import User
from accounts_app.scope import Audience
from accounts_app.unchanged import kept_while_unchanged
from cadence.models import Audit, AuditAnswer, AuditCycle, Dimension
from cadence.pages.audit_rows import Cell, Text, tenths_of

SHOWN, QUOTES_EACH = 3, 2


@dataclass(frozen=True)
class Quote:
    """A reason as it was written, with where."""

    account: str
    account_id: int
    score: int
    reason: str


@dataclass(frozen=True)
class Theme:
    """One question over all accounts."""

    key: str
    text: str
    dimension: Text
    cell: Cell
    answers: int
    low: int
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True)
class Themes:
    lowest: tuple[Theme, ...]
    fallen: tuple[Theme, ...]


@kept_while_unchanged
def themes_of(cycle: AuditCycle, before: AuditCycle | None, audience: Audience) -> Themes:
    """The questions with the lowest mean, and those that fell most at the accounts audited in both quarters."""
    user = audience.member
    found = list(_themes(cycle, before, user))
    lowest = sorted(found, key=lambda theme: (theme.cell.now, theme.key))[:SHOWN]
    fallen = sorted((theme for theme in found if (theme.cell.change or 0) < 0), key=_fall)[:SHOWN]
    quotes = _quotes(cycle, user, {theme.key for theme in (*lowest, *fallen)})
    said = {theme.key for theme in lowest}
    others = {key: words for key, words in quotes.items() if key not in said}
    return Themes(tuple(_quoted(lowest, quotes)), tuple(_quoted(fallen, others)))


def _fall(theme: Theme) -> tuple[int, str]:
    return theme.cell.change or 0, theme.key


def _themes(cycle: AuditCycle, before: AuditCycle | None, user: User) -> Iterable[Theme]:
    """A question with another wording keeps its key; one that was not asked before has nothing to compare."""
    now = _means(_answers(cycle, user))
    past: Mapping[str, Mapping[str, Any]] = {}
    paired: Mapping[str, Mapping[str, Any]] = {}
    if before:
        of_both = {"audit__account__in": _audited(before, user)}
        paired = _means(_answers(cycle, user).filter(**of_both))
        both_ways = {"audit__account__in": _audited(cycle, user)}
        past = _means(_answers(before, user).filter(audit__state=Audit.State.SIGNED, **both_ways))
    for question in cycle.questions.questions:
        key = question["key"]
        if key in now:
            yield _theme(question, now[key], paired.get(key, {}), past.get(key, {}))


def _theme(
    question: Mapping[str, str], now: Mapping[str, Any], paired: Mapping[str, Any], past: Mapping[str, Any]
) -> Theme:
    mean = tenths_of(now["mean"])
    then, here = tenths_of(past.get("mean")), tenths_of(paired.get("mean"))
    # The fall is that of the accounts in both quarters; the figure that of all.
    before = None if then is None or here is None or mean is None else mean - (here - then)
    label = Dimension(question["dimension"]).label
    return Theme(
        question["key"], question["text"], label, Cell(question["key"], label, mean, before), now["n"], now["low"]
    )


def _answers(cycle: AuditCycle, user: User) -> QuerySet[AuditAnswer]:
    current = Audit.objects.visible_to(user).current().filter(cycle=cycle)
    return AuditAnswer.objects.filter(audit__in=current).order_by()


def _audited(cycle: AuditCycle, user: User) -> QuerySet[Any, Any]:
    return Audit.objects.visible_to(user).current().filter(cycle=cycle).order_by().values("account")


def _means(answers: QuerySet[AuditAnswer]) -> dict[str, Mapping[str, Any]]:
    counted = answers.values("question").annotate(
        mean=Avg("score"), n=Count("pk"), low=Count("pk", filter=Q(score__lte=2))
    )
    return {one["question"]: one for one in counted}


def _quotes(cycle: AuditCycle, user: User, keys: set[str]) -> dict[str, list[Quote]]:
    """The reasons behind the lowest scores of each question."""
    place = Window(RowNumber(), partition_by="question", order_by=("score", "audit__account__sort_name"))
    rows = _answers(cycle, user).filter(question__in=keys).annotate(place=place).filter(place__lte=QUOTES_EACH)
    fields = ("question", "audit__account__name", "audit__account_id", "score", "reason")
    found: dict[str, list[Quote]] = {}
    for question, *rest in rows.order_by("question", F("place")).values_list(*fields):
        found.setdefault(question, []).append(Quote(*rest))
    return found


def _quoted(themes: Iterable[Theme], quotes: Mapping[str, list[Quote]]) -> Iterable[Theme]:
    for theme in themes:
        yield Theme(**(vars(theme) | {"quotes": tuple(quotes.get(theme.key, ()))}))
