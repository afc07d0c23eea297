"""Why a value item is proposed for an account, in a few words."""

import datetime as dt

from django.utils.translation import gettext as _

from accounts_app.models import Account, ValueItem
from accounts_app.value_ranking import Fit

DAYS_OF_MONTH = 30
# More reasons than these are not read; the strongest come first.
REASONS_TOLD = 2


def reason(account: Account, item: ValueItem, fit: Fit, *, today: dt.date) -> str:
    """A fragment without capital or full stop, to stand behind the item's title."""
    return ", ".join([*_what_speaks_for_it(account, item, fit)[:REASONS_TOLD], _when_brought(fit, today)])


def _what_speaks_for_it(account: Account, item: ValueItem, fit: Fit) -> list[str]:
    told = (
        (fit.initiative, _("fits their initiative “{title}”").format(title=fit.initiative)),
        (fit.wanted_more, _("they wanted more on {topic}").format(topic=item.topic)),
        (fit.industry, _("for {industry}").format(industry=account.industry)),
        (fit.product, _("for the {products} they buy").format(products=fit.product)),
    )
    return [text for holds, text in told if holds]


def _when_brought(fit: Fit, today: dt.date) -> str:
    if fit.last_on is None:
        return _("not brought yet")
    return _("last brought {n} months ago").format(n=(today - fit.last_on).days // DAYS_OF_MONTH)
