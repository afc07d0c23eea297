"""What was typed, bounded and marked: nothing of a text is lost, and nothing of it becomes markup."""

from html import unescape

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from accounts_app.search.texts import parts_of
from accounts_app.search.wording import LONGEST, SNIPPET, Wording, flat, names_one_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Müller", "muller"),
        ("Größe", "grosse"),
        ("ØRSTED", "orsted"),
        ("Łódź", "lodz"),
        ("Ærlig", "aerlig"),
        ("e\u0301", "e"),
    ],
)
def test_flat_is_what_the_database_sorts_by(text: str, expected: str) -> None:
    assert flat(text) == expected


@pytest.mark.parametrize(
    ("typed", "text", "expected"),
    [
        ("pump", "Pumps and a hydropump", "<mark>Pump</mark>s and a hydropump"),
        ("pump", "a hydropump", "a hydro<mark>pump</mark>"),
        ("grosse", "Größe & Co", "<mark>Größe</mark> &amp; Co"),
        ("mar halv", "Halvorsen Marine", "<mark>Halv</mark>orsen <mark>Mar</mark>ine"),
        ('"is late"', "it is late", "it <mark>is</mark> <mark>late</mark>"),
        ("a.b", "a.b axb", "<mark>a.b</mark> axb"),
        ("*", "five *", "five <mark>*</mark>"),
        ('"', 'say "so"', "say &quot;so&quot;"),
        ("", "nothing", "nothing"),
    ],
)
def test_what_matches_is_marked(typed: str, text: str, expected: str) -> None:
    assert Wording.of(typed).marked(text) == expected


@given(typed=st.text(max_size=30), text=st.text(max_size=60))
def test_without_its_marks_the_text_is_the_escaped_one(typed: str, text: str) -> None:
    shown = Wording.of(typed).marked(text)
    assert shown.replace("<mark>", "").replace("</mark>", "") == escape(text)
    assert shown.count("<mark>") == shown.count("</mark>")
    assert "<mark></mark>" not in shown


@given(text=st.text(max_size=1000))
def test_a_snippet_is_short(text: str) -> None:
    shown = Wording.of("pump").snippet(text + " pump " + text)
    plain = shown.replace("<mark>", "").replace("</mark>", "")
    assert len(unescape(plain)) <= SNIPPET + len("…  …")


@given(typed=st.text(max_size=1000))
def test_a_question_is_bounded_and_holds_no_control_signs(typed: str) -> None:
    wording = Wording.of(typed)
    assert len(wording.text) <= LONGEST
    assert "\0" not in wording.text
    assert wording.text == wording.text.strip()


@pytest.mark.parametrize(
    ("typed", "sure", "begun"),
    [
        ("pump", "", "'pump':*"),
        ("pump seal", "pump", "'seal':*"),
        ('"pump seal" del', '"pump seal"', "'del':*"),
        ('"pump sea', '"pump sea', ""),
        ('"pump seal"', '"pump seal"', ""),
        ("pump -seal", "pump -seal", ""),
        ("pump or seal", "pump or seal", ""),
        ("pump or", "pump or", ""),
        ("T-104", "", "'T-104':*"),
        ("o'neil\\", "o", "'neil':*"),
        ("pump*", "", "'pump':*"),
        ("pump &!", "pump &!", ""),
        ("", "", ""),
    ],
)
def test_only_a_last_plain_word_is_a_beginning(typed: str, sure: str, begun: str) -> None:
    assert parts_of(Wording.of(typed)) == (sure, begun)


def test_a_label_is_named_by_the_beginnings_of_its_words() -> None:
    assert names_one_of("Log a contact", Wording.of("con log"))
    assert not names_one_of("Log a contact", Wording.of("ontact"))
    assert not names_one_of("Log a contact", Wording.of(""))
