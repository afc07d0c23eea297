"""PDF and slides of a review, read back: what they say is what the view says, and nothing in it is markup."""

import datetime as dt
import io
import re
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest
from pptx import Presentation
from python_calamine import load_workbook

from cadence.reports.review_pdf import review_pdf
from cadence.reports.review_slides import review_slides
from cadence.review_charts import plot_of
from cadence.review_view import Bars, Course, CustomerView, Group, Person, Section, Table, number_text, plain

AT = dt.datetime(2026, 7, 14, 9, 30, tzinfo=dt.UTC)
WORDS = {"agenda": "Agenda", "people": "Who takes part", "value": "Value", "target": "Target"}
HOSTILE = '=HYPERLINK("x") #panic() *b* $x$ @ref <b>&amp;</b> {{ 7*7 }} ]]>'
DAYS = (dt.date(2026, 4, 30), dt.date(2026, 5, 31), dt.date(2026, 6, 30))


def view(*sections: Section, title: str = "Business review Q2 2026") -> CustomerView:
    theirs, ours = (Person("Ada Solheim", "Head of production"),), (Person("Marta Sanz", ""),)
    return CustomerView(
        "Tarnholm", "Halvorsen Marine", title, "April to June", "14 July 2026", theirs, ours, ("Figures",), sections
    )


def stops(**fields: Any) -> Course:
    values = (Decimal(35), Decimal("30.5"), Decimal(26))
    said: dict[str, Any] = {"title": "Stops", "unit": "hours", "words": "26 hours", "days": DAYS, "values": values}
    return Course(**({**said, "target": Decimal(20)} | fields))


SERVICE = Bars(
    "Days until a case was solved", "days", ("Critical", "Major"), ("Usual time", "Promised"),
    (Decimal("0.8"), None), (Decimal(1), Decimal(3)),
)  # fmt: skip


def slides_of(shown: CustomerView) -> Any:
    return Presentation(io.BytesIO(review_slides(shown, WORDS, at=AT)))


def charts_of(deck: Any) -> list[Any]:
    return [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]


def texts_of(deck: Any) -> str:
    shapes = [shape for slide in deck.slides for shape in slide.shapes]
    cells = [cell.text for one in shapes if one.has_table for row in one.table.rows for cell in row.cells]
    return "\n".join([one.text_frame.text for one in shapes if one.has_text_frame] + cells)


def pages_of(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    return [re.sub("[\r\n\u200b\ufffe]+", " ", page.get_textpage().get_text_bounded()) for page in document]


def workbook_of(chart: Any) -> list[list[Any]]:
    book = load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    return list(book.get_sheet_by_index(0).to_python())


def test_a_course_is_a_native_chart_with_its_figures_in_a_workbook() -> None:
    chart = charts_of(slides_of(view(Section("metrics", "Figures", "Lead", courses=(stops(),)))))[0]
    assert [(one.name, list(one.values)) for one in chart.series] == [
        ("Value", [35.0, 30.5, 26.0]),
        ("Target", [20.0, 20.0, 20.0]),
    ]
    rows = workbook_of(chart)
    assert [row[1:] for row in rows] == [["Value", "Target"], [35.0, 20.0], [30.5, 20.0], [26.0, 20.0]]
    assert [row[0] for row in rows[1:]] == list(DAYS)


def test_bars_show_nothing_where_nothing_was_solved() -> None:
    table = Table(("Weight", "Usual time"), (("Critical", "0.8 days"), ("Major", "–")), (50, 50), (1,))
    chart = charts_of(slides_of(view(Section("service", "Service", "Lead", table=table, bars=SERVICE))))[0]
    assert [list(one.values) for one in chart.plots[0].series] == [[0.8, None], [1.0, 3.0]]
    assert workbook_of(chart) == [["", "Usual time", "Promised"], ["Critical", 0.8, 1.0], ["Major", "", 3.0]]


def test_a_figure_without_values_has_words_and_no_chart() -> None:
    empty = stops(values=(), days=(), words="No figures yet.")
    shown = view(Section("metrics", "Figures", "Lead", courses=(empty,)))
    deck = slides_of(shown)
    assert charts_of(deck) == []
    assert "No figures yet." in texts_of(deck)
    assert "No figures yet." in pages_of(review_pdf(shown, WORDS, at=AT))[1]


def test_the_file_names_the_company_and_nobody_else() -> None:
    said = slides_of(view()).core_properties
    assert (said.title, said.author, said.last_modified_by) == ("Business review Q2 2026", "Tarnholm", "Tarnholm")
    assert (said.comments, said.keywords, said.subject, said.created) == ("", "", "", AT.replace(tzinfo=None))


def test_titles_are_placeholders_and_every_page_has_its_number() -> None:
    deck = slides_of(view(Section("next", "What comes next", "Lead")))
    assert [slide.shapes.title.text for slide in deck.slides] == [
        "Business review Q2 2026",
        "Agenda",
        "What comes next",
    ]
    kinds = {shape.element.ph.get("type") for shape in deck.slides[2].placeholders}
    assert kinds == {"title", "ftr", "sldNum"}
    assert {one.name for one in deck.slide_layouts} == {"Title Slide", "Title Only"}


def test_a_long_table_goes_on_where_a_slide_ends() -> None:
    rows = tuple((f"Promise {n} " + "with many words " * 12, "open") for n in range(30))
    deck = slides_of(view(Section("promises", "Promises", "Lead", table=Table(("What", "State"), rows, (80, 20)))))
    tables = [shape for slide in deck.slides for shape in slide.shapes if shape.has_table]
    assert len(tables) > 1
    assert sum(len(one.table.rows) - 1 for one in tables) == 30
    assert all(one.top + one.height <= deck.slide_height for one in tables)


def test_hostile_text_stays_text() -> None:
    table, course = Table((HOSTILE,), ((HOSTILE,),), (100,)), stops(title=HOSTILE, unit=HOSTILE)
    section = Section("goals", HOSTILE, HOSTILE, table, courses=(course,), groups=(Group(HOSTILE, (HOSTILE,)),))
    shown = view(section, title=HOSTILE)
    deck = slides_of(shown)
    assert texts_of(deck).count(HOSTILE) >= 6
    # As a formula of a workbook it would be run when somebody edits the figures.
    assert all("HYPERLINK" not in str(workbook_of(chart)) for chart in charts_of(deck))
    text = re.sub(r"\s", "", "".join(pages_of(review_pdf(shown, WORDS, at=AT))))
    assert text.count(re.sub(r"\s", "", HOSTILE)) >= 5


def test_what_no_document_can_hold_is_left_out() -> None:
    assert plain("a\x00b\x0bc\ufffe\ud800d\ne") == "abcd\ne"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("12000", "12,000"),
        ("0.250", "0.25"),
        ("1E+3", "1,000"),
        ("-0.000", "0"),
        ("-999999999999.999", "-999,999,999,999.999"),
    ],
)
def test_numbers_read_as_written(value: str, text: str) -> None:
    assert number_text(Decimal(value)) == text


def test_a_plot_stays_in_its_box() -> None:
    plot = plot_of(stops())
    assert [x for x, _y in plot.points] == [0.0, 31 / 61, 1.0]
    assert plot.points[0][1] == pytest.approx(0.88)
    assert plot.target == pytest.approx(0.12)
    flat = plot_of(stops(days=DAYS[:1], values=(Decimal(35),), target=None))
    assert flat.points == ((0.5, 0.5),)
