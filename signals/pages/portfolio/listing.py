"""All that the portfolio shows of one address to one reader, but what changed since the visit before."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.safestring import SafeString

from accounts_app.access import WHO_ACT
from accounts_app.models import Company, User
from accounts_app.scope import Audience
from accounts_app.unchanged import kept_while_unchanged
from signals.pages.notices import Judgement, judgement
from signals.pages.portfolio.address import opened
from signals.pages.portfolio.controls import Controls, controls
from signals.pages.portfolio.filters import ROLES_THAT_ASSIGN, Filters
from signals.pages.portfolio.key_figures import Figures, figures, open_alerts
from signals.pages.portfolio.row_html import row_html
from signals.pages.portfolio.rows import rows
from signals.services.manual_judgements import in_force_of

ROWS_A_PAGE = 50


@dataclass(frozen=True)
class Listing:
    filters: Filters
    left_out: str
    controls: Controls
    figures: Figures
    judgement: Judgement
    page_obj: Page[Any]
    rows: list[SafeString]
    vacant_first: bool
    alerts_in_scope: int
    open_alert_count: int


@kept_while_unchanged
def listing(
    audience: Audience, asked: Iterable[tuple[str, str]], company: Company, today: dt.date, *, has_start_view: bool
) -> Listing:
    """What `asked`, the parameters of an address, shows on a day."""
    user = audience.member
    address = opened(dict(asked), user, has_start_view=has_start_view)
    filters, known = address.filters, judgement(user)
    numbers = figures(filters, user, known.shown.business_date if known.shown else None)
    paginator = Paginator(filters.accounts(user).values("pk"), ROWS_A_PAGE)
    # The key figures have counted the rows already.
    paginator.count = numbers.matching_in(filters.band)
    page = paginator.get_page(filters.page)
    alerts = open_alerts(filters, user)
    accounts = filters.on_page(page.object_list, user)
    judgements = in_force_of([account.pk for account in accounts], today)
    return Listing(
        filters=filters,
        left_out=address.left_out,
        controls=controls(filters, address.choices, numbers, page),
        figures=numbers,
        judgement=known,
        page_obj=page,
        rows=[row_html(row, company, **may(user)) for row in rows(accounts, judgements)],
        vacant_first=address.choices.has_vacant and filters.shows_vacant_first(user),
        alerts_in_scope=alerts["in_scope"],
        open_alert_count=alerts["on_desk"],
    )


def may(user: User) -> dict[str, bool]:
    """What the rows offer this reader."""
    return {"may_act": user.role in WHO_ACT, "may_assign": user.role in ROLES_THAT_ASSIGN}
