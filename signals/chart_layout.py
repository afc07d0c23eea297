"""The ground on which the lanes of one account are drawn: axes, bands, washes and notes. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from signals.strips import SPAN_DAYS

Json = dict[str, Any]

# Shares of the drawing's height, from the bottom: marks (events, incidents, contacts), orders, risk.
MARKS, ORDERS, RISK = [0.0, 0.37], [0.41, 0.7], [0.76, 1.0]
EVENT_ROW, INCIDENT_ROW, CONTACT_ROW = 0, 1, 2
ORDERS_BOTTOM, ORDERS_TOP = -0.2, 1.04
# Room beside the first and the last mark, and what a character of a label needs at the usual width of the page.
LEFT_DAYS, RIGHT_DAYS = 4, 6
DAYS_A_CHARACTER = 3.4


@dataclass(frozen=True)
class Frame:
    """What the lanes are drawn against.

    Parameters
    ----------
    as_of : date
        Last day drawn; the first is 18 months before, as in the pulse strip.
    drifting_from, at_risk_from : float
        Lines of the bands, in points of risk.
    late_from, no_data_from : date or None
        First day on which the next order was later than usual; first day without data.
    late_text : str
        What the wash says, such as "expected by 28 Sep".
    names : mapping
        Names of the lanes: risk, orders, contacts, incidents, events.
    """

    as_of: dt.date
    drifting_from: float
    at_risk_from: float
    late_from: dt.date | None = None
    no_data_from: dt.date | None = None
    late_text: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def start(self) -> dt.date:
        return self.as_of - dt.timedelta(days=SPAN_DAYS)

    @property
    def end(self) -> dt.date:
        return self.as_of + dt.timedelta(days=RIGHT_DAYS)


def plain(text: str) -> str:
    """Take out what plotly would read as the beginning of a tag."""
    return text.replace("<", "")


def layout(frame: Frame) -> Json:
    """Return the `layout` of a plotly figure; colours are names of tokens."""
    return {
        "margin": {"l": 64, "r": 4, "t": 4, "b": 40},
        "paper_bgcolor": "--surface",
        "plot_bgcolor": "--surface",
        "font": {"color": "--muted", "size": 12},
        "hovermode": "closest",
        "hoverdistance": 16,
        "hoverlabel": {"bgcolor": "--raised", "bordercolor": "--line-strong", "font": {"color": "--ink"}},
        "dragmode": "zoom",
        "xaxis": _days(frame),
        **_lanes({key: plain(name) for key, name in frame.names.items()}),
        "shapes": [*_band_shapes(frame), *_wash(frame), *_grey(frame)],
        "annotations": _notes(frame),
    }


def _days(frame: Frame) -> Json:
    return {
        "type": "date",
        "range": [(frame.start - dt.timedelta(days=LEFT_DAYS)).isoformat(), frame.end.isoformat()],
        "dtick": "M1",
        # The second line, the year, is written only where it changes.
        "tickformat": "%b\n%Y",
        "ticklabelmode": "period",
        "tickangle": 0,
        "gridcolor": "--strip-month",
        "linecolor": "--line",
        "anchor": "y3",
        "tickfont": {"color": "--muted"},
    }


def _lanes(names: Mapping[str, str]) -> Json:
    """The axes of risk, orders and marks, one under the other; their names stand where ticks would."""
    axis = {"fixedrange": True, "showgrid": False, "zeroline": False, "tickfont": {"color": "--muted"}, "ticks": ""}
    zero = {"zeroline": True, "zerolinecolor": "--strip-line", "zerolinewidth": 1}
    rows = {EVENT_ROW: "events", INCIDENT_ROW: "incidents", CONTACT_ROW: "contacts"}
    marks = _ticks({row: names.get(key, "") for row, key in rows.items()})
    orders = _ticks({0.42: names.get("orders", "")})
    return {
        "yaxis": {**axis, "domain": RISK, "range": [0, 100], **_ticks({50: names.get("risk", "")})},
        "yaxis2": {**axis, "domain": ORDERS, "range": [ORDERS_BOTTOM, ORDERS_TOP], **zero, **orders},
        "yaxis3": {**axis, "domain": MARKS, "range": [-0.6, 2.6], **marks},
    }


def _ticks(texts: Mapping[float, str]) -> Json:
    return {"tickmode": "array", "tickvals": list(texts), "ticktext": list(texts.values())}


def _rectangle(x: tuple[Any, Any], y: tuple[float, float], colour: str, **more: Any) -> Json:
    place = {"x0": x[0], "x1": x[1], "y0": y[0], "y1": y[1]}
    return {"type": "rect", **place, "fillcolor": colour, "line": {"width": 0}, "layer": "below", **more}


def _band_shapes(frame: Frame) -> list[Json]:
    bands = (
        (0.0, frame.drifting_from, "--healthy-ground"),
        (frame.drifting_from, frame.at_risk_from, "--drift-ground"),
        (frame.at_risk_from, 100.0, "--risk-ground"),
    )
    return [_rectangle((0, 1), (low, high), colour, xref="paper", yref="y") for low, high, colour in bands]


def _wash(frame: Frame) -> list[Json]:
    if frame.late_from is None:
        return []
    days = (max(frame.late_from, frame.start).isoformat(), frame.as_of.isoformat())
    return [_rectangle(days, (0, ORDERS_TOP), "--strip-late", xref="x", yref="y2")]


def _grey(frame: Frame) -> list[Json]:
    if frame.no_data_from is None:
        return []
    days = (max(frame.no_data_from, frame.start).isoformat(), frame.as_of.isoformat())
    return [_rectangle(days, (ORDERS_BOTTOM, ORDERS_TOP), "--strip-no-data", xref="x", yref="y2")]


def _notes(frame: Frame) -> list[Json]:
    """Write in the wash where it has the room, else beside it."""
    if frame.late_from is None or not frame.late_text:
        return []
    begin = max(frame.late_from, frame.start)
    inside = (frame.as_of - begin).days > len(frame.late_text) * DAYS_A_CHARACTER
    return [
        {
            "x": begin.isoformat(),
            "y": 0.9,
            "xref": "x",
            "yref": "y2",
            "xanchor": "left" if inside else "right",
            "text": plain(frame.late_text),
            "showarrow": False,
            # Stems it must cover are told by the pointer and the table.
            "bgcolor": "--strip-late" if inside else "--surface",
            "font": {"color": "--risk"},
        }
    ]
