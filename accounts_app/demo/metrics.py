"""The figures that simulated customers watch, and their course month by month."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from accounts_app.demo.lots import stream

TOPIC: Final = 47
MONTHS: Final = 12
# What a noisy month differs from the course, as a share of what is to be gained.
NOISE: Final = 0.09
GAINED: Final = 0.75
"""Share of the way to its target that a figure has come after a year."""


@dataclass(frozen=True)
class Figure:
    """A figure as the wish of `values.py` names it: where it stood, and where it shall be."""

    name: str
    unit: str
    better: str
    start: float
    target: float
    decimals: int = 0


FIGURES: Final = {
    "Hours of unplanned stops a month": Figure("Unplanned stops", "hours a month", "lower", 35, 20),
    "Weekend call-outs": Figure("Weekend call-outs", "a month", "lower", 6, 0),
    "kWh a part": Figure("Power for a part", "kWh", "lower", 1.84, 1.56, 2),
    "Tonnes of CO₂ a year": Figure("CO₂", "tonnes a month", "lower", 118, 83),
    "Operating hours from overhaul to overhaul": Figure("From overhaul to overhaul", "hours", "higher", 8000, 12000),
    "Value of the spare parts stock": Figure("Spare parts on the shelf", "thousand €", "lower", 420, 280),
    "Litres of oil topped up a month": Figure("Oil topped up", "litres a month", "lower", 140, 50),
    "Hoses past their change date": Figure("Hoses past their change date", "", "lower", 64, 0),
    "Findings": Figure("Findings of the audit", "", "lower", 9, 0),
    "dB(A) at the operator": Figure("Noise at the operator", "dB(A)", "lower", 86, 80, 1),
    "Jobs given to outside firms": Figure("Jobs given to outside firms", "a month", "lower", 22, 11),
    "Suppliers of hydraulics": Figure("Suppliers of hydraulics", "", "lower", 5, 2),
    "Days lost to late parts": Figure("Days lost to late parts", "a quarter", "lower", 9, 3),
    "Share of machines delivered with bio oil": Figure("Machines with bio oil", "%", "higher", 12, 50),
    "Months from drawing to first machine": Figure("From drawing to first machine", "months", "lower", 18, 12),
}


def course(figure: Figure, until: dt.date, number: int, seed: int) -> list[tuple[dt.date, float]]:
    """Simulate the last days of the months before a day.

    Parameters
    ----------
    figure : Figure
    until : date
    number : int
        Of the account; with the seed it decides the noise.
    seed : int

    Returns
    -------
    list of (date, float)
        In order; the value moves from its start towards the target, with noise.
    """
    chance = stream(seed, TOPIC, number)
    way = figure.target - figure.start
    rows = []
    for ago in range(MONTHS, 0, -1):
        month = until.year * 12 + until.month - ago
        day = dt.date(month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)
        share = GAINED * (MONTHS - ago) / (MONTHS - 1) + float(chance.normal(0, NOISE))
        rows.append((day, round(figure.start + way * min(max(share, -0.1), 1.0), figure.decimals)))
    return rows
