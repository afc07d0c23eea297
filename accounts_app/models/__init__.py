"""The facts: true whatever the formulas of the signals are."""

from accounts_app.models.account import Account, AccountKey, AccountMark, Ownership
from accounts_app.models.change_event import ChangeEvent
from accounts_app.models.company import Company, ExchangeRate, QuietPeriod
from accounts_app.models.contract import Contract
from accounts_app.models.customer_metric import CustomerMetric, MetricValue
from accounts_app.models.feed import BEGINNING, OWN_FEED, Fact, Feed, FeedKind, FeedSource, ImportBatch, ImportChange
from accounts_app.models.incident import Incident, IncidentPause
from accounts_app.models.initiative import Initiative
from accounts_app.models.inquiry import Inquiry
from accounts_app.models.interaction import Interaction
from accounts_app.models.loss import Loss
from accounts_app.models.order import Order, OrderLine
from accounts_app.models.person import Absence, Colleague, Contact, Level, Link
from accounts_app.models.promise import Promise
from accounts_app.models.survey import SurveyAnswer
from accounts_app.models.tier import ChannelHours, Tier
from accounts_app.models.upload import Upload
from accounts_app.models.user import Membership, Role, Team, User
from accounts_app.models.value_item import ValueItem

__all__ = [
    "BEGINNING",
    "OWN_FEED",
    "Absence",
    "Account",
    "AccountKey",
    "AccountMark",
    "ChangeEvent",
    "ChannelHours",
    "Colleague",
    "Company",
    "Contact",
    "Contract",
    "CustomerMetric",
    "ExchangeRate",
    "Fact",
    "Feed",
    "FeedKind",
    "FeedSource",
    "ImportBatch",
    "ImportChange",
    "Incident",
    "IncidentPause",
    "Initiative",
    "Inquiry",
    "Interaction",
    "Level",
    "Link",
    "Loss",
    "Membership",
    "MetricValue",
    "Order",
    "OrderLine",
    "Ownership",
    "Promise",
    "QuietPeriod",
    "Role",
    "SurveyAnswer",
    "Team",
    "Tier",
    "Upload",
    "User",
    "ValueItem",
]
