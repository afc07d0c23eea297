"""The facts: true whatever the formulas of the signals are."""

from accounts_app.models.account import Account, AccountKey, AccountMark, Ownership
from accounts_app.models.company import Company, ExchangeRate, QuietPeriod
from accounts_app.models.feed import BEGINNING, OWN_FEED, Fact, Feed, FeedKind, FeedSource, ImportBatch, ImportChange
from accounts_app.models.incident import Incident, IncidentPause
from accounts_app.models.interaction import Interaction, ValueItem
from accounts_app.models.order import Order, OrderLine
from accounts_app.models.person import Colleague, Contact, Level, Link
from accounts_app.models.tier import Tier
from accounts_app.models.user import Membership, Role, Team, User

__all__ = [
    "BEGINNING",
    "OWN_FEED",
    "Account",
    "AccountKey",
    "AccountMark",
    "Colleague",
    "Company",
    "Contact",
    "ExchangeRate",
    "Fact",
    "Feed",
    "FeedKind",
    "FeedSource",
    "ImportBatch",
    "ImportChange",
    "Incident",
    "IncidentPause",
    "Interaction",
    "Level",
    "Link",
    "Membership",
    "Order",
    "OrderLine",
    "Ownership",
    "QuietPeriod",
    "Role",
    "Team",
    "Tier",
    "User",
    "ValueItem",
]
