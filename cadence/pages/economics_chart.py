"""The Lorenz curve for plotly. Pure; colours are names of tokens, as in signals/charts.py."""

from typing import Any

import numpy as np

from cadence.economics import Floats

Json = dict[str, Any]

# More points than these are not seen, and every page would carry them.
MOST_POINTS = 240


def lorenz_figure(curve: Floats, labels: "dict[int, str]", x_title: str, y_title: str) -> Json:
    """Draw the share of revenue that the largest accounts carry against their share of the accounts.

    Parameters
    ----------
    curve : float array, shape (n,)
        As `shares_of_largest` returns it.
    labels : dict of int to str
        What the pointer says at a point, by the number of accounts; see `points`.
    x_title, y_title : str

    Notes
    -----
    On the dotted diagonal every account would bring the same.
    """
    shown = points(curve)
    even = {"type": "scatter", "mode": "lines", "x": [0, 100], "y": [0, 100], "hoverinfo": "skip"}
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": [0.0, *(round(100 * number / len(curve), 3) for number in shown)],
        "y": [0.0, *(round(100 * float(curve[number - 1]), 3) for number in shown)],
        "text": ["", *(labels[number].replace("<", "") for number in shown)],
        "hovertemplate": "%{text}<extra></extra>",
        "line": {"color": "--accent", "width": 2.5},
        "fill": "tonexty",
        "fillcolor": "--sunken",
    }
    return {
        "data": [even | {"line": {"color": "--muted", "width": 1.5, "dash": "dot"}}, line],
        "layout": _layout() | {"xaxis": _axis(x_title), "yaxis": _axis(y_title)},
    }


def points(curve: Floats) -> list[int]:
    """Return the numbers of accounts at which the curve is drawn: the first ones each, then fewer."""
    if len(curve) <= MOST_POINTS:
        return list(range(1, len(curve) + 1))
    spread = np.geomspace(1, len(curve), MOST_POINTS).round().astype(int)
    return [int(number) for number in np.unique(spread)]


def _axis(title: str) -> Json:
    return {
        "title": {"text": title.replace("<", ""), "font": {"color": "--muted", "size": 12}},
        "range": [0, 101],
        "dtick": 20,
        "ticksuffix": " %",
        "fixedrange": True,
        "zeroline": False,
        "automargin": True,
        "gridcolor": "--strip-month",
        "linecolor": "--line",
        "tickfont": {"color": "--muted"},
    }


def _layout() -> Json:
    return {
        "margin": {"l": 56, "r": 28, "t": 8, "b": 48},
        "paper_bgcolor": "--surface",
        "plot_bgcolor": "--surface",
        "font": {"color": "--muted", "size": 12},
        "hovermode": "x",
        "hoverlabel": {"bgcolor": "--raised", "bordercolor": "--line-strong", "font": {"color": "--ink"}},
        "dragmode": False,
        "showlegend": False,
    }
