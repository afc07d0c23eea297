"""What an address of the portfolio asks for: whose accounts, which of them, in what order.

The one place that turns a query string into accounts within the reader's scope.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import BooleanField, ExpressionWrapper, F, IntegerField, OrderBy, Q, Value
from django.db.models.functions import Coalesce, Now, TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts_app.models import Account, Role, User
from accounts_app.models.account import AccountQuerySet, SortName
from accounts_app.scope import ROLES_WITH_OWN_LISTS
from signals.compute.registry import BY_KEY
from signals.models import Band, ManualJudgement, Standing

# Who gives accounts an owner, and so sees first those that have none.
ROLES_THAT_ASSIGN = frozenset({Role.SALES_LEADER, Role.ADMINISTRATOR})
WHOSE: Mapping[str, str | Promise] = {"mine": _("Mine"), "team": _("Team"), "all": _("All")}
DEFAULT_SORT = "-at_risk"
NO_OWNER = "none"
# Former customers leave the list unless they are asked for.
CURRENT = ~Q(status=Account.Status.FORMER)
STATUSES: Mapping[str, tuple[str | Promise, Q]] = {
    "": (_("current"), CURRENT),
    "active": (_("active"), Q(status=Account.Status.ACTIVE)),
    "prospect": (_("prospects"), Q(status=Account.Status.PROSPECT)),
    "former": (_("former"), Q(status=Account.Status.FORMER)),
    "all": (_("all, former too"), Q()),
}
# Until when notice may be given; who gave it, or may on any day, is among them whatever the span.
NOTICE_SPANS: Mapping[str, str | Promise] = {
    "30": _("within 30 days"),
    "60": _("within 60 days"),
    "90": _("within 90 days"),
}
# Whose account somebody has judged otherwise than it is computed, or judged at all.
JUDGED: Mapping[str, str | Promise] = {
    "differs": _("differs"),
    "any": _("said"),
}
ALWAYS_OPEN = (Standing.Notice.ANY_DAY, Standing.Notice.RECEIVED)
# Unknown stands between Drifting and Healthy; an account without a standing is unknown.
NOT_JUDGED_RANK = 2
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Column:
    """A heading of the table; `sort` is the order a first press gives, `said_as` what the list is then sorted by."""

    key: str
    label: str | Promise
    sort: str = ""
    said_as: str | Promise = ""


COLUMNS = (
    Column("name", _("Account"), "name", _("name")),
    Column("risk", _("Risk"), "-risk", _("risk")),
    Column("strip", _("18 months")),
    Column("why", _("Why")),
    Column("proactive", _("Proactive contact"), "-proactive", _("days since proactive contact")),
    Column("next", _("Next contact"), "next", _("next contact")),
    Column("expected", _("Expected order"), "expected", _("expected order")),
    Column("notice", _("Notice by"), "notice", _("notice day")),
    Column("incidents", _("incidents"), "-incidents", _("open incidents")),
    Column("revenue", _("Revenue\N{NO-BREAK SPACE}12\N{NO-BREAK SPACE}m"), "-revenue", _("revenue")),
    Column("at_risk", _("at risk"), "-at_risk", _("revenue at risk")),
)

# What a sort reads, for its first direction reversed or not; the name decides between equals.
SORT_FIELDS: Mapping[str, str] = {
    "name": "sort_name",
    "proactive": "standing__last_proactive_on",
    "next": "standing__next_planned_on",
    "expected": "standing__expected_next_on",
    "notice": "standing__notice_on",
    "incidents": "standing__open_incidents",
    "revenue": "standing__revenue_12m",
    "at_risk": "standing__revenue_at_risk",
}
# The longest without contact has the earliest day, and never is longer than any day.
REVERSED_SORTS = {"proactive"}


VACANT_FIRST = ExpressionWrapper(Q(owner=None), output_field=BooleanField()).desc()
# What a row shows of other tables.
SHOWN_WITH = ("standing", "tier", "owner")


@dataclass(frozen=True)
class Filters:
    """The state of the portfolio that its address holds; whatever is not understood falls back to the default."""

    whose: str = "all"
    default_whose: str = "all"
    band: str = ""
    tier: str = ""
    owner: str = ""
    signal: str = ""
    notice: str = ""
    judged: str = ""
    status: str = ""
    search: str = ""
    sort: str = DEFAULT_SORT
    page: str = ""
    # An address that says nothing leads to the reader's start view: the plain list then says whose it is.
    has_start_view: bool = False

    @classmethod
    def of(cls, params: Mapping[str, str], user: User) -> "Filters":
        default = ROLES_WITH_OWN_LISTS.get(user.role, "all")
        sort, owner = params.get("sort", ""), params.get("owner", "")
        return cls(
            whose=_known(params.get("whose", ""), WHOSE if default != "all" else {}, default),
            default_whose=default,
            band=_known(params.get("band", ""), Band.values),
            tier=params.get("tier", "").replace("\0", ""),
            owner=owner if owner == NO_OWNER or _is_key(owner) else "",
            signal=_known(params.get("signal", ""), BY_KEY),
            notice=_known(params.get("notice", ""), NOTICE_SPANS),
            judged=_known(params.get("judged", ""), JUDGED),
            status=_known(params.get("status", ""), STATUSES),
            search=params.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH],
            sort=_known(sort, {sort} if sort.removeprefix("-") in {*SORT_FIELDS, "risk"} else (), DEFAULT_SORT),
            page=params.get("page", ""),
        )

    def address(self, **changes: str) -> str:
        """The query string of this state with some of it changed; a change goes to the first page."""
        changed: dict[str, Any] = {"page": "", **changes}
        state = replace(self, **changed)
        parts = {name: value for name, value in state.parts().items() if value}
        return "?" + urlencode(parts or ({"whose": self.whose} if self.has_start_view else {}))

    def parts(self) -> dict[str, str]:
        """The parameters of the address, empty where the default holds."""
        return {
            "whose": self.whose if self.whose != self.default_whose else "",
            "band": self.band,
            "tier": self.tier,
            "owner": self.owner,
            "signal": self.signal,
            "notice": self.notice,
            "judged": self.judged,
            "status": self.status,
            "q": self.search,
            "sort": self.sort if self.sort != DEFAULT_SORT else "",
            "page": self.page,
        }

    @property
    def query(self) -> str:
        """What is kept of this state in a saved view: all but the page."""
        return urlencode({name: value for name, value in replace(self, page="").parts().items() if value})

    @property
    def is_narrowed(self) -> bool:
        narrowed = (self.band, self.tier, self.owner, self.signal, self.notice, self.judged, self.status, self.search)
        return any(narrowed)

    def in_scope(self, user: User) -> AccountQuerySet:
        """The accounts of this reader, former ones too: the own ones, the teams', or all that may be seen."""
        visible = Account.objects.visible_to(user)
        if self.whose == "mine":
            return visible.mine(user)
        return visible.filter(team__in=user.teams.values("pk")) if self.whose == "team" else visible

    def narrowing(self) -> Q:
        """All that narrows the list but the band, whose counts are shown for each choice."""
        chosen = {
            "tier__key": self.tier,
            "owner": self.owner if self.owner != NO_OWNER else "",
            "standing__top_reasons__contains": [self.signal] if self.signal else "",
            "sort_name__contains": SortName(Value(self.search)) if self.search else "",
        }
        vacant = Q(owner=None) if self.owner == NO_OWNER else Q()
        named = Q(**{lookup: value for lookup, value in chosen.items() if value})
        return named & vacant & _may_leave(self.notice) & _is_judged(self.judged) & STATUSES[self.status][1]

    def in_band(self) -> Q:
        judged_so = Q(standing__band=self.band)
        return judged_so | Q(standing=None) if self.band == Band.UNKNOWN else judged_so if self.band else Q()

    def ordering(self) -> list[OrderBy]:
        key, descending = self.sort.removeprefix("-"), self.sort.startswith("-")
        chosen = _by_risk(descending=descending) if key == "risk" else [_by_field(key, descending=descending)]
        return [*chosen, F("sort_name").asc(), F("pk").asc()]

    def shows_vacant_first(self, user: User) -> bool:
        return self.sort == DEFAULT_SORT and user.role in ROLES_THAT_ASSIGN

    def accounts(self, user: User) -> AccountQuerySet:
        """The accounts of the list, in its order, with all that a row shows."""
        chosen = self.in_scope(user).filter(self.narrowing(), self.in_band()).order_by(*self._order(user))
        return chosen.select_related(*SHOWN_WITH)

    def on_page(self, keys: Any, user: User) -> AccountQuerySet:
        """The accounts of one page of the list, given the part of its keys that the page has.

        Sorted are the keys alone: to sort all that a row shows of every account takes twice as long.
        """
        return Account.objects.filter(pk__in=keys).order_by(*self._order(user)).select_related(*SHOWN_WITH)

    def _order(self, user: User) -> list[OrderBy]:
        return [VACANT_FIRST, *self.ordering()] if self.shows_vacant_first(user) else self.ordering()


def _is_judged(how: str) -> Q:
    """By the company's day, which is that of the request: a judgement that has expired is none."""
    if not how:
        return Q()
    said = ManualJudgement.objects.in_force(TruncDate(Now()))
    if how == "differs":
        said = said.exclude(account__standing__band=F("band"))
    return Q(pk__in=said.order_by().values("account"))


def _may_leave(days: str) -> Q:
    if not days:
        return Q()
    until = F("standing__as_of") + timedelta(days=int(days))
    return Q(standing__notice_on__lte=until) | Q(standing__notice_state__in=ALWAYS_OPEN)


def _known(value: str, choices: Any, default: str = "") -> str:
    return value if value in choices else default


def _is_key(text: str) -> bool:
    # Longer numbers are no keys, and too large for the column.
    return text.isascii() and text.isdecimal() and len(text) <= 18


def _by_risk(*, descending: bool) -> list[OrderBy]:
    rank = Coalesce("standing__band_rank", Value(NOT_JUDGED_RANK), output_field=IntegerField())
    risk = F("standing__risk")
    return [
        OrderBy(rank, descending=not descending),
        risk.desc(nulls_last=True) if descending else risk.asc(nulls_first=True),
    ]


def _by_field(key: str, *, descending: bool) -> OrderBy:
    field = F(SORT_FIELDS[key])
    if key in REVERSED_SORTS:
        return field.asc(nulls_first=True) if descending else field.desc(nulls_last=True)
    return field.desc(nulls_last=True) if descending else field.asc(nulls_last=True)
