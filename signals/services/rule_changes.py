"""A new version of the rules, and the run by which the pages follow it."""

from typing import Any

from django.db import transaction

from signals.compute.rules import RuleSetValues
from signals.models import RuleSet, Run
from signals.services import runs
from signals.services.rules import current_rules

Json = dict[str, Any]


class OvertakenError(Exception):
    """Somebody saved a version since the one that was read; `newest` is in force now."""

    def __init__(self, newest: RuleSet) -> None:
        super().__init__(f"overtaken by {newest}")
        self.newest = newest


def save_rules(
    values: RuleSetValues, *, based_on: int, reason: str, by: Any, learned: Json | None = None
) -> tuple[RuleSet, Run | None]:
    """Make the version after `based_on`, and ask for the run that judges everybody by it.

    Raises
    ------
    OvertakenError
        If `based_on` is not the newest version any more: nothing is written.
    """
    with transaction.atomic():
        newest = current_rules()
        if newest.version != based_on:
            raise OvertakenError(newest)
        content = {"weights": values.to_json(), "reason": reason, "made_by": by, "learned": learned or {}}
        # Two at once: the number is unique, and whoever comes second finds the first one's.
        made, is_new = RuleSet.objects.get_or_create(version=based_on + 1, defaults=content)
        if not is_new:
            raise OvertakenError(made)
        return made, follow()


def follow() -> Run | None:
    """Judge the day that pages show (or are about to) anew; before the first run there is nothing to follow."""
    latest = Run.objects.assessments().order_by("-ticket").first()
    # Not the nightly run begun anew: while it is open, pages would fall back to the day before.
    return runs.request_explicit(latest.business_date) if latest else None
