"""What people typed is set as text: it is no markup, reads no file, and does not run out of its place."""

import datetime as dt
from pathlib import Path

import pypdfium2
import pytest
import typst

from cadence.reports.strip_svg import PATH, WIDE, stretched, strip_svg
from cadence.reports.typesetting import BREAK, printable, to_pdf
from signals.strips import build_strip

AT = dt.datetime(2026, 11, 22, 14, 2, tzinfo=dt.UTC)
TEMPLATE = """
#let data = json(bytes(sys.inputs.data))
#set page(width: 120mm, height: 80mm, margin: 5mm)
#set text(font: "Libertinus Serif")
#data.text
"""
HOSTILE = (
    '#read("/etc/passwd")',
    '#include "/etc/passwd"',
    '#import "@preview/cetz:0.1.0"',
    "$ x^2 $ *bold* _it_ `code` = heading",
    "#panic() #sys.inputs #eval",
    'backslash \\ "quoted" </text> {{ data }}',
    "<label> @ref // comment /* too */",
    "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd",
)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "template.typ"
    path.write_text(TEMPLATE)
    return path


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def squeezed(text: str) -> str:
    """Without what setting changes: spaces, breaks, and the quotation marks that were made round."""
    for round_one, straight in (("“", '"'), ("”", '"'), (BREAK, ""), ("\ufffe", ""), ("\u00ad", "")):
        text = text.replace(round_one, straight)
    return "".join(text.split())


@pytest.mark.parametrize("said", HOSTILE)
def test_hostile_text_stands_on_the_page_as_it_was_typed(template: Path, said: str) -> None:
    seen = squeezed(text_of(to_pdf(template, {"text": said}, at=AT)))
    assert sorted(seen) == sorted(squeezed(said))
    assert "root:" not in seen


def test_a_template_can_read_no_file_either(tmp_path: Path) -> None:
    path = tmp_path / "template.typ"
    path.write_text('#read("/etc/passwd")')
    with pytest.raises(typst.TypstError):
        to_pdf(path, {}, at=AT)


def test_a_word_without_end_stays_within_its_page(template: Path) -> None:
    pdf = to_pdf(template, {"text": "W" * 400}, at=AT)
    page = pypdfium2.PdfDocument(pdf)[0]
    letters = page.get_textpage()
    width = page.get_width()
    boxes = [letters.get_charbox(index) for index in range(letters.count_chars())]
    assert max(right for _left, _bottom, right, _top in boxes) < width
    assert squeezed(text_of(pdf)).count("W") == 400


def test_signs_that_turn_the_order_of_letters_are_left_out() -> None:
    assert printable({"a": ["safe\u202egpj.exe\x00\x07"]}) == {"a": ["safegpj.exe"]}


def test_short_words_and_drawings_are_left_alone() -> None:
    svg = "<svg>" + "x" * 60 + "</svg>"
    assert printable({"svg": svg, "text": "Two words", "n": 3, "none": None}) == {
        "svg": svg,
        "text": "Two words",
        "n": 3,
        "none": None,
    }


def test_the_same_data_at_the_same_moment_give_the_same_file(template: Path) -> None:
    assert to_pdf(template, {"text": "a"}, at=AT) == to_pdf(template, {"text": "a"}, at=AT)


def strip(**fields: object) -> dict[str, object]:
    day = dt.date(2026, 11, 22)
    made = build_strip(
        [(day - dt.timedelta(days=30), 100.0)], [(day, True)], [], late_from=day, no_data_from=None, as_of=day
    )
    return made | fields


def test_a_strip_is_drawn_wider_but_not_higher() -> None:
    assert stretched("M10 23V2") == f"M{10 * WIDE:g} 23V2"
    assert stretched("M3 40h1.5") == f"M{3 * WIDE:g} 40h{1.5 * WIDE:g}"
    assert 'd="M' in strip_svg(strip())


def test_what_is_no_path_is_not_drawn() -> None:
    evil = '"/><image href="file:///etc/passwd"/>'
    assert PATH.fullmatch(evil) is None
    drawn = strip_svg(strip(orders=evil, late=evil))
    assert "passwd" not in drawn
