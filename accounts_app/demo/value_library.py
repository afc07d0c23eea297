"""What the supplier has to bring to its customers, apart from products: information, criteria, things to use."""

import datetime as dt
from typing import Final, NamedTuple

PRESSES: Final = ("presses", "forming", "forging", "die casting", "rolling mills", "moulding")
MOBILE: Final = (
    "farm machinery", "forestry machinery", "construction machinery", "mining equipment", "municipal vehicles",
    "quarrying", "snow groomers", "special vehicles",
)  # fmt: skip
LIFTING: Final = ("cranes", "lifting gear", "ropeways", "conveyors")
AT_SEA: Final = ("offshore", "ship equipment", "shipyards", "dredging", "fish farming")
MACHINES: Final = ("machine building", "machine tools", "special machines", "automation", "packaging")


class Item(NamedTuple):
    """`days_left` until it expires, from the day of loading; `days_old` since somebody last looked at it."""

    title: str
    kind: str
    topic: str
    summary: str
    owner: str
    industries: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    days_left: int | None = None
    days_old: int = 60


LIBRARY: Final = (
    Item("Oil cleanliness and pump life: ten plants compared", "information", "Maintenance",
         "Ten plants over three years: what cleaner oil saved in pumps, and what the filters cost.",
         "Jonas Reinhardt", products=("Pumps", "Filters"), days_old=40),
    Item("What the new seal materials withstand", "information", "Seals",
         "Temperature, pressure and media of the four materials, with the tests behind them.",
         "Elin Sandström", products=("Seals", "Cylinders"), days_old=90),
    Item("Energy use of variable pumps, measured", "information", "Energy",
         "Measured on three presses: what a variable pump used in a year against a fixed one.",
         "Étienne Marchal", PRESSES, ("Pumps",), days_old=120),
    Item("Lead times and stock: outlook for two quarters", "information", "Supply",
         "Which sizes become short, which are on stock, what to order by when.",
         "Siobhán Keane", days_left=75, days_old=12),
    Item("Changes in the pressure equipment rules", "information", "Regulation",
         "What changes for accumulators, from when, and what has to be inspected again.",
         "Giulia Bonetti", products=("Accumulators",), days_left=400, days_old=150),
    Item("Checklist for choosing an accumulator", "criteria", "Selection",
         "Eleven questions that decide size, type and pre-charge.",
         "Giulia Bonetti", products=("Accumulators",), days_old=200),
    Item("How to compare cylinder offers", "criteria", "Purchasing",
         "Which lines of an offer say something about the next ten years, and which do not.",
         "Paolo Deluca", products=("Cylinders",), days_old=30),
    Item("When to repair and when to replace a pump", "criteria", "Maintenance",
         "Hours, leakage and price of the part in one chart.",
         "Jonas Reinhardt", products=("Pumps",), days_old=75),
    Item("Ten questions for a leak-free line", "criteria", "Leakage",
         "To walk along the line with, one page.",
         "Joseph Okafor", days_old=110),
    Item("Spare parts list cleaned and priced", "utility", "Service",
         "Their list without doubles and discontinued parts, with prices and lead times.",
         "Marta Sanz", days_old=20),
    Item("Wear report of the last service visit", "utility", "Maintenance",
         "Pictures and measurements of what wears, and when it will need changing.",
         "Joseph Okafor", products=("Cylinders", "Seals", "Service kits"), days_old=25),
    Item("Training for maintenance staff, half a day", "utility", "Training",
         "On their own machines, for up to eight people.",
         "Marek Zieliński", days_old=55),
    Item("Hose register with change dates", "utility", "Safety",
         "Every hose with its number, place and the day it must be changed.",
         "Lucie Horáková", products=("Hoses and fittings",), days_old=35),
    Item("3D models for their design library", "utility", "Design",
         "All parts they buy, in their format, with the right names.",
         "Étienne Marchal", MACHINES, days_old=210),
    Item("Stops of forging and pressing lines: where the hours go", "information", "Downtime",
         "From forty lines: a third of the hours are lost to five causes, two of them hydraulic.",
         "Jonas Reinhardt", PRESSES, days_old=15),
    Item("Cold start below minus 25: what to change", "information", "Cold",
         "Oil, seals and hoses for machines that stand outside in winter.",
         "Marek Zieliński", MOBILE, days_left=160, days_old=45),
    Item("Working quieter: what eight decibels less took", "information", "Noise",
         "Three machines before and after: pump, mounting, pipework.",
         "Étienne Marchal", (*MOBILE, *MACHINES), ("Pumps", "Drives"), days_old=80),
    Item("Bio oil: what holds and what does not", "criteria", "Environment",
         "Which seals and hoses withstand it, and what customers ask for in tenders.",
         "Elin Sandström", (*MOBILE, *AT_SEA), days_old=100),
    Item("Inspection plan for lifting cylinders", "utility", "Safety",
         "Intervals, measurements and the sheet for the file.",
         "Giulia Bonetti", LIFTING, ("Cylinders",), days_old=50),
    Item("Corrosion at sea: five years of rods compared", "information", "Corrosion",
         "Three coatings on twelve ships, photographed every half year.",
         "Joseph Okafor", AT_SEA, ("Cylinders",), days_old=130),
    Item("Condition monitoring: when it pays", "criteria", "Downtime",
         "What a sensor must save before it pays for itself, with a sheet to fill in.",
         "Étienne Marchal", days_old=70),
    Item("Worksheet: cost of one unplanned stop", "utility", "Downtime",
         "Filled in together in twenty minutes; the figure stays with them.",
         "Henrike Albers", days_old=10),
    Item("Price outlook for steel and seals 2024", "information", "Purchasing",
         "Where prices of steel and rubber were expected to go.",
         "Paolo Deluca", days_left=-210, days_old=480),
    Item("Catalogue of discontinued valves", "utility", "Service",
         "What replaces which valve; overtaken by the parts list.",
         "Marta Sanz", products=("Valves",), days_left=-60, days_old=420),
)  # fmt: skip


def last_day(item: Item, anchor: dt.date) -> dt.date | None:
    return None if item.days_left is None else anchor + dt.timedelta(days=item.days_left)
