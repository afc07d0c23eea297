"""The page of one review: where it stands, what is next, and what the customer will see of each section."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.models import Interaction, Level
from cadence.models import DiscoveryQuestion, Review, ReviewAnswer, ReviewSection
from cadence.review_view import CustomerView

MISSING = {
    ReviewSection.GOALS: gettext_lazy("no aim of theirs is known"),
    ReviewSection.METRICS: gettext_lazy("no figure they watch is known"),
    ReviewSection.SERVICE: gettext_lazy("no case in this time or before"),
    ReviewSection.BROUGHT: gettext_lazy("nothing was brought in this time"),
    ReviewSection.PROMISES: gettext_lazy("nothing was promised"),
    ReviewSection.OPEN: gettext_lazy("nothing is open"),
    ReviewSection.QUESTIONS: gettext_lazy("no question is chosen"),
    ReviewSection.NEXT: gettext_lazy("no day to come is known"),
}


@dataclass(frozen=True)
class SectionState:
    """Whether the customer sees it, and why not."""

    title: str
    is_shown: bool
    why: str


@dataclass(frozen=True)
class ToAsk:
    """A question of the review with what was answered so far."""

    question: DiscoveryQuestion
    answers: list[ReviewAnswer]


@dataclass(frozen=True)
class ReviewPage:
    review: Review
    view: CustomerView
    today: dt.date
    may_edit: bool

    @property
    def may_change(self) -> bool:
        return self.may_edit and not self.review.is_closed

    @cached_property
    def sections(self) -> list[SectionState]:
        return list(self._states())

    def _states(self) -> Iterator[SectionState]:
        for section in ReviewSection:
            is_shown = self.view.shows(section)
            why = "" if is_shown else str(MISSING[section])
            if section in self.review.left_out:
                why = _("you leave it out")
            yield SectionState(str(section.label), is_shown, why)

    @property
    def shown_count(self) -> int:
        return sum(one.is_shown for one in self.sections)

    @cached_property
    def answers(self) -> list[ReviewAnswer]:
        return list(self.review.answers.select_related("contact"))

    @cached_property
    def to_ask(self) -> list[ToAsk]:
        """The questions chosen, with their answers; by level from the top."""
        order = list(Level.values)
        questions = sorted(self.review.questions.all(), key=lambda one: (order.index(one.level), one.pk))
        return [ToAsk(one, [said for said in self.answers if said.question == one.text]) for one in questions]

    @property
    def other_answers(self) -> list[ReviewAnswer]:
        """What was said without one of the chosen questions."""
        asked = {one.question.text for one in self.to_ask}
        return [said for said in self.answers if said.question not in asked]

    @property
    def notice(self) -> str:
        """What happened to the contact behind the review and wants an answer."""
        contact = self.review.interaction
        if contact is None:
            return ""
        if self.review.is_to_come and contact.state == Interaction.State.DONE:
            return _("The contact planned for this review was logged as done: say that the review was held.")
        if contact.state == Interaction.State.VOIDED:
            return _("The contact behind this review was voided: it does not count. Give it a day again, or hold it.")
        return ""

    @property
    def is_late(self) -> bool:
        day = self.review.meets_on
        return self.review.is_to_come and day is not None and day < self.today


def context_of(page: ReviewPage) -> dict[str, Any]:
    review = page.review
    return {
        "page": page,
        "review": review,
        "account": review.account,
        "view": page.view,
        "initiatives": list(review.initiatives.select_related("sponsor")),
        "promises": list(review.promises.select_related("contact")),
        "theirs": list(review.contacts.all()),
        "ours": list(review.colleagues.all()),
    }
