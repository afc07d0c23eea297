"""Which function loads which kind of file, and how far such a file brings its feed."""

from collections.abc import Callable

from .kinds.accounts import load_accounts
from .kinds.change_events import load_change_events
from .kinds.colleagues import load_colleagues
from .kinds.contacts import load_contacts
from .kinds.contracts import load_contracts
from .kinds.incidents import load_incidents
from .kinds.inquiries import load_inquiries
from .kinds.interactions import load_interactions
from .kinds.losses import load_losses
from .kinds.order_lines import load_order_lines
from .kinds.orders import load_orders
from .kinds.ownership import load_ownership
from .kinds.quiet_periods import load_quiet_periods
from .kinds.rates import load_rates
from .kinds.surveys import load_surveys
from .staging import Load

LOADERS: dict[str, Callable[[Load], str]] = {
    "accounts": load_accounts,
    "contacts": load_contacts,
    "interactions": load_interactions,
    "orders": load_orders,
    "order-lines": load_order_lines,
    "incidents": load_incidents,
    "quiet-periods": load_quiet_periods,
    "inquiries": load_inquiries,
    "contracts": load_contracts,
    "change-events": load_change_events,
    "surveys": load_surveys,
    "losses": load_losses,
    "colleagues": load_colleagues,
    "ownership": load_ownership,
    "rates": load_rates,
}

# The latest day a file speaks of, in SQL over the staged rows that were taken; other kinds state what holds today.
LATEST = {
    "orders": "SELECT max(ordered_on) FROM import_item",
    "order-lines": "SELECT max(ordered_on) FROM import_item",
    "interactions": "SELECT max(happened_on) FROM import_item",
    "incidents": """
        SELECT (max(greatest(opened_at, resolved_at, changed_at)) AT TIME ZONE %(zone)s)::date FROM import_stage
        """,
    "inquiries": "SELECT max(greatest(asked_on, decided_on)) FROM import_item",
    "rates": "SELECT max(valid_on) FROM import_item",
}
