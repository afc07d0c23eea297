"""What is known against a day that somebody types for a contact with an account."""

from django.http import HttpResponse
from django.utils.html import escape

from accounts_app.access import WHO_ACT, Request, access
from accounts_app.forms.interaction_fields import day_of
from accounts_app.services.both_sides import calendars
from accounts_app.views.account_frame import editable_account


@access(WHO_ACT)
def day_said(request: Request, pk: int) -> HttpResponse:
    """Asked by the date field itself, whose name is its form's: the one value sent is the day."""
    account = editable_account(request.user, pk)
    day = day_of(next(iter(request.GET.dict().values()), ""))
    said = calendars([account])[account.pk].said_of(day) if day else []
    # Without a line's end: where nothing is against the day, what stands there is empty and takes no room.
    return HttpResponse(escape(" ".join(said)))
