"""What is brought to each customer and what it makes of it, and what the customers want to achieve."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from accounts_app.demo.dialogue import InteractionRow
from accounts_app.demo.lots import one_of, pick, stream
from accounts_app.demo.portfolio import Profile
from accounts_app.demo.value_library import LIBRARY, Item, last_day

VALUES_TOPIC: Final = 43
INITIATIVES_TOPIC: Final = 44
AGAIN_AFTER: Final = 300
"""Days after which the same item is brought once more."""
REACTIONS: Final = {"": 0.22, "wants_more": 0.2, "useful": 0.47, "not_useful": 0.11}
TOLD: Final = 0.14
"""Share of the meetings on our own initiative at which a customer tells what it wants to achieve."""
MOST_OPEN: Final = 2
RUNS_DAYS: Final = (200, 700)
REACHED: Final = 0.65
# What a customer wants, the figure it watches, its aim; by the topic of the library.
WISHES: Final = {
    "Downtime": (
        ("Cut unplanned stops", "Hours of unplanned stops a month", "From 35 to 20 hours"),
        ("Second line without weekend repairs", "Weekend call-outs", "None from spring on"),
    ),
    "Energy": (
        ("Less power for each part", "kWh a part", "15 % less"),
        ("Carbon target of the group", "Tonnes of CO₂ a year", "30 % less by 2030"),
    ),
    "Maintenance": (
        ("Longer between overhauls", "Operating hours from overhaul to overhaul", "12,000 instead of 8,000"),
        ("Fewer spare pumps on the shelf", "Value of the spare parts stock", "A third less"),
    ),
    "Leakage": (("Dry shop floor", "Litres of oil topped up a month", "Under 50 litres"),),
    "Safety": (
        ("Every hose on record", "Hoses past their change date", "None"),
        ("Pass the audit without a finding", "Findings", "None"),
    ),
    "Noise": (("Quieter assembly hall", "dB(A) at the operator", "Under 80"),),
    "Training": (("Own people do the small repairs", "Jobs given to outside firms", "Half of them"),),
    "Purchasing": (("Fewer suppliers", "Suppliers of hydraulics", "Two instead of five"),),
    "Supply": (("No line waits for parts", "Days lost to late parts", "Under 3 a quarter"),),
    "Environment": (("Bio oil in all new machines", "Share of machines delivered with bio oil", "Half by next year"),),
    "Design": (("New series in one year", "Months from drawing to first machine", "12 instead of 18"),),
}


@dataclass(frozen=True, slots=True)
class InitiativeRow:
    """An initiative; how it ended is known on that day."""

    key: str
    account: int
    title: str
    topic: str
    metric: str
    target: str
    sponsor: str | None
    heard_on: dt.date
    known_on: dt.date
    target_on: dt.date
    ended_on: dt.date | None
    outcome: str

    def at(self, day: dt.date) -> "InitiativeRow | None":
        if self.known_on > day:
            return None
        if self.ended_on is not None and self.ended_on > day:
            return replace(self, ended_on=None, outcome="")
        return self


def with_values(profile: Profile, rows: list[InteractionRow], anchor: dt.date, seed: int) -> list[InteractionRow]:
    """Choose for each contact that brings something what it brings, and what they make of it.

    Parameters
    ----------
    profile : Profile
    rows : list of InteractionRow
        With any value item where one is brought.
    anchor : date
        The library's days count from it.
    seed : int

    Returns
    -------
    list of InteractionRow
        In the same order; items that suit the customer, valid on their day, none again within 300 days.
    """
    chance = stream(seed, VALUES_TOPIC, profile.number)
    had: dict[str, dt.date] = {}
    chosen: dict[str, tuple[str, str]] = {}
    for row in sorted((row for row in rows if row.value_item and row.happened_on), key=_day):
        possible = [item for item in LIBRARY if _suits(item, profile, _day(row), anchor, had)]
        reaction = pick(REACTIONS, chance)
        if possible:
            item = one_of(possible, chance)
            had[item.title] = _day(row)
            chosen[row.key] = item.title, reaction
    return [_given(row, chosen) for row in rows]


def _given(row: InteractionRow, chosen: dict[str, tuple[str, str]]) -> InteractionRow:
    title, reaction = chosen.get(row.key, (None, ""))
    return replace(row, value_item=title, reaction=reaction)


def _day(row: InteractionRow) -> dt.date:
    return row.happened_on or row.known_on


def _suits(item: Item, profile: Profile, day: dt.date, anchor: dt.date, had: dict[str, dt.date]) -> bool:
    last = last_day(item, anchor)
    if last is not None and last < day:
        return False
    if item.title in had and day - had[item.title] < dt.timedelta(days=AGAIN_AFTER):
        return False
    return not item.industries or profile.firm.trade in item.industries


def account_initiatives(profile: Profile, interactions: list[InteractionRow], seed: int) -> list[InitiativeRow]:
    """Simulate what a customer tells us it wants to achieve, at most two things at once.

    Parameters
    ----------
    profile : Profile
    interactions : list of InteractionRow
        Initiatives are heard of where we met somebody on our own initiative.
    seed : int

    Returns
    -------
    list of InitiativeRow
        In the order of the interactions.
    """
    chance = stream(seed, INITIATIVES_TOPIC, profile.number)
    rows: list[InitiativeRow] = []
    for met in interactions:
        is_told = met.state == "done" and met.purpose in {"proactive", "review"} and chance.random() < TOLD
        running = [
            row for row in rows if row.ended_on is None or met.happened_on is None or row.ended_on > met.happened_on
        ]
        if is_told and met.happened_on and len(running) < MOST_OPEN:
            rows.append(_initiative(profile, met, {row.title for row in rows}, chance))
    return rows


def _initiative(profile: Profile, met: InteractionRow, known: set[str], chance: np.random.Generator) -> InitiativeRow:
    wishes = [(topic, wish) for topic, options in WISHES.items() for wish in options if wish[0] not in known]
    topic, (title, metric, target) = one_of(wishes, chance)
    heard_on, recorded_on = _day(met), met.happened_known_on or _day(met)
    ended_on = heard_on + dt.timedelta(days=int(chance.integers(*RUNS_DAYS)))
    return InitiativeRow(
        key=f"{met.key}-initiative",
        account=profile.number,
        title=title,
        topic=topic,
        metric=metric,
        target=target,
        sponsor=met.contacts[0] if met.contacts else None,
        heard_on=heard_on,
        known_on=recorded_on,
        target_on=ended_on - dt.timedelta(days=int(chance.integers(-30, 90))),
        ended_on=ended_on,
        outcome="reached" if chance.random() < REACHED else "dropped",
    )
