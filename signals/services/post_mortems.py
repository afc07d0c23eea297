"""What is kept with a loss: how large the account was, and what people conclude."""

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts_app.models import Account, Loss, User
from signals.models import PostMortem

# By what was known when the loss was; of no revenue there is no rank.
RANK = """
    WITH lost AS (
        SELECT id, account_id, lost_on, greatest(lost_on, known_on) AS told_on FROM accounts_app_loss
        WHERE account_id = ANY(%(accounts)s)
    ), revenue AS (
        SELECT lost.id, bought.account_id, sum(bought.reporting_amount) AS total
        FROM lost JOIN accounts_app_order bought ON bought.ordered_on > lost.lost_on - 365
            AND bought.ordered_on <= lost.lost_on AND bought.known_on <= lost.told_on
        GROUP BY lost.id, bought.account_id
    )
    INSERT INTO signals_postmortem (loss_id, conclusion, rank_before)
    SELECT lost.id, '', CASE WHEN own.total > 0 THEN (
        SELECT 1 + count(*) FROM revenue other WHERE other.id = lost.id AND other.total > own.total
    ) END
    FROM lost LEFT JOIN revenue own ON own.id = lost.id AND own.account_id = lost.account_id
    ON CONFLICT (loss_id) DO UPDATE SET rank_before = excluded.rank_before"""


def rank_losses(accounts: Collection[int]) -> None:
    """Rank these accounts by revenue in the 12 months before each of their losses, among all of the company.

    It takes the orders of a year, so no page does it: it is done with the judgement of the accounts that changed.
    """
    with connection.cursor() as cursor:
        cursor.execute(RANK, {"accounts": list(accounts)})


def of_loss(loss: Loss) -> PostMortem:
    """The post-mortem of a loss, as yet unsaved where nothing is kept."""
    return getattr(loss, "post_mortem", None) or PostMortem(loss=loss)


def conclude(post_mortem: PostMortem, text: str, *, by: User, today: dt.date) -> None:
    """Write down what is concluded, signed; an empty text takes it back."""
    if not Account.objects.editable_by(by).filter(losses=post_mortem.loss_id).exists():
        raise PermissionDenied
    conclusion = text.strip()
    signed = {"done_by": by, "done_on": today} if conclusion else {"done_by": None, "done_on": None}
    PostMortem.objects.update_or_create(loss_id=post_mortem.loss_id, defaults={"conclusion": conclusion, **signed})
