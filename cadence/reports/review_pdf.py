"""A review as a PDF for the customer."""

import datetime as dt
from pathlib import Path
from typing import Any, Final

from cadence.reports.typesetting import to_pdf
from cadence.review_charts import bars_of, plot_of
from cadence.review_view import CustomerView, Section

TEMPLATE: Final = Path(__file__).with_name("review.typ")
# What belongs together shares a page where there is room; each group begins a new one.
SHEETS: Final = {
    "goals": 1,
    "metrics": 1,
    "service": 2,
    "brought": 3,
    "promises": 3,
    "open": 3,
    "questions": 4,
    "next": 4,
}
# A section larger than these may take more than a page, so it is not kept whole.
WHOLE_ROWS, WHOLE_TEXT, WHOLE_COURSES, WHOLE_POINTS = 6, 900, 4, 14


def review_pdf(view: CustomerView, words: dict[str, str], *, at: dt.datetime) -> bytes:
    """Set the view on landscape pages, a subject a page.

    Parameters
    ----------
    view : CustomerView
        The only thing that is shown.
    words : dict of str
        The headings of the first page: `agenda` and `people`.
    at : datetime
        The moment written into the file, aware of its zone.

    Returns
    -------
    bytes
        A tagged PDF.
    """
    shown = view.as_dict() | {"sections": [_section(section) for section in view.sections], "words": words}
    return to_pdf(TEMPLATE, shown, at=at)


def _section(section: Section) -> dict[str, Any]:
    """The section with its charts as shares of their box; days and numbers of the raw course are drawn, not told."""
    return {
        "sheet": SHEETS.get(section.key, 0),
        "is_whole": _is_short(section),
        "title": section.title,
        "lead": section.lead,
        "table": section.table and vars(section.table),
        "bars": section.bars
        and {
            "title": section.bars.title,
            "unit": section.bars.unit,
            "names": section.bars.names,
            "rows": [vars(bar) for bar in bars_of(section.bars)],
        },
        "courses": [
            {
                "title": one.title,
                "unit": one.unit,
                "words": one.words,
                "plot": vars(plot_of(one)) if one.values else None,
            }
            for one in section.courses
        ],
        "groups": [vars(group) for group in section.groups],
    }


def _is_short(section: Section) -> bool:
    rows = section.table.rows if section.table else ()
    text = sum(len(cell) for row in rows for cell in row)
    points = sum(len(group.points) for group in section.groups)
    return (
        len(rows) <= WHOLE_ROWS
        and text <= WHOLE_TEXT
        and len(section.courses) <= WHOLE_COURSES
        and points <= WHOLE_POINTS
    )
