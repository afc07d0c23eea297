"""The whole simulation, past and future, and what of it is known on a day."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from accounts_app.demo.absences import AbsenceRow, absences
from accounts_app.demo.clock import PAST_DAYS, Clock, Floats
from accounts_app.demo.closures import COUNTRIES, QuietRow, openness, own_pauses, shared_closures
from accounts_app.demo.contracts import ContractRow, account_contracts
from accounts_app.demo.customer_news import (
    EventRow,
    LossRow,
    SurveyRow,
    account_events,
    account_losses,
    account_surveys,
)
from accounts_app.demo.dialogue import Diary, InteractionRow
from accounts_app.demo.episodes import Episode, course_of
from accounts_app.demo.inbound import write_inbound
from accounts_app.demo.incidents import IncidentRow, account_incidents
from accounts_app.demo.inquiries import InquiryRow, account_inquiries
from accounts_app.demo.links import LinkRow, links
from accounts_app.demo.lots import SEED, stream
from accounts_app.demo.names import NamePool
from accounts_app.demo.orders import OrderRow, account_orders
from accounts_app.demo.outreach import write_outreach
from accounts_app.demo.ownership import OwnershipRow, ownerships
from accounts_app.demo.people import NAMES_TOPIC, ContactRow, account_contacts
from accounts_app.demo.portfolio import Profile, profiles
from accounts_app.demo.promises import PromiseRow, account_promises
from accounts_app.demo.stories import stories
from accounts_app.demo.values import InitiativeRow, account_initiatives, with_values

DIARY_TOPIC: Final = 7
SILENT_SINCE: Final = 150
"""Days before the anchor on which the subsidiary's ERP delivered last."""


@dataclass(frozen=True)
class Stage:
    """What all accounts share."""

    clock: Clock
    seed: int
    names: NamePool
    open_share: dict[str, Floats]


@dataclass(frozen=True)
class Life:
    """Everything that happens at one account."""

    contacts: list[ContactRow]
    orders: list[OrderRow]
    incidents: list[IncidentRow]
    interactions: list[InteractionRow]
    quiet: list[QuietRow]
    inquiries: list[InquiryRow]
    contracts: list[ContractRow]
    events: list[EventRow]
    surveys: list[SurveyRow]
    losses: list[LossRow]
    promises: list[PromiseRow]
    initiatives: list[InitiativeRow]


@dataclass(frozen=True)
class World:
    """The simulated facts of past and future; a pure function of anchor and seed."""

    clock: Clock
    portfolio: list[Profile]
    stories: list[list[Episode]]
    ownerships: list[OwnershipRow]
    quiet: list[QuietRow]
    contacts: list[ContactRow]
    orders: list[OrderRow]
    incidents: list[IncidentRow]
    interactions: list[InteractionRow]
    links: list[LinkRow]
    inquiries: list[InquiryRow]
    contracts: list[ContractRow]
    events: list[EventRow]
    surveys: list[SurveyRow]
    losses: list[LossRow]
    absences: list[AbsenceRow]
    promises: list[PromiseRow]
    initiatives: list[InitiativeRow]

    @property
    def silent_since(self) -> dt.date:
        """The last day for which the subsidiary's ERP delivered."""
        return self.clock.anchor - dt.timedelta(days=SILENT_SINCE)


def simulate(anchor: dt.date, seed: int = SEED) -> World:
    """Simulate the demo.

    Parameters
    ----------
    anchor : datetime.date
        Day of loading; three years before it and three after it are simulated.
    seed : int

    Returns
    -------
    World
    """
    clock = Clock(anchor)
    portfolio = profiles(seed)
    told = stories(portfolio, seed)
    closures = shared_closures(clock)
    names = NamePool(stream(seed, NAMES_TOPIC))
    stage = Stage(clock, seed, names, {country: openness(country, closures, clock) for country in COUNTRIES})
    lives = [_live(profile, episodes, stage) for profile, episodes in zip(portfolio, told, strict=True)]
    interactions = [row for life in lives for row in life.interactions]
    return World(
        clock=clock,
        portfolio=portfolio,
        stories=told,
        ownerships=[row for profile in portfolio for row in ownerships(profile, clock)],
        quiet=closures + [row for life in lives for row in life.quiet],
        contacts=[row for life in lives for row in life.contacts],
        orders=[row for life in lives for row in life.orders],
        incidents=[row for life in lives for row in life.incidents],
        interactions=interactions,
        links=links(interactions),
        inquiries=[row for life in lives for row in life.inquiries],
        contracts=[row for life in lives for row in life.contracts],
        events=[row for life in lives for row in life.events],
        surveys=[row for life in lives for row in life.surveys],
        losses=[row for life in lives for row in life.losses],
        absences=absences(clock, seed),
        promises=[row for life in lives for row in life.promises],
        initiatives=[row for life in lives for row in life.initiatives],
    )


def _live(profile: Profile, episodes: list[Episode], stage: Stage) -> Life:
    clock, seed, open_share = stage.clock, stage.seed, stage.open_share[profile.firm.country]
    course = course_of(episodes, clock.length)
    contacts = account_contacts(profile, episodes, stage.names, clock, seed)
    orders = account_orders(profile, course, open_share, clock, seed)
    incidents = account_incidents(profile, course, open_share, clock, seed)
    diary = Diary(profile, contacts, clock, stream(seed, DIARY_TOPIC, profile.number), course.sour)
    write_outreach(diary, course, episodes, open_share)
    write_inbound(diary, course, open_share, orders, incidents)
    if profile.iberian:
        delivered = clock.day(PAST_DAYS - SILENT_SINCE)
        orders = [order for order in orders if order.day <= delivered]
    return Life(
        contacts=contacts,
        orders=orders,
        incidents=incidents,
        interactions=with_values(profile, diary.rows, clock.anchor, seed),
        quiet=own_pauses(profile, episodes, clock),
        inquiries=account_inquiries(profile, course, open_share, clock, seed),
        contracts=account_contracts(profile, episodes, clock, seed),
        events=account_events(profile, episodes, clock, seed),
        surveys=account_surveys(profile, course, contacts, clock, seed),
        losses=account_losses(profile, episodes, clock, seed),
        promises=account_promises(profile, diary.rows, seed),
        initiatives=account_initiatives(profile, diary.rows, seed),
    )
