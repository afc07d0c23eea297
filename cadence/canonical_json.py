"""One text for one content, so that the same content always has the same hash."""

import json
from decimal import Decimal
from typing import Any


def canonical(content: Any) -> str:
    """Return JSON in the one form in which it is hashed.

    Parameters
    ----------
    content : dict, list, str, int, float, bool or None
        JSON data: keys are texts. Days, moments and money stand in it as texts already.

    Returns
    -------
    str
        Keys in the order of their code points, no spaces, letters as they are (not escaped). Numbers are plain
        decimals: no exponent, no trailing zeros, 1.0 as 1 and -0.0 as 0, floats by their shortest digits. That is what
        a number is after PostgreSQL kept it as `jsonb`, which has one kind of number and knows no exponent.

    Raises
    ------
    ValueError
        For a number that is not finite.
    TypeError
        For anything that is not JSON data.
    """
    if isinstance(content, dict):
        return "{" + ",".join(f"{_key(key)}:{canonical(content[key])}" for key in sorted(content)) + "}"
    if isinstance(content, list | tuple):
        return "[" + ",".join(map(canonical, content)) + "]"
    if isinstance(content, float):
        return _plain(content)
    if content is None or isinstance(content, str | bool | int):
        return json.dumps(content, ensure_ascii=False)
    raise TypeError(f"{type(content).__name__} is not JSON data")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError("A key is a text")
    return json.dumps(key, ensure_ascii=False)


def _plain(number: float) -> str:
    digits = Decimal(repr(number))
    if not digits.is_finite():
        raise ValueError("Neither infinity nor NaN has a form in JSON")
    text = format(digits, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
