"""Every kind of file there is; each is declared beside its loader."""

from .fields import Kind
from .kinds import (
    accounts,
    change_events,
    colleagues,
    contacts,
    contracts,
    incidents,
    inquiries,
    interactions,
    losses,
    order_lines,
    orders,
    ownership,
    quiet_periods,
    rates,
    surveys,
)

KINDS: tuple[Kind, ...] = (
    accounts.KIND,
    contacts.KIND,
    interactions.KIND,
    orders.KIND,
    order_lines.KIND,
    incidents.KIND,
    quiet_periods.KIND,
    inquiries.KIND,
    contracts.KIND,
    change_events.KIND,
    surveys.KIND,
    losses.KIND,
    colleagues.KIND,
    ownership.KIND,
    rates.KIND,
)


def kind_named(name: str) -> Kind:
    """Find a kind by the name the command uses.

    Raises
    ------
    KeyError
        Where there is none.
    """
    for kind in KINDS:
        if kind.name == name:
            return kind
    raise KeyError(name)
