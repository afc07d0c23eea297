"""What the menu of every page shows of the judgement."""

from collections.abc import Callable
from functools import cache

from django.http import HttpRequest

from accounts_app.scope import Audience, audience_of
from accounts_app.unchanged import kept_while_unchanged
from signals.models import Alert


def menu_counts(request: HttpRequest) -> dict[str, Callable[[], int]]:
    """Counted only where a page shows its menu, once; fragments and pages that know the number already do not ask."""

    @cache
    def open_alert_count() -> int:
        return _on_desk_of(audience_of(request.user)) if request.user.is_authenticated else 0

    return {"open_alert_count": open_alert_count}


@kept_while_unchanged
def _on_desk_of(audience: Audience) -> int:
    return Alert.objects.on_desk_of(audience.member).wanting_attention().count()
