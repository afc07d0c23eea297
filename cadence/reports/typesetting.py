"""A template and its data become a PDF. Pure: no Django import.

The data reach the template as one JSON text and are shown as text there: nothing in them is read as markup. The
template is handed over as bytes, with an empty folder as its root, so that no file can be read from it either. Only
the fonts that come with typst are used: a page looks the same on every machine.
"""

import datetime as dt
import json
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import typst

# Longer ones would run out of their column; so long a word is a code or nonsense, and may break anywhere.
LONGEST_WORD: Final = 22
LONG_WORD: Final = re.compile(rf"[^\s\u200b]{{{LONGEST_WORD + 1},}}")
BREAK: Final = "\N{ZERO WIDTH SPACE}"
# What no font draws, and what would turn the order of the letters around it.
INVISIBLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")
# Keys whose text is drawn, not set.
DRAWN: Final = frozenset({"svg"})


def to_pdf(template: Path, data: Mapping[str, Any], *, at: dt.datetime) -> bytes:
    """Set a document.

    Parameters
    ----------
    template : Path
        A file of typst's, part of this program.
    data : mapping
        JSON; its texts are shown as they are, after `printable`.
    at : datetime
        The moment written into the file, aware of its zone: the same data at the same moment give the same bytes.

    Returns
    -------
    bytes
        A tagged PDF.

    Raises
    ------
    typst.TypstError
        Where the template does not fit the data.
    """
    said = json.dumps(printable(data), ensure_ascii=False)
    with tempfile.TemporaryDirectory(prefix="vigil-typst-") as empty:
        compiler = typst.Compiler(
            template.read_bytes(),
            root=empty,
            ignore_system_fonts=True,
            sys_inputs={"data": said},
            package_path=empty,
            package_cache_path=empty,
        )
        pdf = compiler.compile(format="pdf", timestamp=int(at.timestamp()))
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave no single file")
    return pdf


def printable(value: Any) -> Any:
    """Return the data with every text made fit to be set: long words may break, invisible signs are left out."""
    if isinstance(value, str):
        return LONG_WORD.sub(_broken, INVISIBLE.sub("", value))
    if isinstance(value, Mapping):
        return {key: one if key in DRAWN else printable(one) for key, one in value.items()}
    return [printable(one) for one in value] if isinstance(value, list | tuple) else value


def _broken(word: re.Match[str]) -> str:
    return BREAK.join(word.group())
