"""Names of the tables that an import's SQL reads and writes."""

from django.db.models import Model

from accounts_app.models import (
    Absence,
    Account,
    AccountKey,
    AccountMark,
    ChangeEvent,
    Colleague,
    Contact,
    Contract,
    ExchangeRate,
    ImportChange,
    Incident,
    IncidentPause,
    Inquiry,
    Interaction,
    Link,
    Loss,
    Order,
    OrderLine,
    Ownership,
    SurveyAnswer,
    Team,
    Tier,
    User,
)


def table_of(model: type[Model]) -> str:
    """Name of a model's table."""
    return model._meta.db_table  # noqa: SLF001  # Django's own documented way


def label_of(model: type[Model]) -> str:
    """A model's name, as the change log has it."""
    return model._meta.label_lower  # noqa: SLF001


ABSENCES = table_of(Absence)
ACCOUNTS = table_of(Account)
KEYS = table_of(AccountKey)
MARKS = table_of(AccountMark)
COLLEAGUES = table_of(Colleague)
CONTACTS = table_of(Contact)
CONTRACTS = table_of(Contract)
RATES = table_of(ExchangeRate)
CHANGES = table_of(ImportChange)
EVENTS = table_of(ChangeEvent)
INCIDENTS = table_of(Incident)
INQUIRIES = table_of(Inquiry)
PAUSES = table_of(IncidentPause)
INTERACTIONS = table_of(Interaction)
MET_CONTACTS = table_of(Interaction.contacts.through)
MET_COLLEAGUES = table_of(Interaction.colleagues.through)
LINKS = table_of(Link)
LOSSES = table_of(Loss)
ORDERS = table_of(Order)
LINES = table_of(OrderLine)
OWNERSHIPS = table_of(Ownership)
SURVEYS = table_of(SurveyAnswer)
TEAMS = table_of(Team)
TIERS = table_of(Tier)
USERS = table_of(User)
