"""What a fact entered by a person has in common: Vigil's own feed, a key of its own, known from today."""

import uuid
from datetime import date
from typing import TypedDict

from accounts_app.models import OWN_FEED, Feed


class Provenance(TypedDict):
    feed: Feed
    external_key: str
    known_on: date


def entered(today: date) -> Provenance:
    """Provenance of a fact that a person enters on this day."""
    return {"feed": Feed.objects.get(name=OWN_FEED), "external_key": str(uuid.uuid4()), "known_on": today}
