"""Names of the tables that an import's SQL reads and writes."""

from django.db.models import Model

from accounts_app.models import (
    Account,
    AccountKey,
    AccountMark,
    Colleague,
    Contact,
    ExchangeRate,
    ImportChange,
    Interaction,
    Order,
    OrderLine,
    Ownership,
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


ACCOUNTS = table_of(Account)
KEYS = table_of(AccountKey)
MARKS = table_of(AccountMark)
COLLEAGUES = table_of(Colleague)
CONTACTS = table_of(Contact)
RATES = table_of(ExchangeRate)
CHANGES = table_of(ImportChange)
INTERACTIONS = table_of(Interaction)
MET_CONTACTS = table_of(Interaction.contacts.through)
MET_COLLEAGUES = table_of(Interaction.colleagues.through)
ORDERS = table_of(Order)
LINES = table_of(OrderLine)
OWNERSHIPS = table_of(Ownership)
TEAMS = table_of(Team)
TIERS = table_of(Tier)
USERS = table_of(User)
