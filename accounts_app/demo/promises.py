"""What we promise customers when we meet them: most of it is kept, some of it late, some of it forgotten."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from accounts_app.demo.dialogue import InteractionRow
from accounts_app.demo.lots import one_of, pick, stream
from accounts_app.demo.portfolio import Profile

TOPIC: Final = 41
SHARE: Final = 0.4
"""Share of the meetings on our own initiative that end with a promise."""
DUE_DAYS: Final = (7, 45)
NO_DAY: Final = 0.1
"""Share of the promises for which no day was named."""
COURSES: Final = {"in_time": 0.68, "late": 0.17, "withdrawn": 0.07, "forgotten": 0.08}
FORGOTTEN_DAYS: Final = 250
"""After so long a forgotten promise is withdrawn when somebody tidies up."""
TEXTS: Final = (
    "3D model of the new cylinder series",
    "Sample of the low-friction seal for the test bench",
    "Offer for a service agreement",
    "Visit of an application engineer on the second line",
    "Price list with the quantities of next year",
    "Certificate of origin for the valve blocks",
    "Proposal for a stock of spare parts on site",
    "Training for two of their technicians",
    "Answer of our quality department to their audit",
    "Comparison of energy use with the old pump",
    "Name of a second contact for urgent deliveries",
    "Drawing with the changed connection",
)


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise; what became of it is known on the day it was closed."""

    key: str
    account: int
    text: str
    contact: str | None
    by: str | None
    promised_on: dt.date
    known_on: dt.date
    due_on: dt.date | None
    closed_on: dt.date | None
    outcome: str

    def at(self, day: dt.date) -> "PromiseRow | None":
        if self.known_on > day:
            return None
        if self.closed_on is not None and self.closed_on > day:
            return replace(self, closed_on=None, outcome="")
        return self


def account_promises(profile: Profile, interactions: list[InteractionRow], seed: int) -> list[PromiseRow]:
    """Simulate what an account is promised over past and future.

    Parameters
    ----------
    profile : Profile
    interactions : list of InteractionRow
        Promises are made where we met somebody on our own initiative.
    seed : int

    Returns
    -------
    list of PromiseRow
        In the order of the interactions.
    """
    chance = stream(seed, TOPIC, profile.number)
    met = [row for row in interactions if row.state == "done" and row.initiator == "us" and row.purpose == "proactive"]
    rows = []
    for row in met:
        if chance.random() >= SHARE or row.happened_on is None or row.happened_known_on is None:
            continue
        promised_on, recorded_on = row.happened_on, row.happened_known_on
        due_on = promised_on + dt.timedelta(days=int(chance.integers(*DUE_DAYS)))
        closed_on = due_on + dt.timedelta(days=_delay(course := pick(COURSES, chance), int(chance.integers(0, 15))))
        rows.append(
            PromiseRow(
                key=f"{row.key}-promise",
                account=profile.number,
                text=one_of(TEXTS, chance),
                contact=row.contacts[0] if row.contacts else None,
                # Who left has passed on what was open: only the present manager is named.
                by=profile.manager if row.by == profile.manager and chance.random() < 0.5 else None,
                promised_on=promised_on,
                known_on=recorded_on,
                due_on=None if chance.random() < NO_DAY else due_on,
                closed_on=max(closed_on, recorded_on),
                outcome="kept" if course in {"in_time", "late"} else "withdrawn",
            )
        )
    return rows


def _delay(course: str, days: int) -> int:
    """Days from the day it was due to the day it was closed."""
    return {"in_time": -min(days, 6), "late": 3 + 2 * days, "withdrawn": days, "forgotten": FORGOTTEN_DAYS}[course]
