"""The owner and deputy an account has today, after its history was changed by a file."""

from accounts_app.importing.staging import Load
from accounts_app.importing.tables import ACCOUNTS, CHANGES, OWNERSHIPS, label_of
from accounts_app.importing.upsert import mark_accounts
from accounts_app.models import Account


def settle_accounts(load: Load) -> None:
    """Give accounts the owner and deputy that their history says; a duty the file does not speak of stays."""
    _take_present(load)
    _keep_earlier(load)
    load.run(
        f"""
        UPDATE {ACCOUNTS} a SET owner_id = s.owner_id, deputy_id = s.deputy_id FROM import_settled s WHERE s.id = a.id
        """
    )
    mark_accounts(load, "SELECT id FROM import_settled")


def _take_present(load: Load) -> None:
    """Make import_settled of the accounts whose owner or deputy is not whom their history names for today."""
    load.run(
        f"""
        CREATE TEMP TABLE import_settled ON COMMIT DROP AS
        WITH spoken AS (
            SELECT account_id, duty FROM import_item UNION SELECT account_id, duty FROM import_ended
        ),
        present AS (
            SELECT s.account_id, s.duty, o.user_id FROM spoken s LEFT JOIN {OWNERSHIPS} o
                ON o.account_id = s.account_id AND o.duty = s.duty AND o.from_day <= %(today)s
                AND (o.until_day IS NULL OR o.until_day > %(today)s)
        ),
        wanted AS (
            SELECT a.id, a.owner_id AS old_owner, a.deputy_id AS old_deputy, w.user_id IS NOT NULL AS owner_said,
                   CASE WHEN w.account_id IS NULL THEN a.owner_id ELSE w.user_id END AS owner_id,
                   CASE WHEN d.account_id IS NULL THEN a.deputy_id ELSE d.user_id END AS deputy_id
            FROM {ACCOUNTS} a LEFT JOIN present w ON w.account_id = a.id AND w.duty = 'owner'
            LEFT JOIN present d ON d.account_id = a.id AND d.duty = 'deputy'
            WHERE w.account_id IS NOT NULL OR d.account_id IS NOT NULL
        )
        SELECT id, old_owner, old_deputy,
               CASE WHEN owner_id = deputy_id AND NOT owner_said THEN NULL ELSE owner_id END AS owner_id,
               CASE WHEN owner_id = deputy_id AND owner_said THEN NULL ELSE deputy_id END AS deputy_id
        FROM wanted
        """
    )
    load.run(
        """
        DELETE FROM import_settled
        WHERE owner_id IS NOT DISTINCT FROM old_owner AND deputy_id IS NOT DISTINCT FROM old_deputy
        """
    )


def _keep_earlier(load: Load) -> None:
    load.run(
        f"""
        INSERT INTO {CHANGES} (batch_id, model, object_id, before)
        SELECT %(batch)s, %(model)s, id, jsonb_build_object('owner_id', old_owner, 'deputy_id', old_deputy)
        FROM import_settled
        """,
        model=label_of(Account),
    )
