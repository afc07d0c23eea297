"""The accounts with which one looks around the demo: one per role."""

from typing import Final, NamedTuple

from accounts_app.demo.slugs import slug
from accounts_app.demo.staff import ADMINISTRATOR, EXECUTIVE, MAIL_DOMAIN, OPERATIONS, SHOWN_LEADER, SHOWN_MANAGER

PASSWORDS: Final = {
    "account_manager": "demo-account-manager",
    "sales_leader": "demo-sales-leader",
    "operations": "demo-operations-desk",
    "administrator": "demo-administrator",
    "read_only": "demo-read-only",
}
"""Simulated people only; everybody of a role has the same."""


class Login(NamedTuple):
    label: str
    email: str
    password: str


def email_of(name: str) -> str:
    return f"{slug(name, '.')}@{MAIL_DOMAIN}"


DEMO_LOGINS: Final = (
    Login("Account manager", email_of(SHOWN_MANAGER), PASSWORDS["account_manager"]),
    Login("Sales leader", email_of(SHOWN_LEADER), PASSWORDS["sales_leader"]),
    Login("Operations", email_of(OPERATIONS[0]), PASSWORDS["operations"]),
    Login("Administrator", email_of(ADMINISTRATOR), PASSWORDS["administrator"]),
    Login("Read-only", email_of(EXECUTIVE), PASSWORDS["read_only"]),
)
