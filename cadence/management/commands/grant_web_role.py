"""`manage.py grant_web_role`: let web and workers in under a role that owns no table, after each migration."""

import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg import sql

ROLE = "vigil_web"
VARIABLE = "POSTGRES_WEB_PASSWORD"
GRANTS = Path(__file__).parents[2] / "web_role.sql"


class Command(BaseCommand):
    help = (
        f"Make the role {ROLE}, give it the password of {VARIABLE}, and let it read and write rows: run by who owns"
        " the tables, after each migration."
    )

    def handle(self, **_options: object) -> None:
        password = os.environ.get(VARIABLE, "")
        if not password:
            raise CommandError(
                _("%(name)s is not set: the password of the role that web and workers log in with.")
                % {"name": VARIABLE}
            )
        grant(password)
        self.stdout.write(_("%(role)s reads and writes rows, and owns none.") % {"role": ROLE})


@transaction.atomic
def grant(password: str) -> None:
    """Done twice, it is the same; a role that had more than that loses it."""
    role, limits = sql.Identifier(ROLE), sql.SQL("LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS")
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [ROLE])
        verb = sql.SQL("ALTER" if cursor.fetchone()[0] else "CREATE")
        named = sql.SQL("{} ROLE {} WITH {} PASSWORD {}").format(verb, role, limits, sql.Literal(password))
        cursor.execute(named.as_string(cursor.connection))
        database = sql.Identifier(connection.settings_dict["NAME"])
        cursor.execute(
            sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(database, role).as_string(cursor.connection)
        )
        cursor.execute(GRANTS.read_text(encoding="utf-8"))
