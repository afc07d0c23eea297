"""A simulated supplier and its portfolio; docs/demo.md describes the process."""

from accounts_app.demo.logins import DEMO_LOGINS

__all__ = ["DEMO_LOGINS"]
