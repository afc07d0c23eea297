"""What the supplier sells: product groups, each with a few products."""

from typing import Final

PRODUCTS: Final = {
    "Cylinders": ("CY-40/25", "CY-63/36", "CY-80/56", "CY-100/70", "CY-125/90"),
    "Pumps": ("PG-16", "PG-28", "PV-45", "PV-71", "PV-100"),
    "Valves": ("VD-06", "VD-10", "VP-10", "VP-16", "VC-25"),
    "Seals": ("SR-040", "SR-063", "SK-080", "SK-100", "SW-125", "SX-SET"),
    "Hoses and fittings": ("HF-08", "HF-12", "HF-16", "HF-20", "FT-M22"),
    "Filters": ("FI-10", "FI-25", "FR-60", "FR-110"),
    "Drives": ("DM-50", "DM-80", "DM-160", "DA-250"),
    "Accumulators": ("AC-02", "AC-10", "AC-32"),
    "Service kits": ("KT-CY", "KT-PV", "KT-VD"),
}
GROUPS: Final = tuple(PRODUCTS)
UNIT_PRICE: Final = {
    "Cylinders": 640.0,
    "Pumps": 1150.0,
    "Valves": 380.0,
    "Seals": 24.0,
    "Hoses and fittings": 46.0,
    "Filters": 68.0,
    "Drives": 2100.0,
    "Accumulators": 410.0,
    "Service kits": 130.0,
}
