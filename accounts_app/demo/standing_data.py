"""Writes what stands before any event: the company, its feeds, teams, people and accounts."""

import datetime as dt
from typing import Final

from django.contrib.auth.hashers import make_password

from accounts_app.demo.dialogue import colleague_key
from accounts_app.demo.firms import mail_domain_of
from accounts_app.demo.logins import PASSWORDS, email_of
from accounts_app.demo.orders import RATES
from accounts_app.demo.ownership import OwnershipRow
from accounts_app.demo.portfolio import Profile
from accounts_app.demo.staff import (
    ADMINISTRATOR,
    COMPANY,
    DEPARTED,
    DEPARTED_HEIR,
    EXECUTIVE,
    OPERATIONS,
    TEAMS,
    colleagues,
)
from accounts_app.demo.texts import HOURS_A_WEEK, OWN_HOURS_A_WEEK
from accounts_app.demo.world import World
from accounts_app.demo.write_values import write_library
from accounts_app.models import (
    Account,
    AccountKey,
    Colleague,
    Company,
    ExchangeRate,
    Feed,
    FeedKind,
    FeedSource,
    Membership,
    Ownership,
    Role,
    Team,
    Tier,
    User,
)

CURRENCY: Final = "EUR"
TIME_ZONE: Final = "Europe/Berlin"
COUNTRY: Final = "Germany"
RATES_FROM: Final = dt.date(2000, 1, 1)
IBERIAN_FEED: Final = "erp-iberia"

FROM_CRM: Final = (
    FeedSource.CONTACTS,
    FeedSource.INTERACTIONS,
    FeedSource.INQUIRIES,
    FeedSource.CONTRACTS,
    FeedSource.CHANGE_EVENTS,
    FeedSource.SURVEYS,
    FeedSource.LOSSES,
    FeedSource.COLLEAGUES,
    FeedSource.OWNERSHIP,
)
# Name, title, sources, days from one delivery to the next.
FEEDS: Final = (
    ("erp", "ERP (simulated)", (FeedSource.ACCOUNTS, FeedSource.ORDERS), 1),
    (IBERIAN_FEED, "ERP of the Iberian subsidiary (simulated)", (FeedSource.ACCOUNTS, FeedSource.ORDERS), 7),
    ("crm", "CRM (simulated)", FROM_CRM, 1),
    ("tickets", "Ticket system (simulated)", (FeedSource.INCIDENTS,), 1),
)


def write_standing_data(world: World) -> None:
    """Write everything the events refer to; the caller holds the transaction."""
    _write_company(world.clock.anchor)
    feeds = _write_feeds(world)
    users = _write_users()
    _write_colleagues(users, feeds["crm"])
    write_library(world.clock.anchor, users)
    accounts = _write_accounts(world, users)
    _write_keys(world.portfolio, accounts, feeds)
    Ownership.objects.bulk_create(
        _ownership(row, accounts[row.account], users[row.person], feeds["crm"]) for row in world.ownerships
    )


def _write_company(anchor: dt.date) -> None:
    company = Company.the()
    company.name, company.currency, company.time_zone = COMPANY, CURRENCY, TIME_ZONE
    company.country, company.simulated, company.demo_anchor = COUNTRY, True, anchor
    company.save()
    ExchangeRate.objects.bulk_create(
        ExchangeRate(currency=code, valid_on=RATES_FROM, rate=rate, source="Simulated")
        for code, rate in RATES.items()
        if code != CURRENCY
    )


def _write_feeds(world: World) -> dict[str, Feed]:
    """Make the feeds; how far the living ones are complete is written with the events."""
    feeds = {name: Feed.objects.create(name=name, title=title, currency=CURRENCY) for name, title, _, _ in FEEDS}
    FeedKind.objects.bulk_create(
        FeedKind(feed=feeds[name], source=source, complete_to=world.silent_since, expected_days=days)
        for name, _, sources, days in FEEDS
        for source in sources
    )
    return feeds


def _write_users() -> dict[str, User]:
    """Make users and memberships; one hash per role, since hashing is slow on purpose."""
    hashes = {role: make_password(password) for role, password in PASSWORDS.items()}
    users = {name: _user(name, role, hashes[role]) for name, (role, _) in _posts().items()}
    User.objects.bulk_create(users.values())
    teams = {plan.name: Team.objects.create(name=plan.name) for plan in TEAMS}
    Membership.objects.bulk_create(
        Membership(user=users[name], team=teams[team]) for name, (_, members) in _posts().items() for team in members
    )
    return users


def _posts() -> dict[str, tuple[str, list[str]]]:
    """Role and teams of everybody who can log in."""
    everywhere = [plan.name for plan in TEAMS]
    posts: dict[str, tuple[str, list[str]]] = {}
    for plan in TEAMS:
        posts[plan.leader] = (Role.SALES_LEADER, [plan.name])
        posts |= {name: (Role.ACCOUNT_MANAGER, [plan.name]) for name in plan.managers}
    posts[DEPARTED] = (Role.ACCOUNT_MANAGER, posts[DEPARTED_HEIR][1])
    posts |= {name: (Role.OPERATIONS, []) for name in OPERATIONS}
    return posts | {ADMINISTRATOR: (Role.ADMINISTRATOR, []), EXECUTIVE: (Role.READ_ONLY, everywhere)}


def _user(name: str, role: str, password_hash: str) -> User:
    return User(
        name=name,
        email=email_of(name),
        role=role,
        password=password_hash,
        is_active=name != DEPARTED,
    )


def _write_colleagues(users: dict[str, User], feed: Feed) -> None:
    Colleague.objects.bulk_create(
        Colleague(
            feed=feed,
            external_key=colleague_key(plan.name),
            name=plan.name,
            title=plan.title,
            level=plan.level,
            user=users.get(plan.name),
            hours_a_week=OWN_HOURS_A_WEEK.get(plan.name, HOURS_A_WEEK.get(plan.title)),
        )
        for plan in colleagues()
    )


def _write_accounts(world: World, users: dict[str, User]) -> list[Account]:
    tiers = {tier.key: tier for tier in Tier.objects.all()}
    teams = {team.name: team for team in Team.objects.all()}
    accounts = Account.objects.bulk_create(
        Account(
            name=profile.firm.name,
            country=profile.firm.country,
            industry=profile.firm.trade,
            mail_domain=mail_domain_of(profile.firm),
            margin_share=profile.margin_share,
            tier=tiers[profile.tier],
            team=teams[profile.team],
            owner=users[profile.manager] if profile.vacant_from is None else None,
            deputy=users[profile.deputy],
            known_on=world.clock.day(profile.begins),
        )
        for profile in world.portfolio
    )
    by_name = {account.name: account for account in accounts}
    children = [profile for profile in world.portfolio if profile.firm.parent]
    for profile in children:
        accounts[profile.number].parent = by_name[profile.firm.parent]
    Account.objects.bulk_update([accounts[profile.number] for profile in children], ["parent"])
    return accounts


def _write_keys(portfolio: list[Profile], accounts: list[Account], feeds: dict[str, Feed]) -> None:
    AccountKey.objects.bulk_create(
        AccountKey(feed=feeds[name], key=profile.key, account=account)
        for profile, account in zip(portfolio, accounts, strict=True)
        for name in (IBERIAN_FEED if profile.iberian else "erp", "crm", "tickets")
    )


def _ownership(row: OwnershipRow, account: Account, user: User, feed: Feed) -> Ownership:
    return Ownership(
        feed=feed,
        external_key=row.key,
        known_on=row.from_day,
        account=account,
        user=user,
        duty=row.duty,
        from_day=row.from_day,
        until_day=row.until_day,
        until_known_on=row.until_day,
    )
