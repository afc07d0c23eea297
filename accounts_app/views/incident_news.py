"""What changed of the incidents, for pages that renew themselves (static/js/live.js)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Max
from django.http import HttpResponse, JsonResponse
from django.utils import timezone

from accounts_app.access import EVERYONE_INSIDE, Request, access
from accounts_app.models import Account, User

# An event is dated by the beginning of its transaction: one that was still under way at the last look is told now.
OVERLAP = timedelta(seconds=15)
# Read from the end of the trail, which has no index by moment. Of a file with more incidents than this the board is
# told, an account's open page perhaps not.
LAST_EVENTS = 500
ALL = "*"
LONGEST_SECONDS = 11


@access(EVERYONE_INSIDE)
def incident_state(request: Request) -> HttpResponse:
    """204 where nothing changed since; else the moment of asking, and when each account's incidents last changed."""
    now = timezone.now()
    changed = changed_since((_moment(request.GET.get("since", "")) or now) - OVERLAP, request.user)
    told = {key: changed[key] for key in request.GET.get("accounts", "").split(",") if key in changed}
    if not told:
        return HttpResponse(status=204)
    return JsonResponse({"since": int(now.timestamp()), "accounts": told})


def newest_change(user: User) -> str:
    """The moment of the last change that a page rendered now shows."""
    return changed_since(datetime.fromtimestamp(0, UTC), user).get(ALL, "0")


def changed_since(moment: datetime, user: User) -> dict[str, str]:
    """When the incidents of each account, as far as `user` sees it, last changed; under `*` when any of them did."""
    model: Any = apps.get_model("accounts_app", "IncidentEvent")
    last = model.objects.order_by("-pgh_id").values("pgh_id")[:LAST_EVENTS]
    events = model.objects.filter(pgh_id__in=last, account__in=Account.objects.visible_to(user).values("pk"))
    rows = events.filter(pgh_created_at__gt=moment).values_list("account_id").annotate(at=Max("pgh_created_at"))
    changed = {str(account): f"{at.timestamp():.6f}" for account, at in rows.order_by("at")}
    return changed | ({ALL: list(changed.values())[-1]} if changed else {})


def _moment(seconds: str) -> datetime | None:
    """A moment given as whole seconds since 1970; nothing else is one."""
    is_number = seconds.isascii() and seconds.isdecimal() and len(seconds) <= LONGEST_SECONDS
    return datetime.fromtimestamp(int(seconds), UTC) if is_number else None
