"""The demo's reviews: for two accounts one held last quarter and closed, and one to prepare, with their figures.

Reviews are begun, held and closed by the services of every review; only what people say is invented.
"""

import datetime as dt
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts_app.demo.logins import email_of
from accounts_app.demo.lots import SEED
from accounts_app.demo.metrics import FIGURES, course
from accounts_app.demo.staff import SHOWN_MANAGER
from accounts_app.models import (
    Account,
    Colleague,
    Company,
    Contact,
    CustomerMetric,
    Initiative,
    MetricValue,
    Promise,
    User,
)
from accounts_app.plan_days import in_weeks
from accounts_app.services import facts
from cadence.models import Review, ReviewAnswer
from cadence.quarter_days import quarter_of
from cadence.services import reviews
from cadence.services.review_defaults import new_review, usual_people
from cadence.services.review_notes import keep_with, write_answer

DAY: Final = dt.timedelta(days=1)
HELD_AFTER_WEEKS: Final = 4
TWO: Final = 2
SAID: Final = (
    "We have to deliver a third more from the same hall, without another shift. What stops the line is what counts.",
    "Tell us a week earlier when a part will be late. A day's notice does not help us any more.",
)
OUTCOME: Final = "Good talk. They plan a second line for next year and want us at the table before the tender."
PROMISED: Final = "List of wearing parts for the second line, with delivery times"


@transaction.atomic
def live_through_reviews() -> int:
    """Write them; does nothing unless this is a demo without any review yet."""
    company = Company.objects.select_for_update().filter(simulated=True, demo_anchor__isnull=False).first()
    if company is None or company.demo_anchor is None or Review.objects.exists():
        return 0
    for number, account in enumerate(_chosen()):
        _watch(account, number, company.demo_anchor)
        _review(account, company.demo_anchor, is_prepared=number == 1)
    return Review.objects.count()


def _chosen() -> list[Account]:
    """The two weightiest accounts of the shown manager of which initiatives are known."""
    known = Initiative.objects.open().filter(account=OuterRef("pk"), metric__in=FIGURES)
    mine = Account.objects.current().filter(Exists(known), owner__email=email_of(SHOWN_MANAGER))
    return list(mine.select_related("owner", "tier").order_by("tier__rank", "sort_name")[:TWO])


def _watch(account: Account, number: int, anchor: dt.date) -> None:
    """Give each open initiative its figure, told month by month."""
    by = _owner(account)
    for initiative in Initiative.objects.open().filter(account=account, metric__in=FIGURES)[:TWO]:
        figure = FIGURES[initiative.metric]
        rows = course(figure, anchor, number, SEED)
        metric = CustomerMetric(
            account=account,
            name=figure.name,
            unit=figure.unit,
            better=figure.better,
            target=Decimal(str(figure.target)),
            target_on=initiative.target_on,
            initiative=initiative,
        )
        facts.add(metric, by=by, today=rows[0][0] + DAY)
        for day, value in rows:
            row = MetricValue(account=account, metric=metric, day=day, value=Decimal(str(value)))
            facts.add(row, by=by, today=day + DAY)


def _review(account: Account, anchor: dt.date, *, is_prepared: bool) -> None:
    """Last quarter's, about the quarter before; and the next, in preparation."""
    by = _owner(account)
    last_quarter = quarter_of(quarter_of(anchor) - DAY)
    held_on = in_weeks(last_quarter, HELD_AFTER_WEEKS)
    held = new_review(account, held_on)
    held.planned_on = None
    people = _people(account, by)
    reviews.begin(held, people, by=by, today=held_on)
    _hold(held, people, held_on, by)
    coming = new_review(account, anchor)
    coming.planned_on = coming.planned_on or in_weeks(anchor, 2)
    reviews.begin(coming, people, by=by, today=anchor)
    if is_prepared:
        reviews.move_to(coming, Review.Stage.PREPARED, by=by)


def _people(account: Account, by: User) -> dict[str, Any]:
    usual = usual_people(account, by)
    theirs = Contact.objects.filter(account=account, left_on=None).order_by("-primary", "pk")[:TWO]
    return {**usual, "contacts": list(theirs), "colleagues": list(Colleague.objects.filter(pk__in=usual["colleagues"]))}


def _hold(review: Review, people: dict[str, Any], held_on: dt.date, by: User) -> None:
    meeting = reviews.Meeting(
        held_on=held_on,
        channel=review.channel,
        contacts=people["contacts"],
        colleagues=people["colleagues"],
        outcome=OUTCOME,
    )
    reviews.hold(review, meeting, seen="", by=by, today=held_on)
    for question, said in zip(review.questions.all(), SAID, strict=False):
        contact = people["contacts"][0] if people["contacts"] else None
        answer = ReviewAnswer(review=review, level=question.level, question=question.text, contact=contact, said=said)
        write_answer(answer, seen="", by=by)
    promise = Promise(
        account=review.account, text=PROMISED, promised_on=held_on, due_on=held_on + dt.timedelta(days=45)
    )
    facts.add(promise, by=by, today=held_on)
    keep_with(review, promise, by=by)
    reviews.move_to(review, Review.Stage.CLOSED, by=by)


def _owner(account: Account) -> User:
    if account.owner is None:
        raise ValueError(account)
    return account.owner
