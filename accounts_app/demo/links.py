"""Who of us knows whom at the customer, from the meetings recorded so far."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from accounts_app.demo.dialogue import InteractionRow

WORKS_WITH = 3
TRUSTS = 9
"""Meetings after which a link is of strength 2 and 3."""


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A contact and a colleague who have met; the strength grows with every meeting."""

    key: str
    contact: str
    colleague: str
    known_on: dt.date
    strength: int = 1
    meetings: tuple[dt.date, ...] = field(default=(), compare=False)

    def at(self, day: dt.date) -> "LinkRow | None":
        if self.known_on > day:
            return None
        met = sum(meeting <= day for meeting in self.meetings)
        return replace(self, strength=1 + (met >= WORKS_WITH) + (met >= TRUSTS))


def links(interactions: Iterable[InteractionRow]) -> list[LinkRow]:
    """Return a link for every contact and colleague who ever met.

    Parameters
    ----------
    interactions : iterable of InteractionRow
        Over past and future.

    Returns
    -------
    list of LinkRow
        Each known from the first meeting's recording on.
    """
    meetings: dict[tuple[str, str], list[dt.date]] = defaultdict(list)
    for row in interactions:
        if row.state == "done" and row.happened_known_on is not None:
            for contact in row.contacts:
                for colleague in row.colleagues:
                    meetings[contact, colleague].append(row.happened_known_on)
    return [
        LinkRow(f"{contact}/{colleague}", contact, colleague, min(days), meetings=tuple(days))
        for (contact, colleague), days in meetings.items()
    ]
