"""Who answers for which account, from when until when."""

import datetime as dt
from dataclasses import dataclass

from accounts_app.demo.clock import Clock
from accounts_app.demo.portfolio import Profile


@dataclass(frozen=True, slots=True)
class OwnershipRow:
    """One person's time as owner or deputy; `until_day` is the first day it no longer held."""

    key: str
    account: int
    person: str
    duty: str
    from_day: dt.date
    until_day: dt.date | None = None

    def at(self, day: dt.date) -> "OwnershipRow | None":
        return self if self.from_day <= day else None


def ownerships(profile: Profile, clock: Clock) -> list[OwnershipRow]:
    """Return owners and deputy of an account; all changes lie before the anchor.

    Parameters
    ----------
    profile : Profile
    clock : Clock

    Returns
    -------
    list of OwnershipRow
    """
    begins = clock.day(profile.begins)
    handed_over = clock.day(profile.handed_over)
    deputy = OwnershipRow(f"{profile.key}-deputy", profile.number, profile.deputy, "deputy", begins)
    if profile.manager_before is None:
        left = None if profile.vacant_from is None else clock.day(profile.vacant_from)
        return [OwnershipRow(f"{profile.key}-owner", profile.number, profile.manager, "owner", begins, left), deputy]
    return [
        OwnershipRow(f"{profile.key}-owner", profile.number, profile.manager_before, "owner", begins, handed_over),
        OwnershipRow(f"{profile.key}-owner-2", profile.number, profile.manager, "owner", handed_over),
        deputy,
    ]
