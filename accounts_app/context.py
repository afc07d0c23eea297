"""What every page shows of the installation and of its reader."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts_app.access import EVERYONE_INSIDE, EXCEPT_OPERATIONS, WHO_ACT
from accounts_app.models import Company, Role

THEMES = ("light", "dark")


@dataclass(frozen=True)
class Entry:
    """A page of the menu, shown only to roles that may open it."""

    label: str | Promise
    url_name: str
    roles: frozenset[Role]
    # First part of the addresses below it; the portfolio answers at the root and keeps its accounts below `accounts/`.
    section: str


MENU = (
    Entry(_("Portfolio"), "signals:portfolio", EXCEPT_OPERATIONS, "accounts"),
    Entry(_("Today"), "cadence:today", WHO_ACT, "today"),
    Entry(_("Alerts"), "signals:alert_list", EXCEPT_OPERATIONS, "alerts"),
    Entry(_("Incidents"), "accounts:incident_board", EVERYONE_INSIDE, "incidents"),
    Entry(_("Cadence"), "cadence:cadence", EXCEPT_OPERATIONS, "cadence"),
    Entry(_("Audits"), "cadence:audit_list", EXCEPT_OPERATIONS, "audits"),
    Entry(_("Values"), "cadence:value_list", EXCEPT_OPERATIONS, "values"),
    Entry(_("Reviews"), "cadence:review_list", EXCEPT_OPERATIONS, "reviews"),
    Entry(_("Contracts"), "cadence:contracts", EXCEPT_OPERATIONS, "contracts"),
    Entry(_("Economics"), "cadence:economics", EXCEPT_OPERATIONS, "economics"),
    Entry(_("Team"), "cadence:team", EXCEPT_OPERATIONS, "team"),
    Entry(_("Backtest"), "signals:backtests", EXCEPT_OPERATIONS, "backtest"),
    Entry(_("Losses"), "signals:loss_list", EXCEPT_OPERATIONS, "losses"),
    Entry(_("Data"), "accounts:data", frozenset({Role.ADMINISTRATOR}), "data"),
    Entry(_("Settings"), "accounts:settings", frozenset({Role.ADMINISTRATOR, Role.SALES_LEADER}), "settings"),
    Entry(_("Administration"), "admin:index", frozenset({Role.ADMINISTRATOR}), "admin"),
)


@dataclass(frozen=True)
class Act:
    """What can be done from anywhere, by a press or a key, in the dialog of the page."""

    label: str | Promise
    url_name: str
    roles: frozenset[Role]
    icon: str
    key: str  # as static/js/keys.js names it

    @property
    def hint(self) -> str:
        """The key as a reader sees it."""
        return self.key.replace("mod+", "Ctrl ").title() if "+" in self.key else self.key.upper()

    @property
    def shortcut(self) -> str:
        """The key as assistive technology is told it."""
        return self.key.replace("mod+", "Control+")


ACTS = (
    Act(_("Log a contact"), "accounts:interaction_log", WHO_ACT, "pencil-square", "c"),
    Act(_("Log an incident"), "accounts:incident_log", WHO_ACT | {Role.OPERATIONS}, "exclamation-triangle", "i"),
    Act(_("Search"), "accounts:search", EVERYONE_INSIDE, "magnifying-glass", "mod+k"),
)


def installation(request: HttpRequest) -> dict[str, Any]:
    """Only the theme for somebody not logged in: the log-in page of a company gives nothing away."""
    chosen = request.COOKIES.get("theme")
    theme = chosen if chosen in THEMES else ""
    if not request.user.is_authenticated:
        return {"theme": theme}
    role = request.user.role
    return {
        "theme": theme,
        "company": company_of(request),
        "navigation": navigation(request, role),
        "acts": [act for act in ACTS if role in act.roles],
    }


class CompanyTimeMiddleware:
    """One time zone decides which day a moment belongs to, and what "today" is: the company's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(ZoneInfo(company_of(request).time_zone)):
            return self.get_response(request)


def company_of(request: HttpRequest) -> Company:
    """The company, read once a request."""
    known: Company | None = getattr(request, "known_company", None)
    company = known or Company.the()
    request.known_company = company  # type: ignore[attr-defined]
    return company


def navigation(request: HttpRequest, role: str) -> list[dict[str, Any]]:
    """The entries of the menu for a role, the one of the page being shown marked."""
    section = request.path.split("/")[1] or MENU[0].section
    return [
        {"label": entry.label, "url_name": entry.url_name, "is_current": entry.section == section}
        for entry in MENU
        if role in entry.roles
    ]
