"""Whom a row names: a contact of its account, or one of us; and how high a job title stands."""

from .account_keys import JOIN_KEY
from .staging import Load
from .tables import CONTACTS, USERS

# A contact's level, where the file has only a job title: first match in this order. Regular expressions of PostgreSQL.
EXECUTIVE_TITLES = (
    r"\m("
    r"ceo|cfo|coo|cto|cio|chief|president|president[e]?|owner|founder|partner|vp|vice|"
    r"director|managing|board|inhaber(in)?|gesch[aä]ftsf[uü]hr\w*|vorstand|direktor\w*|"
    r"pr[eé]sident\w*|directeur|directrice|g[eé]rant\w*|pdg|proprietaire|propri[eé]taire"
    r")\M"
)
MANAGEMENT_TITLES = (
    r"\m("
    r"manager\w*|head|lead|leader|supervisor|superintendent|controller|leiter(in)?|"
    r"\w+leiter(in)?|leitung|chef|cheffe|responsable|meister|teamleiter\w*"
    r")\M"
)

# What people set by hand stays, unless the file has a column for it.
GUESSED_LEVEL = (
    f"CASE WHEN i.title ~* '{EXECUTIVE_TITLES}' THEN 'executive' "
    f"WHEN i.title ~* '{MANAGEMENT_TITLES}' THEN 'management' ELSE 'operational' END"
)
_NAMES_CONTACT = "c.external_key = s.contact OR lower(c.email) = lower(s.contact) OR lower(c.name) = lower(s.contact)"


def resolve_contact(load: Load) -> None:
    """Find the contact a row names, by key, mail address or name within its account, or reject the row.

    The stage gets a column `contact_id`.
    """
    load.run("ALTER TABLE import_stage ADD contact_id bigint")
    if "contact" not in load.present:
        return
    load.run(
        f"""
        CREATE TEMP TABLE import_named ON COMMIT DROP AS
        SELECT s.row_no, c.id, rank() OVER (PARTITION BY s.row_no ORDER BY
            CASE WHEN c.external_key = s.contact THEN 0 WHEN lower(c.email) = lower(s.contact) THEN 1 ELSE 2 END
        ) AS place
        FROM import_stage s {JOIN_KEY.format(account="s.account")}
        JOIN {CONTACTS} c ON c.account_id = k.account_id AND ({_NAMES_CONTACT}) WHERE s.contact IS NOT NULL
        """
    )
    load.run(
        """
        UPDATE import_stage s SET contact_id = n.id FROM (SELECT row_no, min(id) AS id FROM import_named
            WHERE place = 1 GROUP BY row_no HAVING count(*) = 1) n WHERE n.row_no = s.row_no
        """
    )
    load.reject(
        "s.contact IS NOT NULL AND s.contact_id IS NULL",
        column="contact",
        value="s.contact",
        reason=f"""
            CASE WHEN EXISTS (SELECT 1 FROM import_named n WHERE n.row_no = s.row_no)
                THEN 'names several contacts of this account; use their keys or mail addresses'
            WHEN EXISTS (SELECT 1 FROM {CONTACTS} c WHERE {_NAMES_CONTACT}) THEN 'is a contact of another account'
            ELSE 'not known as a contact of this account; load the contacts first' END
        """,
    )


# A contact taken over from the stored row stays only while the account is the same.
CONTACT_ID = f"(SELECT c.id FROM {CONTACTS} c WHERE c.id = i.contact_id AND c.account_id = i.account_id)"


def resolve_user(load: Load, field: str) -> None:
    """Find the user a row names, by mail address or name, or reject the row; the stage gets a column `user_id`."""
    load.run("ALTER TABLE import_stage ADD user_id bigint")
    load.run(
        f"""
        UPDATE import_stage s SET user_id = n.id FROM (
            SELECT s.row_no, min(u.id) AS id FROM import_stage s
            JOIN {USERS} u ON lower(u.email) = lower(s."{field}") OR u.name = s."{field}"
            GROUP BY s.row_no HAVING count(*) = 1) n WHERE n.row_no = s.row_no
        """
    )
    load.reject(
        f's."{field}" IS NOT NULL AND s.user_id IS NULL',
        column=field,
        value=f's."{field}"',
        reason="'not the e-mail address or name of exactly one user here'",
    )
