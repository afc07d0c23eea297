"""What was typed, made safe to search with; and found text with the places that match."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

LONGEST = 100
MOST_WORDS = 8
SHORTEST = 2
SNIPPET = 150
LEAD = 40  # characters shown before the first match of a long text
# What PostgreSQL's unaccent also flattens, though Unicode does not take it apart.
FLAT = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe"})


@dataclass(frozen=True)
class Wording:
    """A question of bounded length: whatever was sent, it costs no more than a hundred characters do."""

    text: str

    @classmethod
    def of(cls, typed: str) -> "Wording":
        return cls(" ".join(re.sub(r"[\x00-\x1f\x7f]", " ", typed[: 4 * LONGEST]).split())[:LONGEST].strip())

    @property
    def is_long_enough(self) -> bool:
        return len(self.text) >= SHORTEST

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(self.text.split()[:MOST_WORDS])

    def marked(self, text: str) -> SafeString:
        """Escaped, with <mark> around what matches."""
        spans = self._matches(text)
        if not spans:
            return format_html("{}", text)
        cuts = zip([0, *(end for _start, end in spans)], [*spans, (len(text), len(text))], strict=True)
        pieces = ((text[after:start], text[start:end]) for after, (start, end) in cuts)
        # The last piece has no match behind it, and an empty <mark> would be read out as one.
        *matched, (rest, _none) = pieces
        return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", matched), rest)

    def snippet(self, text: str) -> SafeString:
        """The part of a long text around its first match."""
        line = " ".join(text.split())
        if len(line) <= SNIPPET:
            return self.marked(line)
        first = self._matches(line)[:1]
        begin = line.rfind(" ", 0, max(0, first[0][0] - LEAD)) + 1 if first and first[0][0] > LEAD else 0
        end = begin + SNIPPET
        cut = line[begin:end].rsplit(" ", 1)[0] if end < len(line) else line[begin:]
        return self.marked(("… " if begin else "") + cut + (" …" if end < len(line) else ""))

    def _matches(self, text: str) -> list[tuple[int, int]]:
        """Where a word of the text begins with one of the question; only else, where it holds one."""
        either = self._either
        letters, origins = _flattened(text)
        found = list(re.finditer(rf"(?<!\w)(?:{either})", letters) if either else ())
        found = found or list(re.finditer(either, letters) if either else ())
        return [(origins[one.start()], origins[one.end() - 1] + 1) for one in found]

    @cached_property
    def _either(self) -> str:
        """Any of the words, as a pattern; signs of the query language are no part of a word."""
        words = {flat(word).strip("\"'-,.;:()") for word in self.words} - {""}
        return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def flat(text: str) -> str:
    """Lower case without accents, as `vigil_sort_name` has it for the names of Europe."""
    apart = unicodedata.normalize("NFKD", text.translate(FLAT))
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).lower()


def _flattened(text: str) -> tuple[str, list[int]]:
    """The flat text, and for each of its letters the place it came from: ß becomes two."""
    letters = [(letter, place) for place, origin in enumerate(text) for letter in flat(origin)]
    return "".join(letter for letter, _place in letters), [place for _letter, place in letters]


def names_one_of(label: str, wording: Wording) -> bool:
    """Whether every word typed begins a word of `label`."""
    return bool(wording.words) and all(_begins_a_word(flat(label), flat(word)) for word in wording.words)


def _begins_a_word(label: str, word: str) -> bool:
    return any(part.startswith(word) for part in label.split())


def joined(parts: Iterable[object]) -> str:
    """The parts that say something, apart by dots."""
    return " · ".join(str(part) for part in parts if part)
