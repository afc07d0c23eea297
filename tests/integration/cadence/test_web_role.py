"""In production web and workers log in with a role that owns no table: it can sign, and cannot undo what is signed."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction

from accounts_app.models import Account, Team, User
from cadence.management.commands.grant_web_role import ROLE, grant
from cadence.models import Audit
from cadence.services.audit_records import verify
from tests.factories import AccountFactory, UserFactory
from tests.factories.audits import open_audit, sign_through

pytestmark = pytest.mark.django_db

FORBIDDEN = (
    "ALTER TABLE cadence_audit DISABLE TRIGGER vigil_keep",
    "ALTER TABLE cadence_audit DISABLE TRIGGER ALL",
    "ALTER TABLE cadence_auditrecord ALTER COLUMN content DROP NOT NULL",
    "DROP TRIGGER vigil_keep ON cadence_auditanswer",
    "DROP FUNCTION vigil_keep_audit CASCADE",
    "CREATE OR REPLACE FUNCTION vigil_keep_audit() RETURNS trigger LANGUAGE sql AS 'SELECT NULL::trigger'",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE TABLE mine (id int)",
    "DROP TABLE cadence_auditrecord",
    "TRUNCATE cadence_actionclosing",
    "TRUNCATE cadence_audit CASCADE",
    "UPDATE cadence_auditrecord SET content = ''",
    "DELETE FROM cadence_auditrecord",
    "UPDATE cadence_auditquestions SET questions = '[]'",
    "DELETE FROM cadence_auditsignature",
    "DELETE FROM django_migrations",
    "SET LOCAL session_replication_role = replica",
    "ALTER ROLE vigil_web SUPERUSER",
    "SET ROLE vigil",
)


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@contextmanager
def as_web() -> Iterator[None]:
    """The session as it is when the role itself has logged in."""
    run(f"SET LOCAL SESSION AUTHORIZATION {ROLE}")
    yield
    run("RESET SESSION AUTHORIZATION")


def test_web_signs_and_takes_nothing_back(north: Team, manager: User, leader: User) -> None:
    grant("a long secret of letters")
    audit = open_audit(AccountFactory(team=north, owner=manager), UserFactory(teams=[north]))
    with as_web():
        sign_through(audit, leader)
        run("GRANT UPDATE, DELETE ON cadence_auditrecord TO vigil_web")  # a warning, and nothing is granted
        for sql in FORBIDDEN:
            told = r"permission denied|must be owner|must be able to SET ROLE|Only roles with"
            with pytest.raises(ProgrammingError, match=told), transaction.atomic():
                run(sql)
    assert Audit.objects.get(pk=audit.pk).state == Audit.State.SIGNED
    assert verify() == []


def test_table_of_the_moment_does_not_stand_in_for_an_audit(north: Team, manager: User, leader: User) -> None:
    """A temporary table is found before any other of its name: by the triggers too, had they no path of their own."""
    grant("a long secret of letters")
    sign_through(open_audit(AccountFactory(team=north, owner=manager), UserFactory(teams=[north])), leader)
    with as_web():
        run("CREATE TEMP TABLE cadence_audit ON COMMIT DROP AS SELECT id, 'open'::text AS state FROM cadence_audit")
        for sql in (
            "UPDATE public.cadence_auditanswer SET score = 5",
            "DELETE FROM public.cadence_auditaction",
            "UPDATE public.cadence_auditsignature SET voided_at = now(), voided_by_id = user_id, voided_reason = 'x'",
            "UPDATE public.cadence_auditcycle SET due_on = due_on + 1",
        ):
            with pytest.raises(IntegrityError, match=r"is signed|holds signed audits"), transaction.atomic():
                run(sql)
        run("DROP TABLE pg_temp.cadence_audit")
    assert verify() == []


def test_table_of_the_moment_does_not_take_the_trail_away(north: Team) -> None:
    grant("a long secret of letters")
    account = AccountFactory(team=north)
    with as_web():
        run("CREATE TEMP TABLE accounts_app_accountevent (LIKE accounts_app_accountevent) ON COMMIT DROP")
        run(f"UPDATE accounts_app_account SET name = 'Another' WHERE id = {account.pk}")
        run("DROP TABLE pg_temp.accounts_app_accountevent")
    trail = Account.pgh_event_model.objects  # type: ignore[attr-defined]
    assert trail.filter(pgh_obj=account.pk, name="Another").exists()


def test_web_may_do_what_an_import_does(north: Team) -> None:
    """Tables for the moment, and fresh counts of what was written."""
    grant("a long secret of letters")
    with as_web():
        run("CREATE TEMP TABLE import_stage (row_no integer) ON COMMIT DROP; ANALYZE import_stage")
        run("ANALYZE accounts_app_account")
        AccountFactory(team=north)


def test_granted_twice_it_is_the_same_and_takes_more_away() -> None:
    grant("one secret")
    run(f"ALTER ROLE {ROLE} CREATEDB; GRANT TRUNCATE ON cadence_audit TO {ROLE}")
    grant("another secret")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolcreatedb, rolsuper, has_table_privilege(rolname, 'cadence_audit', 'TRUNCATE'),"
            " has_table_privilege(rolname, 'cadence_audit', 'UPDATE') FROM pg_roles WHERE rolname = %s",
            [ROLE],
        )
        assert cursor.fetchone() == (False, False, False, True)


def test_without_a_password_nothing_is_granted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POSTGRES_WEB_PASSWORD", raising=False)
    with pytest.raises(CommandError, match="POSTGRES_WEB_PASSWORD is not set"):
        call_command("grant_web_role")
