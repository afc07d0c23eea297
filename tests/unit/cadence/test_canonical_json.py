"""One content, one text."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.canonical_json import canonical

NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
# Larger ones read back as the whole number that their shortest digits say, as from PostgreSQL.
WITHIN = st.integers() | st.floats(-1e15, 1e15)
JSON = st.recursive(
    st.none() | st.booleans() | WITHIN | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ({"b": 1, "a": [True, None, "x"]}, '{"a":[true,null,"x"],"b":1}'),
        (1.0, "1"),
        (-0.0, "0"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e-7, "0.0000001"),
        (1e22, "10000000000000000000000"),
        (12_300.50, "12300.5"),
        (100, "100"),
        ("Łódź “½”\n", '"Łódź “½”\\n"'),
        ({"é": 1, "z": 2, "a": 3}, '{"a":3,"z":2,"é":1}'),
    ],
)
def test_form_is_defined(content: object, text: str) -> None:
    assert canonical(content) == text


@given(JSON)
def test_text_reads_back_as_the_same_content(content: object) -> None:
    assert json.loads(canonical(content)) == content


@given(NUMBERS)
def test_text_of_a_number_stays_the_same_after_it_was_kept(number: float) -> None:
    assert canonical(json.loads(canonical(number))) == canonical(number)


@given(st.dictionaries(st.text(), NUMBERS, max_size=6))
def test_order_of_keys_does_not_matter(content: dict[str, float]) -> None:
    assert canonical(dict(reversed(content.items()))) == canonical(content)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_has_no_form(number: float) -> None:
    with pytest.raises(ValueError, match="Neither infinity nor NaN"):
        canonical({"risk": number})


@pytest.mark.parametrize("content", [{1: "a"}, {"a": {1, 2}}, object()])
def test_what_is_not_json_is_refused(content: object) -> None:
    with pytest.raises(TypeError):
        canonical(content)
