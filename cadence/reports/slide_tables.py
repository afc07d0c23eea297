"""Tables of slides: cut into slides by the room their lines will take, and set as tables of PowerPoint itself."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Emu, Inches, Pt

from cadence.reports import slide_deck as deck
from cadence.review_view import Table

CHARACTERS_AN_INCH = 12.5
LINE_HEIGHT, LINE_ROOM = 0.24, 0.17
HEADING, CELL = 12, 14
# A table of few rows is set larger, so that a slide with little on it can be read from the back of the room.
LARGER, FEW_ROWS, MOST_OF_ROOM = 1.15, 6, 0.7
PLAIN_TABLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


def cut_for_slides(table: Table) -> Iterator[Table]:
    """Cut a long table so that each part has room on a slide, by the lines its texts will take."""
    rows: list[tuple[str, ...]] = []
    used = first = _row_height(table, table.headings)
    for row in table.rows:
        height = _row_height(table, row)
        if rows and used + height > deck.ROOM / Inches(1):
            yield Table(table.headings, tuple(rows), table.widths, table.numeric)
            rows, used = [], first
        rows.append(row)
        used += height
    yield Table(table.headings, tuple(rows), table.widths, table.numeric)


def scale_of(table: Table) -> float:
    height = sum(_row_height(table, row, LARGER) for row in (table.headings, *table.rows))
    return LARGER if len(table.rows) <= FEW_ROWS and height <= MOST_OF_ROOM * deck.ROOM / Inches(1) else 1.0


def add_table(slide: Slide, table: Table, scale: float) -> int:
    """Set it, and return where it is expected to end."""
    heights = [_row_height(table, row, scale) for row in (table.headings, *table.rows)]
    place = (deck.LEFT, deck.TOP, deck.INNER, Inches(sum(heights)))
    shape = slide.shapes.add_table(len(table.rows) + 1, len(table.headings), *place).table
    shape._tbl.tblPr.find(qn("a:tableStyleId")).text = PLAIN_TABLE  # noqa: SLF001 - python-pptx offers no style
    shape.horz_banding = False
    for column, width in zip(shape.columns, table.widths, strict=True):
        column.width = Emu(round(deck.INNER * width / sum(table.widths)))
    for number, texts in enumerate((table.headings, *table.rows)):
        shape.rows[number].height = Inches(heights[number])
        for position, text in enumerate(texts):
            size = round((HEADING if number == 0 else CELL) * scale)
            _cell(shape.cell(number, position), text, size, is_heading=number == 0, is_number=position in table.numeric)
    return int(deck.TOP + Inches(sum(heights)))


def _row_height(table: Table, row: Sequence[str], scale: float = 1.0) -> float:
    widths = [deck.INNER / Inches(1) * width / sum(table.widths) for width in table.widths]
    lines = max(
        math.ceil(len(cell) / max(1.0, (width - 0.2) * CHARACTERS_AN_INCH / scale))
        for cell, width in zip(row, widths, strict=True)
    )
    return float(max(1, lines) * LINE_HEIGHT + LINE_ROOM) * scale


def _cell(cell: Any, text: str, size: int, *, is_heading: bool, is_number: bool) -> None:
    cell.text = text
    cell.margin_left = cell.margin_right = Inches(0.08)
    cell.margin_top = cell.margin_bottom = Inches(0.05)
    for paragraph in cell.text_frame.paragraphs:
        paragraph.alignment = PP_ALIGN.RIGHT if is_number else PP_ALIGN.LEFT
        paragraph.font.size, paragraph.font.bold = Pt(size), False
        paragraph.font.color.rgb = RGBColor.from_string(deck.SOFT if is_heading else deck.INK)
    _rule_below(cell, deck.INK if is_heading else deck.LINE, 12700 if is_heading else 6350)


def _rule_below(cell: Any, color: str, width: int) -> None:
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - python-pptx knows no borders
    line = properties.makeelement(qn("a:lnB"), {"w": str(width), "cap": "flat", "cmpd": "sng"})
    fill = line.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:srgbClr"), {"val": color}))
    line.append(fill)
    properties.insert(0, line)
