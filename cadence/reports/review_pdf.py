"""A review as a PDF for the customer."""

import datetime as dt
from pathlib import Path
from typing import Any, Final

from cadence.reports.typesetting import to_pdf
from cadence.review_charts import bars_of, plot_of
from cadence.review_view import CustomerView, Section

TEMPLATE: Final = Path(__file__).with_name("review.typ")


def review_pdf(view: CustomerView, words: dict[str, str], *, at: dt.datetime) -> bytes:
    """Set the view on landscape pages, a section a page.

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
