"""What an address of the alert list asks for: which alerts, of whose accounts, of which signal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts_app.access import Request
from accounts_app.scope import ROLES_WITH_OWN_LISTS, mine
from accounts_app.views.listing import options
from signals.compute.registry import BY_KEY
from signals.models import Alert
from signals.models.alert import AlertQuerySet
from signals.pages.portfolio.filters import WHOSE

RELEASED = Q(released_on__isnull=False)
CLOSED = (Alert.State.RESOLVED, Alert.State.FADED)

# The first is what a reader came for; waiting ones are beyond the week's budget of their manager.
STATES: Mapping[str, tuple[str | Promise, Q]] = {
    "": (_("To do"), RELEASED & Q(state__in=(Alert.State.OPEN, Alert.State.ACKNOWLEDGED))),
    "open": (_("Open"), RELEASED & Q(state=Alert.State.OPEN)),
    "acknowledged": (_("Acknowledged"), RELEASED & Q(state=Alert.State.ACKNOWLEDGED)),
    "snoozed": (_("Snoozed"), Q(state=Alert.State.SNOOZED)),
    "waiting": (_("Waiting"), Q(released_on=None, state__in=(Alert.State.OPEN, Alert.State.ACKNOWLEDGED))),
    "closed": (_("Closed"), Q(state__in=CLOSED)),
}


@dataclass(frozen=True)
class AlertFilters:
    """The state of the list; what is not understood falls back to the default."""

    request: Request
    state: str
    whose: str
    default_whose: str
    signal: str
    owner: int | None

    @classmethod
    def of(cls, request: Request) -> "AlertFilters":
        default = ROLES_WITH_OWN_LISTS.get(request.user.role, "all")
        state, whose, signal = (request.GET.get(name, "") for name in ("state", "whose", "signal"))
        return cls(
            request,
            state if state in STATES else "",
            whose if whose in WHOSE and default != "all" else default,
            default,
            signal if signal in BY_KEY else "",
            _number(request.GET.get("owner", "")),
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.state or self.signal or self.owner is not None)

    def in_scope(self) -> AlertQuerySet:
        """Alerts of the accounts and the signal chosen, in whatever state."""
        user = self.request.user
        visible = Alert.objects.visible_to(user)
        teams = Q(account__team__in=user.teams.values("pk"))
        scope = {"mine": mine(user, "account__"), "team": teams}.get(self.whose, Q())
        signal = Q(signal=self.signal) if self.signal else Q()
        return visible.filter(scope & signal & self._of_owner())

    def _of_owner(self) -> Q:
        """Of one manager's accounts; 0 names those that nobody owns."""
        return Q() if self.owner is None else Q(account__owner=self.owner or None)

    def alerts(self) -> AlertQuerySet:
        order = ("-closed_on", "-pk") if self.state == "closed" else ("-priority", "pk")
        return self.in_scope().filter(STATES[self.state][1]).order_by(*order)

    def state_options(self) -> list[dict[str, Any]]:
        """The states with the number of alerts in each; those who wait are named only where some do."""
        counted = {f"n_{key}": Count("pk", filter=condition) for key, (_label, condition) in STATES.items()}
        counts = self.in_scope().order_by().aggregate(**counted)
        labels = [(key, label) for key, (label, _condition) in STATES.items()]
        shown = options(self.request, "state", labels, chosen=self.state)
        rows = [option | {"count": counts[f"n_{option['key']}"]} for option in shown]
        return [row for row in rows if row["key"] != "waiting" or row["count"] or row["is_current"]]

    def whose_options(self) -> list[dict[str, Any]]:
        if self.default_whose == "all":
            return []
        return options(self.request, "whose", list(WHOSE.items()), chosen=self.whose)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None
