"""The secret address of a user's calendar, and what stands in it: what this user may see now, no more."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterator
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, DateTimeField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.models import Account, Contract, Interaction, Role, User
from accounts_app.scope import mine
from cadence.calendar import Entry
from cadence.models import Audit, AuditAction, AuditCycle, CalendarFeed

Row = TypeVar("Row", Interaction, Contract)
# What was planned long ago and never done is no entry any more.
LOOK_BACK = dt.timedelta(days=90)
LOOK_AHEAD = dt.timedelta(days=730)
MOST_ENTRIES = 2000
# A program that asks every minute is not written down each time.
READ_NOTED_EVERY = dt.timedelta(hours=1)
ROLES_OF_ALL_DEADLINES = frozenset({Role.SALES_LEADER, Role.READ_ONLY})


def renew(user: User) -> str:
    """Draw a new address for a user's calendar and return its secret, which is stored nowhere; the old one is dead."""
    token = secrets.token_urlsafe(32)
    fields = {"token_hash": _hash(token), "created_at": timezone.now(), "last_read_at": None}
    CalendarFeed.objects.update_or_create(user=user, defaults=fields)
    return token


def revoke(user: User) -> bool:
    return bool(CalendarFeed.objects.filter(user=user).delete()[0])


def reader_of(token: str) -> User | None:
    """Whose address this is, if its owner may still log in and see contacts.

    One hash and one look into an index, whatever was sent: how long it takes tells nothing of a secret.
    """
    found = CalendarFeed.objects.filter(token_hash=_hash(token), user__is_active=True)
    feed = found.exclude(user__role=Role.OPERATIONS).select_related("user").first()
    if feed is None:
        return None
    now = timezone.now()
    unread = Q(last_read_at=None) | Q(last_read_at__lt=now - READ_NOTED_EVERY)
    CalendarFeed.objects.filter(unread, pk=feed.pk).update(last_read_at=now)
    return feed.user


def entries(user: User, today: dt.date) -> list[Entry]:
    return [*_contacts(user, today), *_deadlines(user, today), *_audits(user, today), *_actions(user, today)]


def with_changes(rows: QuerySet[Row]) -> QuerySet[Row]:
    """The rows, each with how often and when it last became another, as its audit trail tells."""
    trail: Any = rows.model
    events = trail.pgh_event_model.objects.filter(pgh_obj=OuterRef("pk")).order_by().values("pgh_obj")
    times = Subquery(events.annotate(n=Count("pk")).values("n"))
    last = Subquery(events.annotate(last=Max("pgh_created_at")).values("last"), output_field=DateTimeField())
    return rows.annotate(changed_times=Coalesce(times, 0), changed_at=Coalesce(last, "recorded_at"))


def planned_entry(plan: Interaction) -> Entry:
    """A planned contact as an entry of one of us: whom, what to bring, the way to the account; no note."""
    people = ", ".join(contact.name for contact in plan.contacts.all())
    account_url = settings.BASE_URL + reverse("signals:account", args=[plan.account_id])
    told = [
        _("Whom: {people}").format(people=people) if people else "",
        _("To bring: {item}").format(item=plan.value_item) if plan.value_item else _("Nothing to bring chosen yet."),
        account_url,
    ]
    return Entry(
        uid=f"contact-{plan.pk}@{host()}",
        day=plan.planned_on or plan.known_on,
        summary=f"{plan.get_channel_display()}: {plan.account.name}",
        description="\n".join(line for line in told if line),
        url=account_url,
        changed_at=vars(plan)["changed_at"],
        sequence=vars(plan)["changed_times"],
    )


def host() -> str:
    """What makes a name of ours one in the world."""
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def _contacts(user: User, today: dt.date) -> Iterator[Entry]:
    """Contacts that are this user's to make, or planned with an own account."""
    current = Account.objects.visible_to(user).current().values("pk")
    plans = (
        Interaction.objects.visible_to(user)
        .planned()
        .filter(Q(by=user) | Q(account__owner=user), account__in=current, planned_on__gte=today - LOOK_BACK)
    )
    related = with_changes(plans).select_related("account", "value_item").prefetch_related("contacts")
    return map(planned_entry, related.order_by("planned_on", "pk")[:MOST_ENTRIES])


def _deadlines(user: User, today: dt.date) -> Iterator[Entry]:
    """The last days for notice: of the own accounts, for who leads or looks at a team of all of it."""
    contracts = Contract.objects.visible_to(user).filter(
        account__in=Account.objects.visible_to(user).current().values("pk"),
        ends_on__isnull=False,
        ends_on__gte=today - LOOK_BACK,
        notice_received_on=None,
        no_cause=False,
    )
    if user.role not in ROLES_OF_ALL_DEADLINES:
        contracts = contracts.filter(mine(user, "account__"))
    for contract in with_changes(contracts).select_related("account").order_by("ends_on", "pk")[:MOST_ENTRIES]:
        deadline = contract.notice_deadline
        if deadline is not None and today - LOOK_BACK <= deadline <= today + LOOK_AHEAD:
            yield _deadline_entry(contract, deadline)


def _deadline_entry(contract: Contract, deadline: dt.date) -> Entry:
    url = settings.BASE_URL + reverse("accounts:contract_list", args=[contract.account_id])
    return Entry(
        # A contract imported anew keeps its row; its next term is another entry.
        uid=f"notice-{contract.pk}-{contract.ends_on}@{host()}",
        day=deadline,
        summary=_("Last day for notice: {account}").format(account=contract.account.name),
        description=_("Contract {contract}").format(contract=contract) + "\n" + url,
        url=url,
        changed_at=vars(contract)["changed_at"],
        sequence=vars(contract)["changed_times"],
    )


def _audits(user: User, today: dt.date) -> Iterator[Entry]:
    """The due days of each quarter in which audits wait for this user; which ones, the page behind the link tells."""
    for day_name, label, waiting in _duties(user):
        recent = {f"{day_name}__gte": today - LOOK_BACK}
        for cycle in AuditCycle.objects.filter(pk__in=waiting.order_by().values("cycle"), **recent):
            yield _audit_entry(f"audit-{cycle.name}-{day_name}", cycle, getattr(cycle, day_name), label)


def _duties(user: User) -> Iterator[tuple[str, str, QuerySet[Audit]]]:
    """What is due when: answers of who reviews, signatures of who owns the account or leads its team."""
    under_way = Audit.objects.visible_to(user).under_way()
    to_answer = under_way.filter(state=Audit.State.OPEN, reviewer=user)
    yield "answers_due_on", _("Audit {quarter}: answers due"), to_answer
    to_sign = Q(state=Audit.State.OPEN, account__owner=user)
    if user.role == Role.SALES_LEADER:
        to_sign |= ~Q(owner=user) & ~Q(account__owner=user)
    yield "due_on", _("Audit {quarter}: signatures due"), under_way.filter(to_sign)


def _audit_entry(name: str, cycle: AuditCycle, day: dt.date, label: str) -> Entry:
    """The days of a quarter never move once it is open."""
    url = settings.BASE_URL + reverse("cadence:audit_list")
    return Entry(
        uid=f"{name}@{host()}",
        day=day,
        summary=label.format(quarter=cycle.name),
        description=url,
        url=url,
        changed_at=cycle.opened_at,
    )


def _actions(user: User, today: dt.date) -> Iterator[Entry]:
    """What an audit gave this user to do; the words stay here, as those of a note do."""
    agreed = AuditAction.objects.visible_to(user).open().agreed()
    actions = agreed.filter(owner=user, due_on__gte=today - LOOK_BACK)
    for action in actions.select_related("audit__account", "audit__cycle").order_by("due_on", "pk")[:MOST_ENTRIES]:
        account, quarter = action.audit.account, action.audit.cycle.name
        url = settings.BASE_URL + reverse("cadence:audit", args=[quarter, account.pk])
        yield Entry(
            uid=f"audit-action-{action.pk}@{host()}",
            day=action.due_on,
            summary=_("Action of the audit {quarter}: {account}").format(quarter=quarter, account=account.name),
            description=url,
            url=url,
            changed_at=action.made_at,
        )


def _hash(token: str) -> str:
    """A drawn secret needs no slow hash: nobody guesses 256 bits."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
