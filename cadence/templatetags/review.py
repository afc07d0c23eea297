"""The charts of a review, drawn on the server."""

from typing import Any

from django import template

from cadence.review_charts import bars_of, plot_of
from cadence.review_view import Bars, Course

register = template.Library()

WIDTH, HEIGHT = 320, 110
LABELS_UP_TO = 8
BAR_WIDTH = 220


@register.inclusion_tag("cadence/review_course.html")
def review_course(course: Course) -> dict[str, Any]:
    """A line with its points, and the target as a line across."""
    if not course.values:
        return {"course": course}
    plot = plot_of(course)
    dots = [(round(12 + x * (WIDTH - 24), 1), round((1 - y) * HEIGHT, 1)) for x, y in plot.points]
    shown = set(range(len(dots))) if len(dots) <= LABELS_UP_TO else {0, len(dots) - 1}
    return {
        "course": course,
        "plot": plot,
        "line": " ".join(f"{x},{y}" for x, y in dots),
        "dots": [
            {"x": x, "y": y, "label_y": round(y - 7, 1), "label": plot.labels[n] if n in shown else ""}
            for n, (x, y) in enumerate(dots)
        ],
        "target_y": None if plot.target is None else round((1 - plot.target) * HEIGHT, 1),
    }


@register.inclusion_tag("cadence/review_bars.html")
def review_bars(bars: Bars) -> dict[str, Any]:
    """Two bars for each label, one above the other."""
    return {
        "bars": bars,
        "rows": [
            {
                "label": one.label,
                "was": None if one.was is None else round(one.was * BAR_WIDTH, 1),
                "promised": round(one.promised * BAR_WIDTH, 1),
                "was_text": one.was_text,
                "promised_text": one.promised_text,
            }
            for one in bars_of(bars)
        ],
    }
