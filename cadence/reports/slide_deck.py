"""An empty deck with our own layout: wide slides, a cover and a page, title and footer as placeholders.

python-pptx brings a template for narrow slides; what is not used of it is taken out, and nothing of it names anybody.
"""

import copy
import datetime as dt
import io
from typing import Any, Final

from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide, SlideLayout
from pptx.util import Emu, Inches, Pt

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
LEFT, INNER = Inches(0.7), Inches(11.93)
# Where the content of a page begins, below its title and lead, and how much room it has.
TOP, ROOM = Inches(1.95), Inches(4.85)
ACCENT, AMBER, INK, SOFT, PALE, LINE = "0B5D5A", "B06F00", "1C1F1E", "5F6966", "C4C9C4", "D9DBD5"
COLORS: Final = {"dk2": INK, "lt2": "F6F6F3", "accent1": ACCENT, "accent2": AMBER, "accent3": PALE}
FONTS: Final = {"majorFont": "Georgia", "minorFont": "Calibri"}
# Of the layouts that come along: the cover, and a page with nothing but its title.
COVER, PAGE = "Title Slide", "Title Only"
UNUSED_PARTS: Final = (RT.PRINTER_SETTINGS, RT.THUMBNAIL, RT.EXTENDED_PROPERTIES)
Box = tuple[int, int, int, int]
PLACES: Final[dict[str, Box]] = {
    "title": (LEFT, Inches(0.45), INNER, Inches(0.8)),
    "ctrTitle": (LEFT, Inches(2.2), INNER, Inches(1.3)),
    "subTitle": (LEFT, Inches(3.6), INNER, Inches(1.4)),
    "ftr": (LEFT, Inches(6.98), Inches(10.5), Inches(0.3)),
    "sldNum": (Inches(11.63), Inches(6.98), Inches(1.0), Inches(0.3)),
}


def new_deck(title: str, author: str, *, at: dt.datetime) -> Deck:
    """Make a deck without slides; its properties name the company, no person."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    for layout in list(deck.slide_layouts):
        if layout.name not in (COVER, PAGE):
            deck.slide_layouts.remove(layout)
    for part in (deck.slide_master, *deck.slide_layouts):
        _settle(part)
    _dress(deck)
    _describe(deck, title, author, at)
    return deck


def add_slide(deck: Deck, layout: str, title: str, footer: str) -> Slide:
    """Add a slide with its title, footer and number."""
    chosen = next(one for one in deck.slide_layouts if one.name == layout)
    slide = deck.slides.add_slide(chosen)
    slide.shapes.title.text = title
    if layout == PAGE:
        _add_footer(slide, chosen, footer)
    return slide


def saved(deck: Deck) -> bytes:
    buffer = io.BytesIO()
    deck.save(buffer)
    return buffer.getvalue()


def _settle(part: Any) -> None:
    """Put the placeholders where a wide slide has them; the date is not wanted."""
    for shape in list(part.placeholders):
        kind = shape.element.ph.get("type", "obj")
        if kind == "dt":
            shape.element.getparent().remove(shape.element)
        elif kind in PLACES:
            shape.left, shape.top, shape.width, shape.height = (Emu(one) for one in PLACES[kind])
        elif kind == "body":
            shape.left, shape.top, shape.width, shape.height = LEFT, Inches(1.9), INNER, Inches(4.8)
        if kind in ("ctrTitle", "subTitle", "title", "ftr"):
            _align_left(shape, anchor="b" if kind == "ctrTitle" else "t")


def _align_left(shape: Any, *, anchor: str) -> None:
    body = shape.text_frame._txBody.bodyPr  # noqa: SLF001 - python-pptx has no other way to a layout's own style
    for name, value in (("anchor", anchor), ("lIns", "0"), ("rIns", "0")):
        body.set(name, value)
    for paragraph in shape.element.iter(qn("a:lvl1pPr")):
        paragraph.set("algn", "l")
        for color in paragraph.iter(qn("a:solidFill")):
            paragraph.find(qn("a:defRPr")).remove(color)


def _dress(deck: Deck) -> None:
    """Give the theme our colours and fonts, and titles their size."""
    theme = deck.slide_master.part.part_related_by(RT.THEME)
    root = etree.fromstring(theme.blob)
    for name, color in COLORS.items():
        slot = next(root.iter(qn(f"a:{name}")))
        slot.clear()
        etree.SubElement(slot, qn("a:srgbClr"), val=color)
    for name, font in FONTS.items():
        next(root.iter(qn(f"a:{name}"))).find(qn("a:latin")).set("typeface", font)
    theme._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)  # noqa: SLF001
    style = next(deck.slide_master.element.iter(qn("p:titleStyle")))
    level = style.find(qn("a:lvl1pPr"))
    level.set("algn", "l")
    text = level.find(qn("a:defRPr"))
    text.set("sz", "2800")
    next(text.iter(qn("a:schemeClr"))).set("val", "accent1")


def _describe(deck: Deck, title: str, author: str, at: dt.datetime) -> None:
    for part, kinds in ((deck.part, UNUSED_PARTS), (deck.part.package, UNUSED_PARTS)):
        relations = part.rels if part is deck.part else part._rels  # noqa: SLF001 - the package has no public way
        for key in [key for key, one in relations.items() if one.reltype in kinds]:
            relations.pop(key)
    said = deck.core_properties
    said.title, said.author, said.last_modified_by = title, author, author
    said.created = said.modified = at.astimezone(dt.UTC).replace(tzinfo=None)
    said.comments, said.revision = "", 1


def _add_footer(slide: Slide, layout: SlideLayout, text: str) -> None:
    """Footer and number as placeholders of the slide, so that both can be edited in one place."""
    for shape in layout.placeholders:
        if shape.element.ph.get("type") in ("ftr", "sldNum"):
            own = copy.deepcopy(shape.element)
            slide.shapes._spTree.append(own)  # noqa: SLF001 - placeholders cannot be added otherwise
            if shape.element.ph.get("type") == "ftr":
                slide.placeholders[shape.placeholder_format.idx].text = text


def add_text(slide: Slide, text: str, box: Box, *, size: int, color: str = INK, bold: bool = False) -> Any:
    frame = slide.shapes.add_textbox(*(Emu(one) for one in box)).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = 0
    frame.text = text
    for paragraph in frame.paragraphs:
        paragraph.font.size, paragraph.font.bold = Pt(size), bold
        paragraph.font.color.rgb = RGBColor.from_string(color)
    return frame
