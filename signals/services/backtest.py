"""Asking for a backtest, seeing how far it is, and ending it."""

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Min, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.models import Order, User
from signals.models import BacktestResult, RuleSet, Run, RunChunk
from signals.services import assess, runs
from signals.services.rules import current_rules

USUAL_WEEKS, WEEK = 104, 7
LEAST_STEP, LONGEST_STEP = 1, 28
# Twelve years of weeks: more would be a slip of the pen.
MOST_DAYS = 624


class SpanError(Exception):
    """A span that cannot be replayed, with the field that is wrong and a sentence for people."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class BusyError(Exception):
    """Another backtest is under way."""


@dataclass(frozen=True)
class Span:
    """The days to be judged anew."""

    from_day: dt.date
    until_day: dt.date
    step_days: int

    @property
    def count(self) -> int:
        return (self.until_day - self.from_day).days // self.step_days + 1


def first_day() -> dt.date | None:
    """The first day of which orders are known; before it there is nothing to judge."""
    day: dt.date | None = Order.objects.aggregate(first=Min("ordered_on"))["first"]
    return day


def usual_span(today: dt.date) -> Span | None:
    """Two years up to today, or as much of them as there are orders."""
    begin = first_day()
    if begin is None or begin > today:
        return None
    return Span(max(begin, today - dt.timedelta(days=WEEK * USUAL_WEEKS)), today, WEEK)


def check(span: Span, today: dt.date) -> None:
    """Raise SpanError where the span cannot be replayed."""
    begin = first_day()
    told = {"today": _day(today), "begin": begin and _day(begin), "from": _day(span.from_day), "most": MOST_DAYS}
    steps = {"least": LEAST_STEP, "longest": LONGEST_STEP}
    if not LEAST_STEP <= span.step_days <= LONGEST_STEP:
        raise SpanError("step", _("The step must be %(least)s to %(longest)s days.") % steps)
    if span.until_day > today:
        raise SpanError("until", _("The end lies in the future: what happened is known until %(today)s.") % told)
    if begin is None:
        raise SpanError("from", _("There are no orders yet: nothing can be judged."))
    if span.from_day < begin:
        raise SpanError("from", _("There are no data before %(begin)s.") % told)
    if span.until_day - span.from_day < dt.timedelta(days=span.step_days):
        raise SpanError("until", _("The end must lie at least one step after the begin, %(from)s.") % told)
    if span.count > MOST_DAYS:
        raise SpanError("step", _("That would be more than %(most)s days to judge: choose a longer step.") % told)


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%b %Y}"


def request(span: Span, *, by: User | None, today: dt.date, rule_set: RuleSet | None = None) -> BacktestResult:
    """Begin a backtest; refused while another one is under way, and for a span that cannot be replayed."""
    check(span, today)
    rules = rule_set or current_rules()
    try:
        with transaction.atomic():
            run = runs.begin_backtest(span.from_day, span.until_day, span.step_days, rules)
            return BacktestResult.objects.create(run=run, made_by=by, known_until=today)
    except IntegrityError as refused:
        if under_way() is None:
            raise
        raise BusyError from refused


def under_way() -> BacktestResult | None:
    """The backtest that is being worked on."""
    return BacktestResult.objects.filter(run__state=Run.State.OPEN).select_related("run", "made_by").first()


def cancel(result: BacktestResult) -> bool:
    """End it; nothing of it is kept but that it was asked for."""
    return runs.cancel(result.run)


@dataclass(frozen=True)
class Progress:
    """How far a backtest is. Learning and judging each go once through the days, account range by account range."""

    phase: str
    days_done: int
    days: int
    seconds: float

    @property
    def percent(self) -> int:
        return min(int(100 * self.days_done / self.days), 100) if self.days else 0

    @property
    def seconds_left(self) -> float | None:
        """None as long as too little is done to tell."""
        if self.percent < LEAST_PERCENT_TO_TELL:
            return None
        return self.seconds * (self.days - self.days_done) / self.days_done


LEAST_PERCENT_TO_TELL = 5
# A day learnt over all accounts costs about as much as a quarter of a day judged (benchmarks/backtest.py).
LEARNING_WEIGHT = 0.25


def progress_of(run: Run) -> Progress:
    """Days done of all that are to be done, by what the chunks have written down."""
    days, ranges = len(run.days), runs.count_ranges(assess.account_ids())
    counted = run.chunks.exclude(state=RunChunk.State.SPLIT).values_list("phase").annotate(Sum("days_done"))
    done = dict(counted.order_by())
    learnt = done.get(Run.Phase.FIT, 0) * LEARNING_WEIGHT * ranges
    judged = min(done.get(Run.Phase.COMPUTE, 0), days * ranges)
    total = days * ranges * (1 + LEARNING_WEIGHT)
    passed = (timezone.now() - run.started_at).total_seconds()
    return Progress(run.phase, round(learnt + judged), round(total), passed)
