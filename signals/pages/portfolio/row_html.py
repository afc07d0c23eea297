"""The rows of the portfolio as HTML; a row that shows what one drawn before showed is not drawn again."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db.models import Model
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts_app.models import Company
from signals.pages.portfolio.rows import Row

# Of each web process; a row takes about four kilobytes.
ROWS_KEPT = 4096


@dataclass(frozen=True)
class _Drawing:
    """What a row is drawn from; two are the same where every value that may be shown is."""

    told: str
    context: dict[str, Any] = field(compare=False)


def row_html(row: Row, company: Company, *, may_act: bool, may_assign: bool) -> SafeString:
    """The row for a reader who may act on it, or give it an owner."""
    account, judgement = row.account, row.judgement
    shown = [company, account, account.tier, account.owner, row.standing, judgement, judgement and judgement.by]
    told = [*map(_values, shown), may_act, may_assign, get_language(), timezone.localdate()]
    context = {
        "row": row,
        "account": account,
        "standing": row.standing,
        "company": company,
        "may_act": may_act,
        "may_assign": may_assign,
    }
    return _drawn(_Drawing(repr(told), context))


@lru_cache(maxsize=ROWS_KEPT)
def _drawn(drawing: _Drawing) -> SafeString:
    html = render_to_string("signals/portfolio_row.html", drawing.context)
    # The key stays for as long as the row does: it need not hold on to models as well.
    drawing.context.clear()
    return html


def _values(shown: Model | None) -> dict[str, Any] | None:
    return None if shown is None else {name: value for name, value in vars(shown).items() if name != "_state"}
