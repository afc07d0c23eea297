"""The figures of a backtest for plotly. Pure; colours are names of tokens, as in signals/charts.py."""

from collections.abc import Mapping, Sequence
from typing import Any

from signals.chart_layout import plain

Json = dict[str, Any]

HOVER = {"bgcolor": "--raised", "bordercolor": "--line-strong", "font": {"color": "--ink"}}
LEAST_DOT, MOST_DOT = 7, 26
# Three names, one below the other where the chart is narrow.
ROOM_FOR_LEGEND = 72


def lead_figure(series: Sequence[tuple[str, str, Sequence[Json]]], x_title: str, y_title: str) -> Json:
    """Draw how long before the loss each method raised its first alarm.

    Parameters
    ----------
    series : sequence of (name, colour token, bins as `histogram` returns them)
    x_title, y_title : str
    """
    traces = [
        {
            "type": "bar",
            "name": plain(name),
            "x": [f"{row['from']}\N{EN DASH}{row['to']}" for row in bins],
            "y": [row["count"] for row in bins],
            "marker": {"color": colour},
            "hovertemplate": "%{x}: %{y}<extra></extra>",
        }
        for name, colour, bins in series
    ]
    axes = {
        "xaxis": _axis(x_title) | {"type": "category", "showgrid": False},
        "yaxis": _axis(y_title) | {"rangemode": "tozero", "dtick": _whole_steps(series)},
    }
    margin = _layout()["margin"] | {"t": ROOM_FOR_LEGEND}
    return {"data": traces, "layout": _layout() | axes | {"barmode": "group", "bargap": 0.25, "margin": margin}}


def _whole_steps(series: Sequence[tuple[str, str, Sequence[Json]]]) -> int:
    """Counts have no halves."""
    most = max((row["count"] for _name, _colour, bins in series for row in bins), default=0)
    return max(1, round(most / 4))


def calibration_figure(bins: Sequence[Json], x_title: str, y_title: str, labels: Mapping[int, str]) -> Json:
    """Draw the share that was lost against the risk shown; on the diagonal the risk is right.

    Parameters
    ----------
    bins : sequence of dict
        As `calibration` returns them.
    x_title, y_title : str
    labels : mapping of int to str
        What the pointer says of a bin, by its first point.
    """
    told = [row for row in bins if row["cases"]]
    most = max((row["cases"] for row in told), default=1)
    line = {"type": "scatter", "mode": "lines", "x": [0, 100], "y": [0, 100], "hoverinfo": "skip", "showlegend": False}
    dots = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [100 * row["shown"] for row in told],
        "y": [100 * row["went"] for row in told],
        "text": [plain(labels[row["from"]]) for row in told],
        "hovertemplate": "%{text}<extra></extra>",
        "showlegend": False,
        "line": {"color": "--accent", "width": 2},
        "marker": {"color": "--accent", "size": [_size(row["cases"] / most) for row in told]},
    }
    percent = {"range": [-4, 104], "dtick": 20, "ticksuffix": " %"}
    axes = {"xaxis": _axis(x_title) | percent, "yaxis": _axis(y_title) | percent}
    return {
        "data": [line | {"line": {"color": "--muted", "width": 1.5, "dash": "dot"}}, dots],
        "layout": _layout() | axes,
    }


def _size(share: float) -> float:
    return float(round(LEAST_DOT + (MOST_DOT - LEAST_DOT) * share**0.5, 1))


def _axis(title: str) -> Json:
    return {
        "title": {"text": plain(title), "font": {"color": "--muted", "size": 12}},
        "fixedrange": True,
        "zeroline": False,
        "automargin": True,
        "gridcolor": "--strip-month",
        "linecolor": "--line",
        "tickfont": {"color": "--muted"},
    }


def _layout() -> Json:
    return {
        "margin": {"l": 56, "r": 12, "t": 8, "b": 48},
        "paper_bgcolor": "--surface",
        "plot_bgcolor": "--surface",
        "font": {"color": "--muted", "size": 12},
        "hovermode": "closest",
        "hoverlabel": HOVER,
        "dragmode": False,
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"color": "--ink"}},
        "annotations": [],
    }
