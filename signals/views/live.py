"""What changed of the accounts a page shows, for pages that renew themselves."""

from datetime import UTC, datetime, timedelta

from django.http import HttpResponse, JsonResponse
from django.utils import timezone

from accounts_app.access import EXCEPT_OPERATIONS, Request, access
from signals.models import Standing

# A row is dated by the beginning of its transaction: one that was still under way at the last look is told now.
OVERLAP = timedelta(seconds=15)
MOST_ACCOUNTS = 500
LONGEST_ID = 18


@access(EXCEPT_OPERATIONS)
def state(request: Request) -> HttpResponse:
    """204 where nothing changed since; else the moment of asking, and when each changed account was computed."""
    since, now = _moment(request.GET.get("since", "")), timezone.now()
    accounts = _ids(request.GET.get("accounts", ""))
    standings = Standing.objects.visible_to(request.user).filter(
        account__in=accounts, computed_at__gt=(since or now) - OVERLAP
    )
    changed = {pk: f"{computed_at.timestamp():.6f}" for pk, computed_at in standings.values_list("pk", "computed_at")}
    if not changed:
        return HttpResponse(status=204)
    return JsonResponse({"since": int(now.timestamp()), "accounts": changed})


def _moment(seconds: str) -> datetime | None:
    """A moment given as whole seconds since 1970; nothing else is one."""
    return datetime.fromtimestamp(int(seconds), UTC) if _is_number(seconds, 11) else None


def _ids(text: str) -> list[int]:
    return [int(part) for part in text.split(",")[:MOST_ACCOUNTS] if _is_number(part, LONGEST_ID)]


def _is_number(text: str, longest: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= longest
