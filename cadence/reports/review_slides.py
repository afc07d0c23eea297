"""A review as slides that can be edited: titles, text boxes, tables and charts of PowerPoint itself."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Inches, Pt

from cadence.reports import slide_deck as deck
from cadence.reports.slide_charts import add_bars, add_course
from cadence.reports.slide_tables import add_table, cut_for_slides, scale_of
from cadence.review_view import Course, CustomerView, Section

COURSES_A_SLIDE = 2
LINES_A_SLIDE = 13


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
    slides = deck.new_deck(view.title, view.supplier, at=at)
    footer = f"{view.supplier} · {view.customer}"
    _cover(deck.add_slide(slides, deck.COVER, view.title, footer), view)
    if view.agenda or view.theirs or view.ours:
        _opening(deck.add_slide(slides, deck.PAGE, words["agenda"], footer), view, words)
    for section in view.sections:
        for number, content in enumerate(_contents(section)):
            title = section.title if number == 0 else f"{section.title} ({number + 1})"
            slide = deck.add_slide(slides, deck.PAGE, title, footer)
            deck.add_text(
                slide, section.lead, (deck.LEFT, Inches(1.22), deck.INNER, Inches(0.5)), size=16, color=deck.SOFT
            )
            _set(slide, content, words)
    return deck.saved(slides)


def _cover(slide: Slide, view: CustomerView) -> None:
    day = f" · {view.day}" if view.day else ""
    slide.shapes.title.text_frame.paragraphs[0].font.size = Pt(40)
    frame = slide.placeholders[1].text_frame
    frame.text = view.customer
    line = frame.add_paragraph()
    line.text = view.period + day
    for paragraph, size in zip(frame.paragraphs, (24, 16), strict=True):
        paragraph.font.size = Pt(size)
    deck.add_text(slide, view.supplier, (deck.LEFT, Inches(0.6), deck.INNER, Inches(0.5)), size=16, color=deck.SOFT)


def _opening(slide: Slide, view: CustomerView, words: dict[str, str]) -> None:
    half = Inches(5.7)
    if view.agenda:
        _lines(slide, list(view.agenda), (deck.LEFT, Inches(1.5), half, Inches(5)), numbered=True)
    left = Inches(7.0) if view.agenda else deck.LEFT
    people = [(words["people"], True), *((_person(one), False) for one in view.theirs)]
    if view.ours:
        people += [(view.supplier, True), *((_person(one), False) for one in view.ours)]
    frame = deck.add_text(slide, "", (left, Inches(1.5), half, Inches(5)), size=16)
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
        tables = list(cut_for_slides(section.table))
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
            add_course(slide, course, deck.LEFT + number * Inches(6.1), words)
    else:
        table, bars = content
        below = add_table(slide, table, 1.0 if bars else scale_of(table)) if table else deck.TOP
        if bars:
            add_bars(slide, bars, below + Inches(0.25))


def _points(slide: Slide, lines: list[tuple[str, bool]]) -> None:
    frame = deck.add_text(slide, "", (deck.LEFT, deck.TOP, deck.INNER, deck.ROOM), size=18)
    for number, (text, is_heading) in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.text = text
        paragraph.font.size, paragraph.font.bold = Pt(16 if is_heading else 18), is_heading
        paragraph.space_before = Pt(14 if is_heading and number else 4)
        if not is_heading:
            _bullet(paragraph)


def _lines(slide: Slide, lines: list[str], box: deck.Box, *, numbered: bool) -> None:
    frame = deck.add_text(slide, "", box, size=18)
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
