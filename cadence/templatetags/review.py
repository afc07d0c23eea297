"""The charts of a review, drawn on the server."""

from collections.abc import Sequence
from typing import Any

from django import template

from cadence.review_charts import bars_of, plot_of
from cadence.review_view import Bars, Course

register = template.Library()

WIDTH, HEIGHT = 320, 110
CHARACTER_WIDTH, LABEL_ROOM, EDGE = 6, 20, 30
BAR_WIDTH = 220


@register.inclusion_tag("cadence/review_course.html")
def review_course(course: Course) -> dict[str, Any]:
    """A line with its points, and the target as a line across."""
    if not course.values:
        return {"course": course}
    plot = plot_of(course)
    dots = [(round(12 + x * (WIDTH - 24), 1), round((1 - y) * HEIGHT, 1)) for x, y in plot.points]
    target_y = None if plot.target is None else round((1 - plot.target) * HEIGHT, 1)
    return {
        "course": course,
        "plot": plot,
        "line": " ".join(f"{x},{y}" for x, y in dots),
        "dots": [{"x": x, "y": y} for x, y in dots],
        "labels": [_label(dots[n], plot.labels[n]) for n in _labelled(plot.labels)],
        "target_y": target_y,
        # Where the line begins far from it, its name does not lie on a figure.
        "target_is_left": target_y is not None and abs(dots[0][1] - target_y) > LABEL_ROOM,
    }


def _labelled(labels: Sequence[str]) -> list[int]:
    """Which points have their figure beside them: all where there is room, else the first and the last."""
    needed = len(labels) * (max(map(len, labels)) + 1) * CHARACTER_WIDTH
    return list(range(len(labels))) if needed <= WIDTH else sorted({0, len(labels) - 1})


def _label(dot: tuple[float, float], text: str) -> dict[str, Any]:
    """Above its point; at either end it begins or ends with the box, so that nothing is cut."""
    x, y = dot
    place = {"text": text, "y": round(y - 7, 1)}
    if x < EDGE:
        return place | {"x": 0, "side": "first"}
    return place | ({"x": WIDTH, "side": "last"} if x > WIDTH - EDGE else {"x": x, "side": ""})


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
