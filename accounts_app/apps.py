from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts_app"
    verbose_name = _("Accounts and facts")

    def ready(self) -> None:
        from accounts_app import checks  # noqa: F401, PLC0415  (registers the check that every address declares its access)
