"""The figures of one person or team, in numbers and words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts_app.templatetags.formats import NO_BREAK, day_text, percent, signed
from cadence.expectation import Expectation, Verdict
from cadence.pages.cadence_tally import Tally
from cadence.scorecard import BANDS, Outcome, Period
from cadence.services.capacity import Load
from cadence.services.scorecards import NEARBY
from signals.compute.owner_change_text import hours_text
from signals.models import Band

VERDICTS: Mapping[str, str | Promise] = {
    Verdict.ABOVE: gettext_lazy("more than chance explains"),
    Verdict.WITHIN: gettext_lazy("within what chance explains"),
    Verdict.BELOW: gettext_lazy("less than chance explains"),
    Verdict.TOO_FEW: gettext_lazy("too few accounts carry the revenue to say what was to be expected"),
}
# Of the small picture: a line of so many units, the expected span on it, what was kept as a diamond.
WIDTH, HEIGHT, MARK = 120.0, 14.0, 5.0


@dataclass(frozen=True)
class Scale:
    """From where to where the pictures of a page reach, so that rows compare by eye."""

    low: float
    high: float = 1.0

    @classmethod
    def over(cls, rows: Iterable["Row"]) -> "Scale":
        lows = [value for row in rows for value in row.lowest()]
        return cls(max(0.0, int(min([0.8, *lows]) * 10) / 10))

    def at(self, share: float) -> float:
        """The place on the line, its ends kept free for the marks."""
        return MARK + (WIDTH - 2 * MARK) * (share - self.low) / (self.high - self.low)

    @property
    def words(self) -> str:
        return _("the line reaches from {low} to {high}").format(low=percent(self.low), high=percent(self.high))


@dataclass(frozen=True)
class Hours:
    """Hours a week that promised contacts need and that there are; None: not known of everybody."""

    needed: float
    available: float | None

    @classmethod
    def of(cls, loads: Iterable[Load]) -> "Hours | None":
        found = list(loads)
        if not found:
            return None
        known = [one.available for one in found if one.available is not None]
        return cls(sum(one.needed for one in found), sum(known) if len(known) == len(found) else None)

    @property
    def words(self) -> str:
        if self.available is None:
            return _("{needed} h needed, hours unknown").format(needed=hours_text(self.needed))
        return _("{needed} of {available} h").format(
            needed=hours_text(self.needed), available=hours_text(self.available)
        )

    @property
    def is_over(self) -> bool:
        return self.available is not None and self.needed > self.available


@dataclass(frozen=True)
class Row:
    """What is shown of a person or a team; what is not known is None."""

    name: str
    url: str
    outcome: Outcome
    expected: Expectation | None
    cadence: Tally
    short: int | None
    hours: Hours | None
    people: int = 1

    @property
    def gross(self) -> float | None:
        return self.outcome.retention.gross

    @property
    def net(self) -> float | None:
        return self.outcome.retention.net

    @property
    def expansion(self) -> float | None:
        return self.outcome.expansion_share

    @property
    def covered(self) -> float | None:
        """The share of accounts of which as many levels were met in a year as promised."""
        if self.short is None or not self.cadence.accounts:
            return None
        return 1 - self.short / self.cadence.accounts

    @property
    def verdict(self) -> Verdict:
        if self.expected is None or self.gross is None:
            return Verdict.TOO_FEW
        return self.expected.verdict(self.gross)

    @property
    def verdict_words(self) -> str:
        if self.gross is None:
            return _("no revenue of the time before is known to compare with")
        return str(VERDICTS[self.verdict])

    @property
    def expected_words(self) -> str:
        """As `expected 91 % (88 to 95)`."""
        return span_words(self.expected)

    @property
    def advantage(self) -> float | None:
        """How far what was kept lies from what was expected: what rows are sorted by."""
        return None if self.expected is None or self.gross is None else self.gross - self.expected.share

    @property
    def healthy(self) -> float | None:
        """At the end; None where most is unknown."""
        return self.outcome.health.healthy

    @property
    def health_change(self) -> str:
        """In words, with how much of the revenue is unknown where it is some."""
        health = self.outcome.health
        if health.healthy is None:
            return _("{share} not judged").format(share=percent(health.unknown)) if health.end else ""
        said = points_words(health.change)
        if health.unknown < 0.01:
            return said
        return _("{said}, {share} unknown").format(said=said, share=percent(health.unknown))

    @property
    def bands(self) -> list[tuple[str, float, float]]:
        """Each band with its share at the start and at the end."""
        health = self.outcome.health
        return [(Band(one).value, health.start[one], health.end[one]) for one in BANDS] if health.start else []

    @property
    def unknown_words(self) -> str:
        number = self.outcome.unknown
        text = ngettext(
            "of {n} account the orders do not go back far enough, or are late",
            "of {n} accounts the orders do not go back far enough, or are late",
            number,
        )
        return text.format(n=number) if number else ""

    def lowest(self) -> list[float]:
        return [one for one in (self.gross, self.expected.low if self.expected else None) if one is not None]

    def picture(self, scale: Scale) -> dict[str, str]:
        """The line, the span, the expected share and what was kept, as SVG paths."""
        if self.expected is None or self.gross is None:
            return {}
        low, high, middle = (scale.at(one) for one in (self.expected.low, self.expected.high, self.expected.share))
        kept, half = scale.at(self.gross), HEIGHT / 2
        return {
            "line": f"M{MARK:g} {half:g}h{WIDTH - 2 * MARK:g}",
            "span": f"M{low:.1f} {half - 3:g}h{high - low:.1f}v6h-{high - low:.1f}z",
            "middle": f"M{middle:.1f} 0v{HEIGHT:g}",
            "kept": f"M{kept:.1f} {half - MARK:g}l{MARK:g} {MARK:g}l-{MARK:g} {MARK:g}l-{MARK:g} -{MARK:g}z",
        }


def unjudged_words(period: Period) -> str:
    """Why the health of a portfolio is unknown where most of its revenue was not judged."""
    text = _(
        "Health is unknown where most of the revenue was not judged within {n} days of {first} or of {last}: after an "
        "import the last 18 months are filled in, and further back nothing is judged."
    )
    return text.format(n=NEARBY, first=day_text(period.begins_on), last=day_text(period.last_on))


def points_words(change: tuple[float, float] | None) -> str:
    """As `−4 points`, or `−39 to 0 points` where something was not judged at either end."""
    if change is None:
        return _("change unknown")
    low, high = (round(one * 100) for one in change)
    if low == high:
        return _("{points} points").format(points=signed(low))
    return _("{low} to {high} points").format(low=signed(low), high=signed(high))


def span_words(expected: Expectation | None) -> str:
    """As `expected 91 % (88 to 95)`; nothing where too few accounts are there to say it."""
    if expected is None:
        return ""
    low, high = (str(round(one * 100)) for one in (expected.low, expected.high))
    share = percent(expected.share)
    text = _("expected {share} ({low} to {high})").format(share=share, low=low, high=high)
    return text.replace(f" {NO_BREAK}", NO_BREAK)
