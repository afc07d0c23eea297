"""The people at an account: who they are, since when, and when one of us last met them."""

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Max, OuterRef, Q, Subquery
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts_app.access import EVERYONE_INSIDE, WHO_ACT, Request, access
from accounts_app.models import Contact, Interaction
from accounts_app.models.person import ContactQuerySet
from accounts_app.services.contact_departure import take_back
from accounts_app.views.account_frame import account_frame, editable_account, visible_account
from accounts_app.views.evidence import address_without_evidence, evidence_of
from accounts_app.views.fragments import page_or_fragment, saved
from accounts_app.views.listing import Column, page_of, sorting

# The keys of the levels happen to sort from the top down.
COLUMNS = (
    Column("name", _("Name"), "name"),
    Column("level", _("Level"), "level"),
    Column("role", _("Role"), "role"),
    Column("since", _("Since"), "since", descending_first=True),
    Column("met", _("Last met"), "last_met_on", descending_first=True),
    Column("left", _("Left"), "left_on", descending_first=True),
    Column("source", _("Source")),
)
# What operations see: the people to talk to about an incident, not who of us met whom.
COLUMNS_OF_OPERATIONS = tuple(column for column in COLUMNS if column.key not in {"met", "source"})


@access(EVERYONE_INSIDE)
def contact_list(request: Request, pk: int) -> HttpResponse:
    account = visible_account(request.user, pk)
    sees_meetings = request.user.may_see_money
    order = sorting(request, COLUMNS if sees_meetings else COLUMNS_OF_OPERATIONS, default="level")
    evidence = evidence_of(request)
    contacts = Contact.objects.visible_to(request.user).filter(evidence.condition("", "known_on"), account=account)
    if sees_meetings:
        contacts = with_last_met(contacts)
    # Who left stands last in whatever order: the page is first about whom one can still call.
    rows = contacts.alias(has_left=Q(left_on__isnull=False)).order_by("has_left", *order.ordering)
    context = {
        **account_frame(request, account, "contacts"),
        **page_of(request, rows.select_related("successor", "feed")),
        "headers": order.headers,
        "evidence": evidence,
        "all_rows_url": address_without_evidence(request),
    }
    template = "contact_list.html" if sees_meetings else "operations/contact_list.html"
    return page_or_fragment(request, f"accounts_app/{template}", context)


@access(WHO_ACT, methods=("POST",))
def contact_undo(request: Request, pk: int, ticket: str) -> HttpResponse:
    """Take back that somebody leaves, who follows, and the hand-over contact."""
    account = editable_account(request.user, pk)
    back = reverse("accounts:contact_list", args=[pk])
    try:
        take_back(ticket, account, by=request.user)
    except signing.SignatureExpired:
        return saved(request, text=_now("This can no longer be taken back. Edit the contact instead."), back=back)
    except (signing.BadSignature, Contact.DoesNotExist) as missing:
        raise Http404 from missing
    except ValidationError as refusal:
        return saved(request, text=" ".join(refusal.messages), back=back)
    return saved(request, text=_now("Taken back: the contact stays as before."), back=back)


def with_last_met(contacts: ContactQuerySet) -> ContactQuerySet:
    """Add the day of the last done interaction a contact took part in."""
    met = Interaction.objects.done().filter(contacts=OuterRef("pk")).order_by().values("contacts")
    return contacts.annotate(last_met_on=Subquery(met.annotate(day=Max("happened_on")).values("day")))
