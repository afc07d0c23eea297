"""Whose accounts a page is about: the own ones, those of the own teams, or all that may be seen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts_app.models import Account, Role, User
from accounts_app.models.account import AccountQuerySet
from accounts_app.scope import ROLES_WITH_OWN_LISTS
from signals.pages.portfolio.controls import Option
from signals.pages.portfolio.filters import WHOSE


@dataclass(frozen=True)
class Whose:
    """The scope of a page, as its address holds it; what is not understood is the role's own."""

    user: User
    key: str

    @classmethod
    def of(cls, params: Mapping[str, str], user: User) -> "Whose":
        default = ROLES_WITH_OWN_LISTS.get(user.role, "all")
        asked = params.get("whose", "")
        return cls(user, asked if default != "all" and asked in WHOSE else default)

    def accounts(self) -> AccountQuerySet:
        """Former customers too."""
        visible = Account.objects.visible_to(self.user).order_by()
        if self.key == "mine":
            return visible.mine(self.user)
        return visible.filter(team__in=self.user.teams.values("pk")) if self.key == "team" else visible

    @property
    def words(self) -> str:
        """Of whose accounts the figures are, within a sentence."""
        said = {"mine": _("your accounts"), "team": _("the accounts of your teams")}
        return said.get(self.key) or (
            _("all accounts") if self.user.role == Role.ADMINISTRATOR else _("all accounts you see")
        )

    def options(self, address: Callable[[str], str]) -> list[Option]:
        """What can be chosen; nothing for those who have no accounts of their own."""
        if self.user.role not in ROLES_WITH_OWN_LISTS:
            return []
        return [Option(label, address(key), key == self.key) for key, label in WHOSE.items()]

    def portfolio(self, **parts: str) -> str:
        """The portfolio of the same accounts, narrowed further."""
        return f"{reverse('signals:portfolio')}?{urlencode({'whose': self.key, **parts})}"
