"""What the process knows and no page reads: which accounts truly drift on a day."""

import datetime as dt
from dataclasses import dataclass

from accounts_app.demo.clock import Clock
from accounts_app.demo.episodes import Episode
from accounts_app.demo.lots import SEED
from accounts_app.demo.portfolio import Profile, profiles
from accounts_app.demo.stories import stories


@dataclass(frozen=True)
class Truth:
    """The true state of one account on a day.

    `kind` is that of the episode under way, "lost", "newcomer", "stale_feed" or "steady";
    `onset_on` and `fades_on` are the days its cause began and its orders began to fall.
    """

    account: str
    kind: str
    onset_on: dt.date | None
    fades_on: dt.date | None
    drifts: bool
    lost: bool

    @property
    def resembles(self) -> bool:
        """Whether the account only looks as if it drifted."""
        return not self.drifts and not self.lost and self.onset_on is not None


def truth(anchor: dt.date, day: dt.date | None = None, seed: int = SEED) -> dict[str, Truth]:
    """Tell the truth about every account.

    Parameters
    ----------
    anchor : datetime.date
        Day of loading.
    day : datetime.date, optional
        Day asked about; the anchor where it is not given.
    seed : int

    Returns
    -------
    dict of str to Truth
        By the account's key in the ERP feed (C1001 ...), in order of the portfolio.
    """
    clock = Clock(anchor)
    index = clock.index(anchor if day is None else day)
    portfolio = profiles(seed)
    return {
        profile.key: _truth(profile, episodes, index, clock)
        for profile, episodes in zip(portfolio, stories(portfolio, seed), strict=True)
    }


def _truth(profile: Profile, episodes: list[Episode], day: int, clock: Clock) -> Truth:
    episode = next((e for e in episodes if e.onset <= day and (e.ends is None or day < e.ends)), None)
    if episode is None:
        return Truth(profile.key, _standing_kind(profile), None, None, drifts=False, lost=False)
    lost = episode.lost_on(day)
    return Truth(
        account=profile.key,
        kind="lost" if lost else episode.kind,
        onset_on=clock.day(episode.onset),
        fades_on=clock.day(episode.fades),
        drifts=episode.drifting_on(day),
        lost=lost,
    )


def _standing_kind(profile: Profile) -> str:
    if profile.iberian:
        return "stale_feed"
    return "newcomer" if profile.begins else "steady"
