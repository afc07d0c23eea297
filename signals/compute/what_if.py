"""What is left of an account's live level pairs when people leave, and which links would mend it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import pandas as pd

from signals.compute.level_pairs import LEVELS, SIDES, count_levels

Who: TypeAlias = tuple[str, int]
"""Side ("contact" or "colleague") and id of somebody."""


@dataclass(frozen=True)
class ToBuild:
    """A link that would mend something; a side of None: nobody is known at that level."""

    theirs: str
    ours: str
    contact: int | None
    colleague: int | None


@dataclass(frozen=True)
class WhatIf:
    """The live level pairs before and after, those that end, who stands alone then, and what to build."""

    before: int
    after: int
    lost: list[tuple[str, str]]
    alone: list[Who]
    to_build: list[ToBuild]


def what_if(
    pairs: pd.DataFrame, people: Mapping[Who, str], gone: Collection[Who], successors: Mapping[int, int] | None = None
) -> WhatIf:
    """Think people of either side away.

    Parameters
    ----------
    pairs : DataFrame
        Of one account, as `level_pairs.live_pairs` returns them.
    people : mapping
        The level of everybody of both sides who might take over, by side and id.
    gone : collection
        Side and id of those thought away.
    successors : mapping, optional
        Contact id to the id of the contact who follows; a successor takes over before anybody else.

    Returns
    -------
    WhatIf
        Level pairs from the top down; `to_build` holds a link for every level pair that ends, then one for each
        person who stands alone and is in none of those.

    Notes
    -----
    Of those who could take over, the named successor comes first, then who would stand alone otherwise, then who met
    the other side on most days, then the lowest id, so that the answer never changes by itself.
    """
    away = _held_by(pairs, gone)
    rest = pairs[~away]
    staying = {who: level for who, level in people.items() if who not in gone}
    lost = sorted(_cells(pairs) - _cells(rest), key=lambda cell: (LEVELS.index(cell[0]), LEVELS.index(cell[1])))
    theirs_first = list(SIDES)
    alone = sorted(
        (_people(pairs) - _people(rest)) & set(staying), key=lambda who: (theirs_first.index(who[0]), who[1])
    )
    named = {("contact", after) for before, after in (successors or {}).items() if ("contact", before) in gone}
    heirs = _Heirs(staying, named, set(alone), _meetings(pairs))
    return WhatIf(_count(pairs), _count(rest), lost, alone, _to_build(lost, alone, heirs))


@dataclass(frozen=True)
class _Heirs:
    """Who might take over, and what speaks for whom."""

    staying: Mapping[Who, str]
    named: set[Who]
    alone: set[Who]
    meetings: Mapping[Who, int]

    def of(self, side: str, level: str | None = None) -> int | None:
        """Whoever is best placed at a level, or at any."""
        here = [who for who, stands in self.staying.items() if who[0] == side and level in {None, stands}]
        return min(here, key=self._order)[1] if here else None

    def _order(self, who: Who) -> tuple[bool, bool, int, int]:
        return who not in self.named, who not in self.alone, -self.meetings.get(who, 0), who[1]


def _to_build(lost: list[tuple[str, str]], alone: list[Who], heirs: _Heirs) -> list[ToBuild]:
    mended = [ToBuild(theirs, ours, heirs.of("contact", theirs), heirs.of("colleague", ours)) for theirs, ours in lost]
    held = {("contact", one.contact) for one in mended} | {("colleague", one.colleague) for one in mended}
    return mended + [_to_somebody(who, heirs) for who in alone if who not in held]


def _to_somebody(who: Who, heirs: _Heirs) -> ToBuild:
    """A link of somebody who stands alone to whoever of the other side is seen most."""
    side, key = who
    if side == "contact":
        colleague = heirs.of("colleague")
        ours = heirs.staying.get(("colleague", colleague), "") if colleague is not None else ""
        return ToBuild(heirs.staying[who], ours, key, colleague)
    contact = heirs.of("contact")
    theirs = heirs.staying.get(("contact", contact), "") if contact is not None else ""
    return ToBuild(theirs, heirs.staying[who], contact, key)


def _held_by(pairs: pd.DataFrame, gone: Collection[Who]) -> pd.Series:
    held = pd.Series(data=False, index=pairs.index)
    for side, column in SIDES.items():
        held |= pairs[column].isin([key for of, key in gone if of == side])
    return held


def _count(pairs: pd.DataFrame) -> int:
    return int(count_levels(pairs, pd.Index(pairs["account_id"].unique())).sum())


def _cells(pairs: pd.DataFrame) -> set[tuple[str, str]]:
    return set(zip(pairs["theirs"], pairs["ours"], strict=True))


def _people(pairs: pd.DataFrame) -> set[Who]:
    return {(side, int(key)) for side, column in SIDES.items() for key in pairs[column]}


def _meetings(pairs: pd.DataFrame) -> dict[Who, int]:
    """Return on how many days each was seen with anybody of the other side."""
    met: dict[Who, int] = {}
    for side, column in SIDES.items():
        days = pairs.groupby(column)["meetings"].sum()
        met |= {(side, key): total for key, total in zip(days.index.tolist(), days.tolist(), strict=True)}
    return met
