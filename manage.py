#!/usr/bin/env python
"""Runs one management command; `manage.py up` starts everything else."""

import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import OperationalError


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("VIGIL_DATABASE_POOL", "0")
    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        if os.environ.get("DATABASE_URL") or (settings.STATE_DIR / "services.json").exists():
            raise
        sys.exit(f"No database answers: run `make up` in another terminal, or set DATABASE_URL.\n{error}")


if __name__ == "__main__":
    main()
