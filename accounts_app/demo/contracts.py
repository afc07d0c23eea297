"""Frame agreements: terms, notice, renewal, and the notice given by those who leave."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from accounts_app.demo.clock import Clock
from accounts_app.demo.episodes import Episode
from accounts_app.demo.lots import one_of, stream
from accounts_app.demo.orders import RATES
from accounts_app.demo.portfolio import Profile

TOPIC: Final = 11

SHARE_WITH_CONTRACT: Final = {"strategic": 1.0, "key": 0.85, "significant": 0.4, "other": 0.05}
TERM_MONTHS: Final = (12, 24, 36)
NOTICE_DAYS: Final = (30, 60, 90, 180)
NO_CAUSE_SHARE: Final = 0.2
DAYS_OF_A_MONTH: Final = 30.4375


@dataclass(frozen=True, slots=True)
class ContractRow:
    """One term of an agreement; the next term is a row of its own."""

    key: str
    account: int
    title: str
    starts_on: dt.date
    ends_on: dt.date
    known_on: dt.date
    notice_days: int
    no_cause: bool
    renewal_months: int | None
    notice_received_on: dt.date | None
    annual_value: Decimal
    currency: str
    reporting_annual_value: Decimal

    def at(self, day: dt.date) -> "ContractRow | None":
        if self.known_on > day:
            return None
        if self.notice_received_on is not None and self.notice_received_on > day:
            return replace(self, notice_received_on=None)
        return self


def account_contracts(profile: Profile, episodes: list[Episode], clock: Clock, seed: int) -> list[ContractRow]:
    """Simulate the agreements of an account, term after term.

    Parameters
    ----------
    profile : Profile
    episodes : list of Episode
        Whoever is lost gives notice in the term in which that happens; nothing follows it.
    clock : Clock
    seed : int

    Returns
    -------
    list of ContractRow
        In order of their beginning.
    """
    chance = stream(seed, TOPIC, profile.number)
    if chance.random() > SHARE_WITH_CONTRACT[profile.tier]:
        return []
    lost = min((episode.lost for episode in episodes if episode.lost is not None), default=None)
    months, notice, no_cause = (
        one_of(TERM_MONTHS, chance),
        one_of(NOTICE_DAYS, chance),
        chance.random() < NO_CAUSE_SHARE,
    )
    days = round(months * DAYS_OF_A_MONTH)
    value = Decimal(round(profile.annual_amount * float(chance.uniform(0.5, 0.9)), -3)).quantize(Decimal("0.01"))
    begin = max(profile.begins, 0) - (0 if profile.begins else int(chance.integers(0, days)))
    auto = bool(chance.random() < 0.6)
    rows: list[ContractRow] = []
    while begin < clock.length and (lost is None or begin < lost):
        ends = begin + days
        gives_notice = lost is not None and begin <= lost < ends
        rows.append(
            ContractRow(
                key=f"K{profile.key[1:]}-{len(rows) + 1}",
                account=profile.number,
                title=f"Frame agreement {profile.firm.name}",
                starts_on=clock.day(begin),
                ends_on=clock.day(ends - 1),
                known_on=max(clock.day(begin), clock.first),
                notice_days=notice,
                no_cause=bool(no_cause),
                renewal_months=months if auto else None,
                notice_received_on=clock.day(max(begin + 1, (lost or 0) - 20)) if gives_notice else None,
                annual_value=value,
                currency=profile.currency,
                reporting_annual_value=(value * RATES[profile.currency]).quantize(Decimal("0.01")),
            )
        )
        begin = ends
    return rows
