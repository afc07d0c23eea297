"""`manage.py log_ins`: who can log in to the demo."""

from django.core.management.base import BaseCommand

from accounts_app.demo import DEMO_LOGINS
from accounts_app.models import Company, User

INDENT = "  "  # tells these lines from others: `manage.py up` keeps them for its last words


class Command(BaseCommand):
    help = "Print a log-in for each role of the demo portfolio; an installation with people of its own tells none."

    def handle(self, **_options: object) -> None:
        if not Company.the().simulated:
            known = "log in as one of its people" if User.objects.exists() else "run `manage.py createsuperuser`"
            self.stdout.write(f"{INDENT}This is not the demo: {known}.")
            return
        width = max(len(email) for _, email, _ in DEMO_LOGINS)
        for role, email, password in DEMO_LOGINS:
            self.stdout.write(f"{INDENT}{role:<18} {email:<{width}}  {password}")
