"""The 18-month lanes of one account as a plotly figure. Pure: pandas in, a JSON-able dict out.

Colours are names of the tokens of static/css/tokens.css ("--strip-order"): the page resolves them, so that one figure
serves light and dark.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pandas as pd

from signals.chart_layout import CONTACT_ROW, DAYS_A_CHARACTER, EVENT_ROW, INCIDENT_ROW, Frame, layout, plain

Json = dict[str, Any]

# A credit note hangs a little below the line, whatever its size: what it says is that something came back.
CREDIT_DEPTH = -0.16
SHORTEST_STEM = 0.14
SHORTEST_INCIDENT = pd.Timedelta(days=2)

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "risk": {"day": "datetime64[s]", "risk": "float64", "band": "str", "label": "str"},
    "orders": {"day": "datetime64[s]", "amount": "float64", "label": "str"},
    "contacts": {"day": "datetime64[s]", "proactive": "bool", "label": "str"},
    "incidents": {"opened": "datetime64[s]", "resolved": "datetime64[s]", "label": "str"},
    "events": {"day": "datetime64[s]", "name": "str", "label": "str"},
}


def table(kind: str, rows: Sequence[Sequence[Any]] = ()) -> pd.DataFrame:
    """Build the table of one lane with its dtypes, empty without rows.

    Parameters
    ----------
    kind : str
        A key of `COLUMNS`.
    rows : sequence of tuples, in the order of its columns
    """
    columns = COLUMNS[kind]
    return pd.DataFrame(list(rows), columns=list(columns)).astype(dict(columns))


@dataclass(frozen=True)
class Lanes:
    """What is drawn, a table a lane.

    Parameters
    ----------
    risk : DataFrame
        `day`, `risk` (0-100), `band`, `label`; days ascending.
    orders : DataFrame
        `day`, `amount` (negative = credit), `label`; one row a day.
    contacts : DataFrame
        `day`, `proactive`, `label`; done ones.
    incidents : DataFrame
        `opened`, `resolved` (NaT while open), `label`.
    events : DataFrame
        `day`, `name` (written beside the mark), `label`.
    """

    risk: pd.DataFrame = field(default_factory=partial(table, "risk"))
    orders: pd.DataFrame = field(default_factory=partial(table, "orders"))
    contacts: pd.DataFrame = field(default_factory=partial(table, "contacts"))
    incidents: pd.DataFrame = field(default_factory=partial(table, "incidents"))
    events: pd.DataFrame = field(default_factory=partial(table, "events"))


def lanes_figure(lanes: Lanes, frame: Frame) -> Json:
    """Draw risk, orders, contacts, incidents and events above one another.

    Parameters
    ----------
    lanes : Lanes
        Rows before the first day or after `frame.as_of` must have been left out.
    frame : Frame

    Returns
    -------
    dict
        `data` and `layout` of a plotly figure, JSON-able, without a single `<` in any text (plotly renders
        some HTML).

    Notes
    -----
    Stems grow with the square root of the amount, as in the pulse strip. A day whose band is unknown is
    drawn dotted: what rests on little must not look like a calm line.
    """
    traces = [
        *_risk(lanes.risk),
        _orders(lanes.orders[lanes.orders["amount"] > 0], "--strip-order", _heights(lanes.orders)),
        _orders(lanes.orders[lanes.orders["amount"] < 0], "--strip-other", CREDIT_DEPTH),
        _incidents(lanes.incidents, frame.as_of),
        _contacts(lanes.contacts[~lanes.contacts["proactive"]], fill="--surface", edge="--strip-other"),
        _contacts(lanes.contacts[lanes.contacts["proactive"]], fill="--strip-proactive", edge="--strip-proactive"),
        _events(lanes.events, frame),
    ]
    return {"data": [trace for trace in traces if trace["x"]], "layout": layout(frame)}


def _iso(days: pd.Series) -> list[str | None]:
    return [None if pd.isna(day) else day.date().isoformat() for day in days]


def _texts(labels: pd.Series) -> list[str]:
    return [plain(label) for label in labels]


def _trace(axis: str, x: list[Any], y: list[Any], text: list[Any], **style: Any) -> Json:
    hover = {"text": text, "hovertemplate": "%{text}<extra></extra>"}
    return {"type": "scatter", "yaxis": axis, "x": x, "y": y, "showlegend": False, **hover, **style}


def _risk(risk: pd.DataFrame) -> list[Json]:
    """Return the line, and dotted its stretches in which the band was unknown."""
    unknown = risk["band"] == "unknown"
    # A dotted stretch begins at the last day known and ends at the next, so that the line has no holes.
    beside = unknown | unknown.shift(1, fill_value=False) | unknown.shift(-1, fill_value=False)
    stretches = ((~unknown, "--ink", "solid"), (beside if unknown.any() else unknown, "--muted", "dot"))
    return [
        _trace(
            "y",
            _iso(risk["day"]) if shown.any() else [],
            [round(float(value)) if here else None for value, here in zip(risk["risk"], shown, strict=True)],
            _texts(risk["label"]),
            mode="lines",
            line={"color": colour, "width": 2.25, "dash": dash, "shape": "linear"},
        )
        for shown, colour, dash in stretches
    ]


def _heights(orders: pd.DataFrame) -> pd.Series:
    amounts = orders["amount"].clip(lower=0)
    most = amounts.max() if len(amounts) else 0.0
    return ((amounts / most) ** 0.5).clip(lower=SHORTEST_STEM).round(3) if most > 0 else amounts


def _orders(orders: pd.DataFrame, colour: str, height: pd.Series | float) -> Json:
    tops = height.loc[orders.index].tolist() if isinstance(height, pd.Series) else [height] * len(orders)
    days, labels = _iso(orders["day"]), _texts(orders["label"])
    return _trace(
        "y2",
        [part for day in days for part in (day, day, None)],
        [part for top in tops for part in (0, top, None)],
        [part for label in labels for part in (label, label, "")],
        mode="lines",
        line={"color": colour, "width": 2},
    )


def _contacts(contacts: pd.DataFrame, *, fill: str, edge: str) -> Json:
    marker = {"size": 10, "color": fill, "line": {"color": edge, "width": 1.5}}
    rows = [CONTACT_ROW] * len(contacts)
    return _trace("y3", _iso(contacts["day"]), rows, _texts(contacts["label"]), mode="markers", marker=marker)


def _incidents(incidents: pd.DataFrame, as_of: dt.date) -> Json:
    ends = incidents["resolved"].fillna(pd.Timestamp(as_of))
    ends = ends.where(ends - incidents["opened"] >= SHORTEST_INCIDENT, incidents["opened"] + SHORTEST_INCIDENT)
    spans = zip(_iso(incidents["opened"]), _iso(ends), strict=True)
    return _trace(
        "y3",
        [part for opened, ended in spans for part in (opened, ended, None)],
        [part for _ in range(len(incidents)) for part in (INCIDENT_ROW, INCIDENT_ROW, None)],
        [part for label in _texts(incidents["label"]) for part in (label, label, "")],
        mode="lines",
        line={"color": "--strip-incident", "width": 7},
    )


def _events(events: pd.DataFrame, frame: Frame) -> Json:
    names = [plain(name) for name in events["name"]]
    days = [day.date() for day in events["day"]]
    following = [*days, frame.end][1:]
    # A name that would run into the next mark is left to the pointer.
    shown = [
        name if (after - day).days > len(name) * DAYS_A_CHARACTER else ""
        for name, day, after in zip(names, days, following, strict=True)
    ]
    return {
        **_trace("y3", _iso(events["day"]), [EVENT_ROW] * len(events), shown, mode="markers+text"),
        "hovertext": _texts(events["label"]),
        "hovertemplate": "%{hovertext}<extra></extra>",
        "textposition": "middle right",
        "textfont": {"color": "--muted"},
        "marker": {"symbol": "triangle-up", "size": 11, "color": "--unknown"},
        "meta": "events",
    }
