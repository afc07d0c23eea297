"""Charts of slides: PowerPoint's own, with their figures in workbooks that can be edited."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Inches, Pt

from cadence.reports import slide_deck as deck
from cadence.review_view import Bars, Course

AROUND_BARS, BARS_OF_A_LABEL = 0.7, 0.9
MOST_LABELS = 7


def add_course(slide: Slide, course: Course, left: int, words: dict[str, str]) -> None:
    width = Inches(5.75)
    title = f"{course.title}, {course.unit}" if course.unit else course.title
    deck.add_text(slide, title, (left, deck.TOP - Inches(0.05), width, Inches(0.45)), size=16, bold=True)
    below = deck.TOP + Inches(0.5)
    if course.values:
        chart = slide.shapes.add_chart(
            XL_CHART_TYPE.LINE_MARKERS, left, below, width, Inches(3.1), _course_data(course, words)
        ).chart
        _style_course(chart, course)
        below += Inches(3.15)
    deck.add_text(slide, course.words, (left, below, width, Inches(0.9)), size=14, color=deck.SOFT)


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
    value.format.line.color.rgb = RGBColor.from_string(deck.ACCENT)
    value.marker.format.fill.solid()
    value.marker.format.fill.fore_color.rgb = RGBColor.from_string(deck.ACCENT)
    value.format.line.width = Pt(2.25)
    chart.category_axis.tick_labels.number_format = "mm/yyyy"
    chart.category_axis.tick_labels.number_format_is_linked = False
    _label_months(chart.category_axis, course.days)
    if course.target is not None:
        target = chart.series[1]
        target.smooth = False
        target.format.line.color.rgb = RGBColor.from_string(deck.AMBER)
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


def add_bars(slide: Slide, bars: Bars, top: int) -> None:
    deck.add_text(slide, bars.title, (deck.LEFT, top, deck.INNER, Inches(0.4)), size=16, bold=True)
    data = CategoryChartData(number_format="General")
    data.categories = list(bars.labels)
    data.add_series(bars.names[0], [_float(value) for value in bars.was])
    data.add_series(bars.names[1], [_float(value) for value in bars.promised])
    room = max(Inches(1.6), Inches(6.85) - top - Inches(0.4))
    wanted = Inches(AROUND_BARS + BARS_OF_A_LABEL * len(bars.labels))
    place = (deck.LEFT, top + Inches(0.4), Inches(8.5), min(room, wanted))
    chart = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *place, data).chart
    _plain(chart, has_legend=True)
    # From above in the order of the table.
    chart.category_axis.reverse_order = True
    chart.value_axis.visible = False
    chart.value_axis.minimum_scale = 0
    plot = chart.plots[0]
    plot.gap_width, plot.overlap, plot.has_data_labels = 60, 0, True
    plot.data_labels.font.size = Pt(12)
    for series, color in zip(plot.series, (deck.ACCENT, deck.PALE), strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = RGBColor.from_string(color)


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _plain(chart: Any, *, has_legend: bool) -> None:
    chart.has_title = False
    chart.font.size = Pt(12)
    chart.font.color.rgb = RGBColor.from_string(deck.SOFT)
    chart.has_legend = has_legend
    if has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.value_axis.has_major_gridlines = False
    for axis in (chart.category_axis, chart.value_axis):
        axis.format.line.color.rgb = RGBColor.from_string(deck.PALE)
