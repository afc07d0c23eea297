"""The lanes as a figure: worked by hand, accepted by plotly, and with nothing plotly would render as HTML."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from hypothesis import given
from hypothesis import strategies as st

from signals.chart_layout import Frame
from signals.charts import Lanes, lanes_figure, table

AS_OF = dt.date(2026, 6, 30)
TOKENS = (Path(__file__).parents[3] / "static/css/tokens.css").read_text()
NAMES = {"risk": "risk", "orders": "orders", "contacts": "contacts", "incidents": "incidents", "events": "events"}


def day(month: int, number: int) -> dt.date:
    return dt.date(2026, month, number)


def frame(**fields: Any) -> Frame:
    usual: dict[str, Any] = {"as_of": AS_OF, "drifting_from": 35, "at_risk_from": 60, "names": NAMES}
    return Frame(**(usual | fields))


def full_lanes(text: str = "words") -> Lanes:
    return Lanes(
        risk=table("risk", [(day(1, 5), 10, "unknown", text), (day(2, 5), 20, "healthy", text)]),
        orders=table("orders", [(day(1, 2), 400.0, text), (day(2, 2), 100.0, text), (day(2, 9), -50.0, text)]),
        contacts=table("contacts", [(day(3, 1), True, text), (day(3, 4), False, text)]),
        incidents=table("incidents", [(day(4, 1), day(4, 11), text), (day(6, 1), None, text)]),
        events=table("events", [(day(5, 1), text, text)]),
    )


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


def trace(figure: dict[str, Any], axis: str, mode: str, nth: int = 0) -> dict[str, Any]:
    found: list[dict[str, Any]] = [one for one in figure["data"] if one["yaxis"] == axis and one["mode"] == mode]
    return found[nth]


def shapes(figure: dict[str, Any], colour: str) -> list[dict[str, Any]]:
    return [shape for shape in figure["layout"]["shapes"] if shape["fillcolor"] == colour]


def test_plotly_accepts_the_figure_once_its_colours_are_resolved() -> None:
    text = json.dumps(lanes_figure(full_lanes(), frame(late_from=day(5, 1), no_data_from=day(6, 1), late_text="x")))
    go.Figure(json.loads(re.sub(r'"--[a-z-]+"', '"#123456"', text)))


def test_every_colour_is_a_token_of_the_style_sheet() -> None:
    figure = lanes_figure(full_lanes(), frame(late_from=day(5, 1), no_data_from=day(6, 1), late_text="x"))
    tokens = {text for text in strings(figure) if text.startswith("--")}
    assert len(tokens) > 10
    assert [token for token in tokens if f"{token}:" not in TOKENS] == []
    assert [text for text in strings(figure) if text.startswith(("#", "rgb"))] == []


@given(st.text())
def test_no_text_can_begin_a_tag(text: str) -> None:
    figure = lanes_figure(
        full_lanes(text), frame(late_from=day(5, 1), late_text=text, names=dict.fromkeys(NAMES, text))
    )
    templates = {one["hovertemplate"] for one in figure["data"]}
    assert templates <= {"%{text}<extra></extra>", "%{hovertext}<extra></extra>"}
    assert [part for part in strings(figure) if "<" in part and part not in templates] == []


def test_nothing_known_draws_only_the_ground() -> None:
    figure = lanes_figure(Lanes(), frame())
    assert figure["data"] == []
    assert [shape["y1"] for shape in figure["layout"]["shapes"]] == [35, 60, 100]
    assert figure["layout"]["annotations"] == []


def test_stems_grow_with_the_square_root_and_credits_hang_below() -> None:
    figure = lanes_figure(full_lanes(), frame())
    orders, credit = trace(figure, "y2", "lines"), trace(figure, "y2", "lines", 1)
    assert orders["x"] == ["2026-01-02", "2026-01-02", None, "2026-02-02", "2026-02-02", None]
    assert orders["y"] == [0, 1.0, None, 0, 0.5, None]
    assert credit["x"] == ["2026-02-09", "2026-02-09", None]
    assert credit["y"] == [0, -0.16, None]


def test_an_account_with_credits_only_has_no_stems() -> None:
    lanes = Lanes(orders=table("orders", [(day(2, 9), -50.0, "credit")]))
    assert [one["y"] for one in lanes_figure(lanes, frame())["data"]] == [[0, -0.16, None]]


def test_a_small_order_beside_a_huge_one_is_still_seen() -> None:
    lanes = Lanes(orders=table("orders", [(day(1, 2), 1_000_000.0, "huge"), (day(2, 2), 1.0, "small")]))
    assert trace(lanes_figure(lanes, frame()), "y2", "lines")["y"][4] == 0.14


def test_days_of_unknown_band_are_dotted_without_a_hole_before_the_known_ones() -> None:
    risk = [(day(1, 5), 10, "unknown", ""), (day(2, 5), 20, "healthy", ""), (day(3, 5), 40, "drifting", "")]
    figure = lanes_figure(Lanes(risk=table("risk", risk)), frame())
    known, unknown = trace(figure, "y", "lines"), trace(figure, "y", "lines", 1)
    assert known["y"] == [None, 20, 40]
    assert unknown["y"] == [10, 20, None]
    assert (known["line"]["dash"], unknown["line"]["dash"]) == ("solid", "dot")


def test_a_risk_known_throughout_has_one_line() -> None:
    lanes = Lanes(risk=table("risk", [(day(1, 5), 10, "healthy", ""), (day(2, 5), 20, "healthy", "")]))
    assert len(lanes_figure(lanes, frame())["data"]) == 1


def test_an_open_incident_runs_until_today_and_a_short_one_is_still_seen() -> None:
    lanes = Lanes(incidents=table("incidents", [(day(6, 1), None, "open"), (day(6, 10), day(6, 10), "short")]))
    assert lanes_figure(lanes, frame())["data"][0]["x"] == [
        "2026-06-01", "2026-06-30", None, "2026-06-10", "2026-06-12", None,
    ]  # fmt: skip


def test_proactive_contacts_are_filled_and_others_hollow() -> None:
    figure = lanes_figure(full_lanes(), frame())
    hollow, filled = trace(figure, "y3", "markers"), trace(figure, "y3", "markers", 1)
    assert (hollow["x"], hollow["marker"]["color"]) == (["2026-03-04"], "--surface")
    assert (filled["x"], filled["marker"]["color"]) == (["2026-03-01"], "--strip-proactive")


def test_a_name_that_would_run_into_the_next_mark_is_left_to_the_pointer() -> None:
    events = [(day(2, 1), "owner changed", "a"), (day(2, 8), "contact left", "b")]
    drawn = trace(lanes_figure(Lanes(events=table("events", events)), frame()), "y3", "markers+text")
    assert drawn["text"] == ["", "contact left"]
    assert drawn["hovertext"] == ["a", "b"]


def test_the_wash_begins_when_the_order_is_late_and_says_since_when() -> None:
    figure = lanes_figure(Lanes(), frame(late_from=day(1, 1), late_text="expected by 1 Jan"))
    (wash,) = shapes(figure, "--strip-late")
    (note,) = figure["layout"]["annotations"]
    assert (wash["x0"], wash["x1"]) == ("2026-01-01", "2026-06-30")
    assert (note["text"], note["xanchor"]) == ("expected by 1 Jan", "left")


def test_a_narrow_wash_has_its_words_beside_it() -> None:
    figure = lanes_figure(Lanes(), frame(late_from=day(6, 20), late_text="expected by 20 Jun"))
    assert figure["layout"]["annotations"][0]["xanchor"] == "right"


def test_a_wash_from_before_the_window_begins_with_the_window() -> None:
    figure = lanes_figure(Lanes(), frame(late_from=dt.date(2020, 1, 1), no_data_from=dt.date(2020, 1, 1)))
    begin = (AS_OF - dt.timedelta(days=548)).isoformat()
    assert [shape["x0"] for colour in ("--strip-late", "--strip-no-data") for shape in shapes(figure, colour)] == [
        begin, begin,
    ]  # fmt: skip
