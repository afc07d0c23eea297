"""Where mail of this installation goes, said where somebody waits for it."""

from django.conf import settings
from django.utils.translation import gettext as _

from accounts_app.models import Company, Role, User

FILES = "django.core.mail.backends.filebased.EmailBackend"


def mail_way(user: User, company: Company) -> str:
    """A sentence where mail goes nowhere but into files; the folder is told to who may know it."""
    if settings.EMAIL_BACKEND != FILES:
        return ""
    if company.simulated or user.role == Role.ADMINISTRATOR:
        said = _("This installation has no mail server: mail is written into files in {folder}.")
        return said.format(folder=settings.EMAIL_FILE_PATH)
    return _("This installation has no mail server: mail is only written into files.")
