"""The offer to take back what was just done with an alert."""

from typing import TypedDict
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts_app.access import Request
from accounts_app.templatetags.formats import day_text
from signals.models import Alert, AlertAction
from signals.services.alerts import last_undoable

DONE = "done"


class Offer(TypedDict):
    text: str
    url: str
    target: str


def offer_for(action: AlertAction) -> Offer:
    """What the message says and where its button posts."""
    url = reverse("signals:alert_undo", args=[action.alert_id])
    return {"text": _said(action), "url": url, "target": f"#alert-{action.alert_id}"}


def offer_after_redirect(request: Request) -> Offer | None:
    """Without script an act leads back to the list, whose address then names the alert it was about."""
    done = request.GET.get(DONE, "")
    if not (done.isascii() and done.isdecimal() and len(done) <= 18):
        return None
    alert = Alert.objects.visible_to(request.user).filter(pk=done).first()
    action = last_undoable(alert, now=timezone.now()) if alert else None
    return offer_for(action) if action and action.by_id == request.user.pk else None


def address_back(request: Request, *, done: int | None) -> str:
    """Where the reader came from, if that is a page of ours, else the list; with the alert that was acted upon."""
    came_from = request.POST.get("next") or request.headers.get("Referer", "")
    own = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    parts = urlsplit(came_from if own else reverse("signals:alert_list"))
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != DONE]
    if done is not None:
        query.append((DONE, str(done)))
    return urlunsplit(("", "", parts.path, urlencode(query), ""))


def _said(action: AlertAction) -> str:
    if action.kind == AlertAction.Kind.SNOOZE and action.until:
        return _("Snoozed until {day}.").format(day=day_text(action.until))
    if action.kind == AlertAction.Kind.RESOLVE:
        return _("Resolved: {outcome}.").format(outcome=Alert.Outcome(action.outcome).label.lower())
    if action.kind == AlertAction.Kind.RELEASE:
        return _("Released: it stands among those to do.")
    return _("Acknowledged.")
