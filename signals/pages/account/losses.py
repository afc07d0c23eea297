"""What the page of an account says of its losses: lost, won back, and what is to be done about its status."""

from dataclasses import dataclass
from typing import Any

from accounts_app.models import Account, Loss, User


@dataclass(frozen=True)
class AccountLoss:
    """The last loss of the whole account; `loss` has `won_back_on`."""

    loss: Any
    is_former: bool

    @property
    def wants_status(self) -> bool:
        """It orders again while its status still says that it is no customer."""
        return self.is_former and self.loss.won_back_on is not None


def account_loss(account: Account, user: User) -> AccountLoss | None:
    whole = Loss.objects.visible_to(user).whole().filter(account=account)
    last = whole.with_won_back().order_by("-lost_on", "-pk").first()
    return AccountLoss(last, account.status == Account.Status.FORMER) if last else None
