"""Writes docs/access.md: which role may call which address, as the views declare it."""

from typing import Any

from django.core.management.base import BaseCommand
from django.urls import get_resolver

from accounts_app.access import Access, view_access
from accounts_app.checks import GUARDED_ELSEWHERE, addresses
from accounts_app.models import Role

HEAD = """# Who may call which address

Written by `manage.py access_table` from what every view declares; a test compares this file with the answers of the
running pages. An address that declares nothing does not start. *Secret*: no log-in, but the address itself is
one, drawn at random or signed; any other answers 404. Which *rows* a role sees is decided in
`accounts_app/scope.py`: a foreign account and a missing one both answer 404.

"""


def declared() -> list[tuple[str, str, Access]]:
    """Every own address with its name and access, sorted by address."""
    found = [
        (f"/{route}", pattern.lookup_str, view_access(pattern.callback))
        for route, pattern in addresses(get_resolver().url_patterns)
    ]
    return sorted((route, name, access) for route, name, access in found if access is not None)


def table() -> str:
    rows = [("address", "methods", *(role.label for role in Role)), ("---", "---", *("---" for _role in Role))]
    for route, _name, access in declared():
        marks = ("secret" if access.by_secret else "yes" if role in access.roles else "–" for role in Role)
        rows.append((f"`{route}`", " ".join(access.methods), *marks))
    guarded = "\n".join(f"- `/{route}`: {guard}" for route, guard in GUARDED_ELSEWHERE.items())
    return (
        HEAD + "".join(f"| {' | '.join(map(str, row))} |\n" for row in rows) + f"\nGuarded by libraries:\n\n{guarded}\n"
    )


class Command(BaseCommand):
    help = "Print the table of roles and addresses (kept in docs/access.md)."
    requires_system_checks = ()

    def handle(self, **_options: Any) -> None:
        self.stdout.write(table(), ending="")
