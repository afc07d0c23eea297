"""The invented supplier: its teams, users, and colleagues who know customers."""

from typing import Final, NamedTuple

from accounts_app.demo.firms import CENTRAL, NORTH, SOUTH, Firm

COMPANY: Final = "Tarnholm Fluid Power"
MAIL_DOMAIN: Final = "tarnholm.example"


class TeamPlan(NamedTuple):
    name: str
    firms: tuple[Firm, ...]
    leader: str
    managers: tuple[str, ...]


TEAMS: Final = (
    TeamPlan(
        "Central Europe",
        CENTRAL,
        "Henrike Albers",
        ("Jonas Reinhardt", "Marek Zieliński", "Lucie Horáková", "Aylin Demir"),
    ),
    TeamPlan(
        "Nordics & UK",
        NORTH,
        "Siobhán Keane",
        ("Joseph Okafor", "Elin Sandström", "Tara Iyer", "Mikkel Rasmussen"),
    ),
    TeamPlan(
        "South & West",
        SOUTH,
        "Paolo Deluca",
        ("Marta Sanz", "Giulia Bonetti", "Étienne Marchal", "Femke de Wit"),
    ),
)
OPERATIONS: Final = ("Agnieszka Nowak", "Tomáš Beneš", "Laura Pinto")
ADMINISTRATOR: Final = "Nils Bergqvist"
EXECUTIVE: Final = "Sabine Thalmann"
DEPARTED: Final = "Rolf Petersen"
"""A manager who has left; Mikkel Rasmussen took over the accounts."""
DEPARTED_HEIR: Final = "Mikkel Rasmussen"
SHOWN_MANAGER: Final = "Marta Sanz"
SHOWN_LEADER: Final = "Paolo Deluca"
"""Whose log-ins are told to whoever looks around the demo."""

ENGINEERS: Final = (
    "Björn Kettler",
    "Oksana Melnyk",
    "Rhys Morgan",
    "Clara Vantini",
    "Hugo Lambert",
    "Aino Lehtonen",
)
CHIEF_OPERATING: Final = "Henrik Mohr"

PACE: Final = {
    # How a manager keeps the promised interval: 1 = as promised, above = later.
    "Jonas Reinhardt": 0.9,
    "Marek Zieliński": 1.05,
    "Lucie Horáková": 0.95,
    "Aylin Demir": 1.2,
    "Joseph Okafor": 0.95,
    "Elin Sandström": 0.85,
    "Tara Iyer": 1.0,
    "Mikkel Rasmussen": 1.3,
    "Marta Sanz": 0.95,
    "Giulia Bonetti": 1.1,
    "Étienne Marchal": 1.0,
    "Femke de Wit": 0.9,
}


class ColleaguePlan(NamedTuple):
    name: str
    level: str
    title: str


def colleagues() -> list[ColleaguePlan]:
    """Return everybody of ours who meets customers, in a fixed order.

    Returns
    -------
    list of ColleaguePlan
        Executives, sales leaders, account managers, then engineers and order desk.
    """
    return [
        ColleaguePlan(EXECUTIVE, "executive", "Managing director"),
        ColleaguePlan(CHIEF_OPERATING, "executive", "Chief operating officer"),
        *(ColleaguePlan(team.leader, "management", "Sales leader") for team in TEAMS),
        *(ColleaguePlan(name, "management", "Account manager") for team in TEAMS for name in team.managers),
        ColleaguePlan(DEPARTED, "management", "Account manager"),
        *(ColleaguePlan(name, "operational", "Application engineer") for name in ENGINEERS),
        *(ColleaguePlan(name, "operational", "Order desk") for name in OPERATIONS),
    ]
