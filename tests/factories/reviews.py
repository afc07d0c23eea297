"""Reviews with customers, as the services would have written them."""

from datetime import date
from typing import Any

from accounts_app.models import Account, User
from cadence.models import DiscoveryQuestion, Review, ReviewAnswer
from tests.factories import UserFactory


def review_of(account: Account, **fields: Any) -> Review:
    """A review of the second quarter of 2026, in preparation unless a day says that it was held."""
    made_by: User = fields.pop("made_by", None) or account.owner or UserFactory()
    stage = Review.Stage.HELD if fields.get("held_on") else Review.Stage.DRAFT
    values = {
        "title": f"Review with {account.name}",
        "from_day": date(2026, 4, 1),
        "until_day": date(2026, 6, 30),
        "stage": stage,
        "made_by": made_by,
    }
    return Review.objects.create(account=account, **(values | fields))


def answer_of(review: Review, **fields: Any) -> ReviewAnswer:
    values = {"question": "What has to be different a year from now?", "said": "Fewer stops", "level": "executive"}
    return ReviewAnswer.objects.create(review=review, **(values | fields))


def question(**fields: Any) -> DiscoveryQuestion:
    return DiscoveryQuestion.objects.create(**({"level": "management", "text": "Where do you lose time?"} | fields))
