"""The saved views a reader may open, and which of them the present list is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from django.urls import reverse

from accounts_app.models import User
from signals.models import SavedView
from signals.pages.portfolio.filters import Filters


@dataclass(frozen=True)
class Shown:
    """A view with its address for this reader; one that narrows nothing still says so in its address."""

    view: SavedView
    state: Filters
    is_start: bool
    is_own: bool

    @property
    def url(self) -> str:
        # As it was saved: what of it no longer holds is said when it is opened.
        asked = f"?{self.view.query}" if self.view.query else self.state.address()
        return reverse("signals:portfolio") + asked


@dataclass(frozen=True)
class Views:
    """Own ones first, then those that others share, by name; `current` is the one whose address the list has."""

    every: list[Shown]
    current: Shown | None = None

    @property
    def own(self) -> list[Shown]:
        return [shown for shown in self.every if shown.is_own]

    @property
    def of_others(self) -> list[Shown]:
        return [shown for shown in self.every if not shown.is_own]

    @property
    def start(self) -> Shown | None:
        return next((shown for shown in self.every if shown.is_start), None)

    def at(self, filters: Filters) -> "Views":
        found = (shown for shown in self.every if shown.state.query == filters.query)
        return replace(self, current=next(found, None))


def views_of(user: User) -> Views:
    """All that this reader may open, in one statement."""
    found = [_shown(view, user) for view in SavedView.objects.visible_to(user).with_start_of(user)]
    return Views(sorted(found, key=lambda shown: not shown.is_own))


def _shown(view: SavedView, user: User) -> Shown:
    is_start: bool = view.is_start  # type: ignore[attr-defined]
    return Shown(view, state_of(view.query, user), is_start, view.owner_id == user.pk)


def state_of(query: str, user: User) -> Filters:
    """What an address asks for; one without anything says whose accounts, lest it lead to the start view."""
    return replace(Filters.of(params_of(query), user), has_start_view=True)


def params_of(query: str) -> Mapping[str, str]:
    return dict(parse_qsl(query.removeprefix("?")))


def back_to(query: str, user: User) -> str:
    """The list somebody came from: of what was sent only what is understood."""
    state = state_of(query, user)
    return reverse("signals:portfolio") + state.address(page=state.page)
