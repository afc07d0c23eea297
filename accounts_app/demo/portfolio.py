"""Who the customers are: weight, rhythm and manager of each, before anything happens to them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np

from accounts_app.demo.clock import PAST_DAYS
from accounts_app.demo.firms import FIRMS, Firm
from accounts_app.demo.lots import pick, stream
from accounts_app.demo.staff import DEPARTED, DEPARTED_HEIR, PACE, TEAMS, TeamPlan

TOPIC: Final = 1

TIERS: Final = ("strategic", "key", "significant", "other")
IDEAL_DAYS: Final = {"strategic": 30, "key": 45, "significant": 90, "other": 180}
TIERS_OF_TEAM: Final = ((3, 8, 14, 17), (3, 8, 14, 16), (2, 8, 12, 15))
ANNUAL_EUR: Final = {"strategic": 1_900_000, "key": 620_000, "significant": 190_000, "other": 52_000}
GAP_DAYS: Final = {"strategic": 11.0, "key": 16.0, "significant": 25.0, "other": 38.0}
CURRENCY: Final = {"GB": "GBP", "SE": "SEK"}

RHYTHMS: Final = {"regular": 0.50, "lumpy": 0.18, "seasonal": 0.17, "project": 0.15}
# Regularity: the shape of the gamma-distributed gaps (1 = no memory), drawn between the two.
REGULARITY: Final = {"regular": (3.5, 9.0), "lumpy": (0.9, 1.4), "seasonal": (2.0, 4.0), "project": (1.3, 2.2)}
AMOUNT_SPREAD: Final = {"regular": 0.35, "lumpy": 0.9, "seasonal": 0.5, "project": 0.75}

KNOWN_MARGINS: Final = 0.8

NEWCOMERS: Final = 4
"""Accounts won shortly before loading: too little history to judge."""
IBERIA: Final = 4
"""Accounts of an acquired subsidiary whose own ERP stopped delivering."""
VACANT: Final = "Van Hoogmade Kassenbouw"
"""Its manager gave it up some weeks ago, and nobody has taken it since; nobody comes by either (see stories.py)."""
VACANT_DAYS: Final = 40


@dataclass(frozen=True)
class Profile:
    """One customer as it is when all is well; days are indices of the clock, intervals in days."""

    number: int
    firm: Firm
    team: str
    tier: str
    manager: str
    deputy: str
    manager_before: str | None
    handed_over: int
    rhythm: str
    regularity: float
    gap_days: float
    annual_amount: float
    spread: float
    season_depth: float
    season_peak: int
    talk: float
    begins: int
    vacant_from: int | None
    iberian: bool
    margin_share: Decimal | None

    @property
    def key(self) -> str:
        return f"C{1001 + self.number}"

    @property
    def currency(self) -> str:
        return CURRENCY.get(self.firm.country, "EUR")

    @property
    def pace(self) -> float:
        """How much later than promised the manager comes, 1 = as promised."""
        return PACE[self.manager]

    def manager_on(self, day: int) -> str:
        return self.manager_before if self.manager_before and day < self.handed_over else self.manager


@dataclass(frozen=True)
class Place:
    """Where a customer stands in our organisation."""

    team: str
    tier: str
    manager: str
    deputy: str


def profiles(seed: int) -> list[Profile]:
    """Draw the portfolio.

    Parameters
    ----------
    seed : int
        Seed of the demo; the portfolio does not depend on the day of loading.

    Returns
    -------
    list of Profile
        120 customers in the order of `FIRMS`.
    """
    chance = stream(seed, TOPIC)
    places = [
        place for team, counts in zip(TEAMS, TIERS_OF_TEAM, strict=True) for place in _places(team, counts, chance)
    ]
    iberian = _iberian(chance)
    newcomers = _newcomers(places, iberian, chance)
    return [
        _profile(number, firm, place, seed, iberian=number in iberian, newcomer=number in newcomers)
        for number, (firm, place) in enumerate(zip(FIRMS, places, strict=True))
    ]


def _places(team: TeamPlan, counts: tuple[int, ...], chance: np.random.Generator) -> list[Place]:
    """Deal tiers by lot, and each tier's accounts to the managers in turn."""
    order = chance.permutation(len(team.firms))
    tiers = np.repeat(np.array(TIERS), counts)
    places: list[Place | None] = [None] * len(team.firms)
    for turn, (position, tier) in enumerate(zip(order, tiers, strict=True)):
        manager = team.managers[turn % len(team.managers)]
        deputy = team.managers[(turn + 1) % len(team.managers)]
        places[position] = Place(team.name, str(tier), manager, deputy)
    return [place for place in places if place is not None]


def _iberian(chance: np.random.Generator) -> set[int]:
    candidates = [number for number, firm in enumerate(FIRMS) if firm.country in {"ES", "PT"} and not firm.parent]
    return {int(number) for number in chance.choice(candidates, IBERIA, replace=False)}


def _newcomers(places: list[Place], iberian: set[int], chance: np.random.Generator) -> set[int]:
    small = [n for n, place in enumerate(places) if place.tier in {"significant", "other"} and n not in iberian]
    return {int(number) for number in chance.choice(small, NEWCOMERS, replace=False)}


def _profile(number: int, firm: Firm, place: Place, seed: int, *, iberian: bool, newcomer: bool) -> Profile:
    chance = stream(seed, TOPIC, number)
    rhythm = pick(RHYTHMS, chance)
    inherited = place.manager == DEPARTED_HEIR and not newcomer and chance.random() < 0.7
    return Profile(
        number=number,
        firm=firm,
        team=place.team,
        tier=place.tier,
        manager=place.manager,
        deputy=place.deputy,
        manager_before=DEPARTED if inherited else None,
        handed_over=PAST_DAYS - 310,
        rhythm=rhythm,
        regularity=float(chance.uniform(*REGULARITY[rhythm])),
        gap_days=float(np.clip(GAP_DAYS[place.tier] * chance.lognormal(0, 0.3), 6, 75)),
        annual_amount=float(ANNUAL_EUR[place.tier] * chance.lognormal(0, 0.35)),
        spread=AMOUNT_SPREAD[rhythm],
        season_depth=float(chance.uniform(0.45, 0.75)) if rhythm == "seasonal" else 0.1,
        season_peak=int(chance.integers(60, 200)),
        talk=float(chance.lognormal(0, 0.3)),
        begins=PAST_DAYS - int(chance.integers(35, 95)) if newcomer else 0,
        vacant_from=PAST_DAYS - VACANT_DAYS if firm.name == VACANT else None,
        iberian=iberian,
        margin_share=_margin(chance),
    )


def _margin(chance: np.random.Generator) -> Decimal | None:
    """Draw what stays with us of the revenue, as controlling once worked it out; for some nobody did."""
    share = Decimal(str(round(float(chance.uniform(0.16, 0.42)), 2)))
    return share if chance.random() < KNOWN_MARGINS else None
