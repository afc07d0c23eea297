"""A review as slides that can be edited: titles, text boxes, tables and charts of PowerPoint itself."""

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.enum.text import PP_ALIGN
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Emu, Inches, Pt

from cadence.reports import slide_deck as deck_
from cadence.review_view import Bars, Course, CustomerView, Section, Table

TOP, ROOM = Inches(1.95), Inches(4.85)
CHARACTERS_AN_INCH = 12.5
LINE_HEIGHT, LINE_ROOM = 0.24, 0.17
HEADING, CELL = 12, 14
COURSES_A_SLIDE = 2
AROUND_BARS, BARS_OF_A_LABEL = 0.7, 0.9
LINES_A_SLIDE = 13
MOST_LABELS = 7
# A table of few rows is set larger, so that a slide with little on it can be read from the back of the room.
LARGER, FEW_ROWS, MOST_OF_ROOM = 1.15, 6, 0.7
PLAIN_TABLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


def review_slides(view: CustomerView, words: dict[str, str], *, at: dt.datetime) -> bytes:
    """Set the view on slides, a section each, more where it is long.

    Parameters
    ----------
    view : CustomerView
        The only thing that is shown.
    words : dict of str
        `agenda` and `people`; `value` and `target` name the series of a chart.
    at : datetime
        When the file was made, aware of its zone.

    Returns
    -------
    bytes
        A PPTX whose charts carry their figures in workbooks of their own.
    """
    deck = deck_.new_deck(view.title, view.supplier, at=at)
    footer = f"{view.supplier} · {view.customer}"
    _cover(deck_.add_slide(deck, deck_.COVER, view.title, footer), view)
    if view.agenda or view.theirs or view.ours:
        _opening(deck_.add_slide(deck, deck_.PAGE, words["agenda"], footer), view, words)
    for section in view.sections:
        for number, content in enumerate(_contents(section)):
            title = section.title if number == 0 else f"{section.title} ({number + 1})"
            slide = deck_.add_slide(deck, deck_.PAGE, title, footer)
            _text(slide, section.lead, (deck_.LEFT, Inches(1.22), deck_.INNER, Inches(0.5)), size=16, color=deck_.SOFT)
            _set(slide, content, words)
    return deck_.saved(deck)


def _cover(slide: Slide, view: CustomerView) -> None:
    day = f" · {view.day}" if view.day else ""
    slide.shapes.title.text_frame.paragraphs[0].font.size = Pt(40)
    frame = slide.placeholders[1].text_frame
    frame.text = view.customer
    line = frame.add_paragraph()
    line.text = view.period + day
    for paragraph, size in zip(frame.paragraphs, (24, 16), strict=True):
        paragraph.font.size = Pt(size)
    _text(slide, view.supplier, (deck_.LEFT, Inches(0.6), deck_.INNER, Inches(0.5)), size=16, color=deck_.SOFT)


def _opening(slide: Slide, view: CustomerView, words: dict[str, str]) -> None:
    half = Inches(5.7)
    if view.agenda:
        _lines(slide, list(view.agenda), (deck_.LEFT, Inches(1.5), half, Inches(5)), numbered=True)
    left = Inches(7.0) if view.agenda else deck_.LEFT
    people = [(words["people"], True), *((_person(one), False) for one in view.theirs)]
    if view.ours:
        people += [(view.supplier, True), *((_person(one), False) for one in view.ours)]
    frame = _text(slide, "", (left, Inches(1.5), half, Inches(5)), size=16)
    for number, (text, is_heading) in enumerate(people if view.theirs or view.ours else ()):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.text = text
        paragraph.font.size, paragraph.font.bold = Pt(16), is_heading
        paragraph.space_before = Pt(12 if is_heading and number else 2)


def _person(one: Any) -> str:
    return f"{one.name}, {one.job}" if one.job else str(one.name)


def _contents(section: Section) -> Iterator[Any]:
    """What stands on each slide of the section: a table (with its bars), courses, or groups of points."""
    if section.table:
        tables = list(_pages(section.table))
        for table in tables[:-1]:
            yield (table, None)
        if section.bars and len(tables[-1].rows) > 4:
            yield (tables[-1], None)
            yield (None, section.bars)
        else:
            yield (tables[-1], section.bars)
    for first in range(0, len(section.courses), COURSES_A_SLIDE):
        yield section.courses[first : first + COURSES_A_SLIDE]
    if section.groups:
        yield from _pages_of_points(section)
    if not (section.table or section.courses or section.groups):
        yield (None, None)


def _pages(table: Table) -> Iterator[Table]:
    """Cut a long table so that each part has room on a slide, by the lines its texts will take."""
    rows: list[tuple[str, ...]] = []
    used = first = _row_height(table, table.headings)
    for row in table.rows:
        height = _row_height(table, row)
        if rows and used + height > ROOM / Inches(1):
            yield Table(table.headings, tuple(rows), table.widths, table.numeric)
            rows, used = [], first
        rows.append(row)
        used += height
    yield Table(table.headings, tuple(rows), table.widths, table.numeric)


def _row_height(table: Table, row: Sequence[str], scale: float = 1.0) -> float:
    widths = [deck_.INNER / Inches(1) * width / sum(table.widths) for width in table.widths]
    lines = max(
        math.ceil(len(cell) / max(1.0, (width - 0.2) * CHARACTERS_AN_INCH / scale))
        for cell, width in zip(row, widths, strict=True)
    )
    return float(max(1, lines) * LINE_HEIGHT + LINE_ROOM) * scale


def _scale(table: Table) -> float:
    height = sum(_row_height(table, row, LARGER) for row in (table.headings, *table.rows))
    return LARGER if len(table.rows) <= FEW_ROWS and height <= MOST_OF_ROOM * ROOM / Inches(1) else 1.0


def _pages_of_points(section: Section) -> Iterator[list[tuple[str, bool]]]:
    lines: list[tuple[str, bool]] = []
    used = 0
    for group in section.groups:
        block = [(group.heading, True), *((point, False) for point in group.points)]
        size = sum(1 + len(text) // 110 for text, _is_heading in block) + 1
        if lines and used + size > LINES_A_SLIDE:
            yield lines
            lines, used = [], 0
        lines, used = lines + block, used + size
    yield lines


def _set(slide: Slide, content: Any, words: dict[str, str]) -> None:
    if isinstance(content, list):
        _points(slide, content)
    elif content and isinstance(content[0], Course):
        for number, course in enumerate(content):
            _course(slide, course, deck_.LEFT + number * Inches(6.1), words)
    else:
        table, bars = content
        below = _table(slide, table, 1.0 if bars else _scale(table)) if table else TOP
        if bars:
            _bars(slide, bars, below + Inches(0.25))


def _table(slide: Slide, table: Table, scale: float) -> int:
    """Set it, and return where it is expected to end."""
    heights = [_row_height(table, row, scale) for row in (table.headings, *table.rows)]
    place = (deck_.LEFT, TOP, deck_.INNER, Inches(sum(heights)))
    shape = slide.shapes.add_table(len(table.rows) + 1, len(table.headings), *place).table
    shape._tbl.tblPr.find(qn("a:tableStyleId")).text = PLAIN_TABLE  # noqa: SLF001 - python-pptx offers no style
    shape.horz_banding = False
    for column, width in zip(shape.columns, table.widths, strict=True):
        column.width = Emu(round(deck_.INNER * width / sum(table.widths)))
    for number, texts in enumerate((table.headings, *table.rows)):
        shape.rows[number].height = Inches(heights[number])
        for position, text in enumerate(texts):
            size = round((HEADING if number == 0 else CELL) * scale)
            _cell(shape.cell(number, position), text, size, is_heading=number == 0, is_number=position in table.numeric)
    return int(TOP + Inches(sum(heights)))


def _cell(cell: Any, text: str, size: int, *, is_heading: bool, is_number: bool) -> None:
    cell.text = text
    cell.margin_left = cell.margin_right = Inches(0.08)
    cell.margin_top = cell.margin_bottom = Inches(0.05)
    for paragraph in cell.text_frame.paragraphs:
        paragraph.alignment = PP_ALIGN.RIGHT if is_number else PP_ALIGN.LEFT
        paragraph.font.size, paragraph.font.bold = Pt(size), False
        paragraph.font.color.rgb = RGBColor.from_string(deck_.SOFT if is_heading else deck_.INK)
    _rule_below(cell, deck_.INK if is_heading else deck_.LINE, 12700 if is_heading else 6350)


def _rule_below(cell: Any, color: str, width: int) -> None:
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - python-pptx knows no borders
    line = properties.makeelement(qn("a:lnB"), {"w": str(width), "cap": "flat", "cmpd": "sng"})
    fill = line.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:srgbClr"), {"val": color}))
    line.append(fill)
    properties.insert(0, line)


def _course(slide: Slide, course: Course, left: int, words: dict[str, str]) -> None:
    width = Inches(5.75)
    title = f"{course.title}, {course.unit}" if course.unit else course.title
    _text(slide, title, (left, TOP - Inches(0.05), width, Inches(0.45)), size=16, bold=True)
    below = TOP + Inches(0.5)
    if course.values:
        chart = slide.shapes.add_chart(
            XL_CHART_TYPE.LINE_MARKERS, left, below, width, Inches(3.1), _course_data(course, words)
        ).chart
        _style_course(chart, course)
        below += Inches(3.15)
    _text(slide, course.words, (left, below, width, Inches(0.9)), size=14, color=deck_.SOFT)


def _course_data(course: Course, words: dict[str, str]) -> CategoryChartData:
    """Days and values; no text of a person goes into the workbook, where it could be read as a formula."""
    data = CategoryChartData(number_format="General")
    data.categories = list(course.days)
    data.add_series(words["value"], [float(value) for value in course.values])
    if course.target is not None:
        data.add_series(words["target"], [float(course.target)] * len(course.days))
    return data


def _style_course(chart: Any, course: Course) -> None:
    _plain(chart, has_legend=course.target is not None)
    value = chart.series[0]
    value.smooth = False
    value.format.line.color.rgb = RGBColor.from_string(deck_.ACCENT)
    value.marker.format.fill.solid()
    value.marker.format.fill.fore_color.rgb = RGBColor.from_string(deck_.ACCENT)
    value.format.line.width = Pt(2.25)
    chart.category_axis.tick_labels.number_format = "mm/yyyy"
    chart.category_axis.tick_labels.number_format_is_linked = False
    _label_months(chart.category_axis, course.days)
    if course.target is not None:
        target = chart.series[1]
        target.smooth = False
        target.format.line.color.rgb = RGBColor.from_string(deck_.AMBER)
        target.format.line.dash_style = MSO_LINE.DASH
        _without_marker(target)


def _label_months(axis: Any, days: Sequence[dt.date]) -> None:
    """As many labels as have room: every month, or every few."""
    months = (days[-1].year - days[0].year) * 12 + days[-1].month - days[0].month
    for name, value in (("c:majorUnit", str(1 + months // MOST_LABELS)), ("c:majorTimeUnit", "months")):
        element = axis._element  # noqa: SLF001 - python-pptx knows no time units
        for old in element.findall(qn(name)):
            element.remove(old)
        element.append(element.makeelement(qn(name), {"val": value}))


def _without_marker(series: Any) -> None:
    marker = series._element.get_or_add_marker()  # noqa: SLF001 - "none" cannot be chosen otherwise
    for child in list(marker):
        marker.remove(child)
    marker.append(marker.makeelement(qn("c:symbol"), {"val": "none"}))


def _bars(slide: Slide, bars: Bars, top: int) -> None:
    _text(slide, bars.title, (deck_.LEFT, top, deck_.INNER, Inches(0.4)), size=16, bold=True)
    data = CategoryChartData(number_format="General")
    data.categories = list(bars.labels)
    data.add_series(bars.names[0], [_float(value) for value in bars.was])
    data.add_series(bars.names[1], [_float(value) for value in bars.promised])
    room = max(Inches(1.6), Inches(6.85) - top - Inches(0.4))
    wanted = Inches(AROUND_BARS + BARS_OF_A_LABEL * len(bars.labels))
    place = (deck_.LEFT, top + Inches(0.4), Inches(8.5), min(room, wanted))
    chart = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *place, data).chart
    _plain(chart, has_legend=True)
    # From above in the order of the table.
    chart.category_axis.reverse_order = True
    chart.value_axis.visible = False
    chart.value_axis.minimum_scale = 0
    plot = chart.plots[0]
    plot.gap_width, plot.overlap, plot.has_data_labels = 60, 0, True
    plot.data_labels.font.size = Pt(12)
    for series, color in zip(plot.series, (deck_.ACCENT, deck_.PALE), strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = RGBColor.from_string(color)


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _plain(chart: Any, *, has_legend: bool) -> None:
    chart.has_title = False
    chart.font.size = Pt(12)
    chart.font.color.rgb = RGBColor.from_string(deck_.SOFT)
    chart.has_legend = has_legend
    if has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.value_axis.has_major_gridlines = False
    for axis in (chart.category_axis, chart.value_axis):
        axis.format.line.color.rgb = RGBColor.from_string(deck_.PALE)


def _points(slide: Slide, lines: list[tuple[str, bool]]) -> None:
    frame = _text(slide, "", (deck_.LEFT, TOP, deck_.INNER, ROOM), size=18)
    for number, (text, is_heading) in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.text = text
        paragraph.font.size, paragraph.font.bold = Pt(16 if is_heading else 18), is_heading
        paragraph.space_before = Pt(14 if is_heading and number else 4)
        if not is_heading:
            _bullet(paragraph)


def _lines(slide: Slide, lines: list[str], box: deck_.Box, *, numbered: bool) -> None:
    frame = _text(slide, "", box, size=18)
    for number, text in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.text = text
        paragraph.font.size, paragraph.space_after = Pt(18), Pt(8)
        _bullet(paragraph, numbered=numbered)


def _bullet(paragraph: Any, *, numbered: bool = False) -> None:
    """A mark of PowerPoint's own before the line, so that a new line gets one too."""
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-pptx knows no bullets
    properties.set("marL", "342900")
    properties.set("indent", "-342900")
    name, mark = ("a:buAutoNum", {"type": "arabicPeriod"}) if numbered else ("a:buChar", {"char": "•"})
    properties.append(properties.makeelement(qn(name), mark))


def _text(slide: Slide, text: str, box: deck_.Box, *, size: int, color: str = deck_.INK, bold: bool = False) -> Any:
    frame = slide.shapes.add_textbox(*(Emu(one) for one in box)).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = 0
    frame.text = text
    for paragraph in frame.paragraphs:
        paragraph.font.size, paragraph.font.bold = Pt(size), bold
        paragraph.font.color.rgb = RGBColor.from_string(color)
    return frame
