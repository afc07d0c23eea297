"""What can happen to a relationship, and what it does to orders and dialogue.

A true drift ends in silence unless it is turned round; a look-alike only resembles one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from accounts_app.demo.clock import Floats

TRUE_KINDS: Final = ("slowing", "abrupt_stop", "buyer_left", "our_absence", "contact_silence")
LOOKALIKE_KINDS: Final = ("closure", "pause", "merged", "late_order", "handover", "lapse")
BACK_DAYS: Final = 20
"""How long a saved account takes to return to its old rate."""
SOUR_DAYS: Final = 60
"""So long before orders slow down, or contact stops, the tone turns bad."""
ELSEWHERE_DAYS: Final = 120
"""So long before orders fall, the first product group is given to somebody else."""
COMPLAINT_DAYS: Final = 10
"""So long before, they complain."""
SOURED: Final = 0.8


@dataclass(frozen=True)
class Episode:
    """One thing that happens to an account.

    Parameters
    ----------
    kind : str
        One of `TRUE_KINDS` or `LOOKALIKE_KINDS`.
    onset : int
        Day index on which its cause begins.
    fades : int
        Day index from which orders fall; the onset itself where there is no delay.
    half_life : float
        Days in which a fading account halves its orders.
    ends : int or None
        Day index of recovery or end.
    lost : int or None
        Day index from which nothing more comes.
    """

    kind: str
    onset: int
    fades: int
    half_life: float = 60.0
    ends: int | None = None
    lost: int | None = None

    @property
    def is_true(self) -> bool:
        return self.kind in TRUE_KINDS

    def drifting_on(self, day: int) -> bool:
        """Return whether the account truly drifts, and is not yet lost, on a day."""
        over = (self.ends is not None and day >= self.ends) or (self.lost is not None and day >= self.lost)
        return self.is_true and self.onset <= day and not over

    def lost_on(self, day: int) -> bool:
        return self.lost is not None and day >= self.lost


@dataclass
class Course:
    """Daily multipliers of an account's usual rates, each of shape (length,), 1 = as usual.

    `orders` rate of ordering, `size` of an order, `inbound` their contacts, `proactive` ours,
    `answered` the share of our contacts that reach somebody, `incident_time` time to resolve. Others are 0 as
    usual: `sour` how far the tone has turned bad, `complained` 1 on a day of complaint, `elsewhere` 1 while the
    first product group of the account is bought elsewhere.
    """

    length: int
    orders: Floats = field(init=False)
    size: Floats = field(init=False)
    inbound: Floats = field(init=False)
    proactive: Floats = field(init=False)
    answered: Floats = field(init=False)
    incident_time: Floats = field(init=False)
    sour: Floats = field(init=False)
    complained: Floats = field(init=False)
    elsewhere: Floats = field(init=False)

    def __post_init__(self) -> None:
        for name in ("orders", "size", "inbound", "proactive", "answered", "incident_time"):
            setattr(self, name, np.ones(self.length))
        for name in ("sour", "complained", "elsewhere"):
            setattr(self, name, np.zeros(self.length))


def course_of(episodes: list[Episode], length: int) -> Course:
    """Combine what all episodes of an account do to it.

    Parameters
    ----------
    episodes : list of Episode
    length : int
        Simulated days.

    Returns
    -------
    Course
    """
    course = Course(length)
    for episode in episodes:
        EFFECTS[episode.kind](course, episode)
        if episode.lost is not None:
            for rate in (course.orders, course.inbound, course.proactive):
                rate[episode.lost :] = 0
    return course


def _span(episode: Episode, length: int) -> slice:
    return slice(max(episode.onset, 0), length if episode.ends is None else max(episode.ends, 0))


def _fading(episode: Episode, length: int) -> Floats:
    """Halve every half-life from `fades` on, and come back within weeks after `ends`."""
    day = np.arange(length)
    fall = 0.5 ** (np.clip(day - episode.fades, 0, None) / episode.half_life)
    if episode.ends is None:
        return fall
    back = np.clip((day - episode.ends) / BACK_DAYS, 0, 1)
    return np.maximum(fall, back)


def _fade(course: Course, episode: Episode) -> None:
    rate = _fading(episode, course.length)
    course.orders *= rate
    course.inbound *= np.sqrt(rate)


def _sour(course: Course, episode: Episode) -> None:
    """Let the tone turn bad before the drift is felt, and a complaint come last."""
    course.sour[max(episode.onset - SOUR_DAYS, 0) : episode.ends] = SOURED
    if COMPLAINT_DAYS <= episode.onset < course.length:
        course.complained[episode.onset - COMPLAINT_DAYS] = 1


def _buy_elsewhere(course: Course, episode: Episode) -> None:
    course.elsewhere[max(episode.fades - ELSEWHERE_DAYS, 0) : episode.ends] = 1


def _slowing(course: Course, episode: Episode) -> None:
    _fade(course, episode)
    slow_service = slice(max(episode.onset - 90, 0), episode.ends)
    course.incident_time[slow_service] *= 2.2
    _sour(course, episode)
    _buy_elsewhere(course, episode)


def _abrupt_stop(course: Course, episode: Episode) -> None:
    span = _span(episode, course.length)
    course.orders[span] = 0
    course.inbound[span] *= 0.3


def _our_absence(course: Course, episode: Episode) -> None:
    course.proactive[_span(episode, course.length)] = 0
    _fade(course, episode)
    _buy_elsewhere(course, episode)


def _contact_silence(course: Course, episode: Episode) -> None:
    span = _span(episode, course.length)
    course.inbound[span] *= 0.05
    course.answered[span] = 0.15
    _fade(course, episode)
    _sour(course, episode)


def _nothing_ordered(course: Course, episode: Episode) -> None:
    course.orders[_span(episode, course.length)] = 0


def _merged(course: Course, episode: Episode) -> None:
    span = _span(episode, course.length)
    course.orders[span] *= 0.5
    course.size[span] *= 2


def _handover(course: Course, episode: Episode) -> None:
    """Orders go on: only the person changes (see people.py)."""


def _lapse(course: Course, episode: Episode) -> None:
    course.proactive[_span(episode, course.length)] = 0


EFFECTS: Final[dict[str, Callable[[Course, Episode], None]]] = {
    "slowing": _slowing,
    "abrupt_stop": _abrupt_stop,
    "buyer_left": _fade,
    "our_absence": _our_absence,
    "contact_silence": _contact_silence,
    "closure": _nothing_ordered,
    "pause": _nothing_ordered,
    "merged": _merged,
    "late_order": _nothing_ordered,
    "handover": _handover,
    "lapse": _lapse,
}
