"""A row found, as the search shows it: what it is, whose, when, and the address of exactly that row."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.models import Account, ChangeEvent, Contact, Incident, Inquiry, Interaction, User
from accounts_app.search.result import Result
from accounts_app.search.wording import Wording, joined


def of_account(account: Account, wording: Wording, user: User) -> Result:
    name = "signals:account" if user.may_see_money else "accounts:contact_list"
    former = account.get_status_display() if account.status != Account.Status.ACTIVE else ""
    whose = account.owner.get_short_name() if account.owner else _("no owner")
    return Result(
        url=reverse(name, args=[account.pk]),
        title=wording.marked(account.name),
        icon="building-office-2",
        detail=joined((former, account.tier, whose, account.country)),
    )


def of_contact(contact: Contact, wording: Wording) -> Result:
    gone = _("has left") if contact.left_on else ""
    title, mail = wording.marked(contact.name), wording.marked(contact.email)
    is_by_mail = "<mark>" in mail and "<mark>" not in title
    return Result(
        url=_row_url("accounts:contact_list", contact.account_id, contact.pk),
        title=title,
        icon="user",
        detail=mail if is_by_mail else joined((gone, contact.title or contact.get_level_display())),
        account=contact.account.name,
    )


def of_note(note: Interaction, wording: Wording) -> Result:
    return Result(
        url=_row_url("accounts:interaction_list", note.account_id, note.pk),
        title=wording.snippet(note.note),
        icon="chat-bubble-left",
        detail=joined((note.get_channel_display(), note.get_purpose_display(), _state_of(note))),
        account=note.account.name,
        day=note.happened_on or note.planned_on or note.due_on,
    )


def of_incident(incident: Incident, wording: Wording) -> Result:
    state = _("open") if incident.is_open else _("resolved")
    title = wording.marked(str(incident))
    elsewhere = "" if "<mark>" in title else wording.snippet(f"{incident.note} {incident.resolution}".strip())
    return Result(
        url=_row_url("accounts:incident_list", incident.account_id, incident.pk),
        title=title,
        icon="exclamation-triangle",
        detail=elsewhere or joined((incident.get_severity_display(), state)),
        account=incident.account.name,
        day=timezone.localdate(incident.opened_at),
    )


def of_event(event: ChangeEvent, wording: Wording) -> Result:
    return Result(
        url=_row_url("accounts:event_list", event.account_id, event.pk),
        title=wording.marked(event.title),
        icon="flag",
        detail=joined((event.get_kind_display(), event.source)),
        account=event.account.name,
        day=event.happened_on,
    )


def of_inquiry(inquiry: Inquiry, wording: Wording) -> Result:
    return Result(
        url=_row_url("accounts:inquiry_list", inquiry.account_id, inquiry.pk),
        title=wording.marked(str(inquiry)),
        icon="document-text",
        detail=joined((inquiry.get_kind_display(), inquiry.get_outcome_display())),
        account=inquiry.account.name,
        day=inquiry.asked_on,
    )


def _row_url(name: str, account: int, row: int) -> str:
    return f"{reverse(name, args=[account])}?ids={row}"


def _state_of(note: Interaction) -> str:
    return "" if note.state == Interaction.State.DONE else str(note.get_state_display())
