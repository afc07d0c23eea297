"""The pulse strip as a picture for print: black and white tell it as well as colours do. Pure: no Django import."""

import re
from collections.abc import Mapping
from typing import Any, Final

# What `signals.strips` writes; anything else in its place is not drawn.
PATH: Final = re.compile(r"[MmHhVvZz0-9 .,-]*")
INK, MUTED, LINE, ACCENT = "#1c1f1e", "#66706d", "#c9ccc6", "#0b5d5a"
# Wider than on the screen, so that marks keep their shape over the width of a page.
WIDE: Final = 1.6

# Of hatching, along the line; steep, so that a few days are hatched as well.
STEP, LEAN = 2.2, 6.0


def strip_svg(strip: Mapping[str, Any]) -> str:
    """Draw what `signals.strips.build_strip` stored.

    Parameters
    ----------
    strip : mapping
        Its paths are in units of the small strip.

    Returns
    -------
    str
        An SVG document; orders are ticks, proactive contacts filled dots, other contacts rings, incidents bars, the
        time in which an order is late hatched, and the time without data grey.
    """
    width, height = float(strip["width"]) * WIDE, float(strip["height"])

    def drawn(name: str, style: str) -> str:
        path = strip.get(name) or ""
        return f'<path d="{stretched(path)}" {style}/>' if path and PATH.fullmatch(path) else ""

    dot = 'fill="none" stroke-linecap="round"'
    parts = (
        drawn("no_data", 'fill="#dfe1dc"'),
        _hatched(strip.get("late") or "", width, height),
        drawn("months", f'fill="none" stroke="{LINE}" stroke-width="0.5" stroke-dasharray="1 1.4"'),
        drawn("line", f'fill="none" stroke="{MUTED}" stroke-width="0.5"'),
        drawn("orders", f'fill="none" stroke="{INK}" stroke-width="1.1"'),
        drawn("other", f'{dot} stroke="{INK}" stroke-width="4.4"'),
        drawn("other", f'{dot} stroke="#ffffff" stroke-width="3"'),
        drawn("proactive", f'{dot} stroke="{ACCENT}" stroke-width="4.6"'),
        drawn("incidents", f'fill="none" stroke="{INK}" stroke-width="2.6" stroke-dasharray="1.2 0.5"'),
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}">{"".join(parts)}</svg>'


def _hatched(path: str, width: float, height: float) -> str:
    """Slanted lines within a block: drawn one by one, since patterns are not drawn alike by every program."""
    if not path or not PATH.fullmatch(path):
        return ""
    count = int((width + LEAN) / STEP)
    lines = "".join(f"M{n * STEP - LEAN:g} {height:g}L{n * STEP:g} 0" for n in range(count + 1))
    return (
        f'<clipPath id="late"><path d="{stretched(path)}"/></clipPath>'
        f'<path d="{lines}" clip-path="url(#late)" fill="none" stroke="{MUTED}" stroke-width="0.35"/>'
    )


def stretched(path: str) -> str:
    """Return the path with every horizontal measure made wider: x of M, and H and h."""
    return re.sub(r"([MHh])(-?[0-9.]+)", lambda found: f"{found[1]}{float(found[2]) * WIDE:g}", path)
