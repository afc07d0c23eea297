"""Which account lives through what: dealt by lot, around the day of loading and away from it."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from accounts_app.demo.clock import FUTURE_DAYS, PAST_DAYS
from accounts_app.demo.episodes import LOOKALIKE_KINDS, TRUE_KINDS, Episode
from accounts_app.demo.lots import one_of, stream
from accounts_app.demo.portfolio import RHYTHMS, Profile

TOPIC: Final = 2

DRIFTING_NOW: Final = (
    ("slowing",) * 4 + ("abrupt_stop",) * 2 + ("buyer_left",) * 3 + ("our_absence",) * 3 + ("contact_silence",) * 2
)
LOST: Final = ("slowing", "slowing", "abrupt_stop", "buyer_left", "our_absence", "our_absence", "contact_silence")
RECOVERED: Final = ("slowing", "our_absence", "buyer_left")
RESEMBLING_NOW: Final = (
    ("pause",) * 3 + ("closure",) * 3 + ("merged",) * 4 + ("late_order",) * 4 + ("handover",) * 3 + ("lapse",) * 3
)
SAVED_EVERY: Final = 5
"""Of those drifting now, each fifth comes back in the months after loading."""

HALF_LIFE_DAYS: Final = (30.0, 65.0)
STOPPED_DAYS: Final = 150
"""Days after which an account that stopped at once counts as lost."""
HALVINGS: Final = 4.5
"""Half-lives after which a fading account counts as lost."""

# Days from the cause to the first missing order.
DELAY: Final = {
    "slowing": (0, 1),
    "abrupt_stop": (0, 1),
    "buyer_left": (20, 45),
    "our_absence": (70, 120),
    "contact_silence": (45, 80),
}


def stories(portfolio: list[Profile], seed: int) -> list[list[Episode]]:
    """Deal episodes to accounts.

    Parameters
    ----------
    portfolio : list of Profile
    seed : int
        Seed of the demo; days count from the clock's first day, so the lot is the same
        whenever the demo is loaded.

    Returns
    -------
    list of list of Episode
        In the order of the portfolio, each in order of onset.
    """
    chance = stream(seed, TOPIC)
    free = [profile for profile in portfolio if not profile.iberian and not profile.begins]
    free = [free[i] for i in chance.permutation(len(free))]
    told: list[list[Episode]] = [[] for _ in portfolio]
    for kind in RESEMBLING_NOW:
        profile = _take(free, kind)
        told[profile.number].append(_resembling_now(kind, profile, chance))
    for position, kind in enumerate(DRIFTING_NOW):
        told[free.pop().number].append(_drifting_now(kind, chance, saved=position % SAVED_EVERY == 0))
    for kind in LOST:
        profile = free.pop()
        told[profile.number].append(_lost_before(kind, chance))
    for kind in RECOVERED:
        onset = PAST_DAYS - int(chance.integers(380, 560))
        told[free.pop().number].append(_true(kind, onset, chance, lasts=int(chance.integers(130, 190))))
    for profile in free:
        told[profile.number].extend(_elsewhen(profile, chance))
    return told


def _rhythms(kind: str) -> Collection[str]:
    """A late or a merged order stands out only in a rhythm; only projects pause."""
    return {"pause": ("project",), "late_order": ("regular",), "merged": ("regular",)}.get(kind, RHYTHMS)


def _take(free: list[Profile], kind: str) -> Profile:
    """Take the next account to which such a thing can happen."""
    for position, profile in enumerate(free):
        if profile.rhythm in _rhythms(kind):
            return free.pop(position)
    raise ValueError(f"no account left for {kind}")


def _true(kind: str, onset: int, chance: np.random.Generator, lasts: int | None = None) -> Episode:
    """A drift that ends in loss, or in recovery after `lasts` days."""
    fades = onset + int(chance.integers(*DELAY[kind]))
    half_life = float(chance.uniform(*HALF_LIFE_DAYS))
    lost = fades + (STOPPED_DAYS if kind == "abrupt_stop" else int(HALVINGS * half_life))
    return Episode(kind, onset, fades, half_life, *((None, lost) if lasts is None else (onset + lasts, None)))


def _drifting_now(kind: str, chance: np.random.Generator, *, saved: bool) -> Episode:
    """A drift in which the day of loading falls anywhere between the first missing order and the loss."""
    drift = _true(kind, 0, chance)
    felt = int(chance.integers(20, (drift.lost or 0) - drift.fades - 10))
    moved = _moved(drift, PAST_DAYS - drift.fades - felt)
    return replace(moved, lost=None, ends=PAST_DAYS + int(chance.integers(20, 90))) if saved else moved


def _lost_before(kind: str, chance: np.random.Generator) -> Episode:
    """A drift that ended in loss within the two years before loading."""
    drift = _true(kind, 0, chance)
    return _moved(drift, PAST_DAYS - (drift.lost or 0) - int(chance.integers(10, 700)))


def _moved(drift: Episode, onset: int) -> Episode:
    return replace(drift, onset=onset, fades=onset + drift.fades, lost=onset + (drift.lost or 0))


def _resembling_now(kind: str, profile: Profile, chance: np.random.Generator) -> Episode:
    begun, left = _span_around(kind, profile, chance)
    onset = PAST_DAYS - begun
    return Episode(kind, onset, onset, ends=PAST_DAYS + left)


def _span_around(kind: str, profile: Profile, chance: np.random.Generator) -> tuple[int, int]:
    """Days since a look-alike began and until it ends, counted from a day in its midst."""
    spans = {
        "pause": ((45, 110), (20, 60)),
        "closure": ((18, 34), (2, 14)),
        "merged": ((80, 240), (300, 500)),
        "handover": ((20, 90), (200, 201)),
        "lapse": ((80, 190), (20, 60)),
        # One order comes one to two usual gaps later than it should.
        "late_order": ((int(profile.gap_days), int(1.6 * profile.gap_days) + 2), (3, 16)),
    }
    begun, left = spans[kind]
    return int(chance.integers(*begun)), int(chance.integers(*left))


def _elsewhen(profile: Profile, chance: np.random.Generator) -> Iterator[Episode]:
    """What the others live through: look-alikes in the past and, after loading, either."""
    if chance.random() < 0.45:
        yield _resembling(profile, int(chance.integers(150, PAST_DAYS - 260)), chance)
    lot = chance.random()
    day = PAST_DAYS + int(chance.integers(40, FUTURE_DAYS - 60))
    if lot < 0.55:
        lasts = int(chance.integers(130, 260)) if chance.random() < 0.5 else None
        yield _true(one_of(TRUE_KINDS, chance), day, chance, lasts)
    elif lot < 0.85:
        yield _resembling(profile, day, chance)


def _resembling(profile: Profile, day: int, chance: np.random.Generator) -> Episode:
    kinds = [kind for kind in LOOKALIKE_KINDS if profile.rhythm in _rhythms(kind)]
    kind = one_of(kinds, chance)
    begun, left = _span_around(kind, profile, chance)
    return Episode(kind, day - begun, day - begun, ends=day + left if kind != "merged" else day + 150)
