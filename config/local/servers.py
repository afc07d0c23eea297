"""The two servers below everything else, each only where its variable does not name a running one."""

import os

from config.local import postgres, valkey
from config.local.state import StateFolder
from config.local.supervisor import Supervisor


def start_servers(supervisor: Supervisor, state: StateFolder) -> dict[str, str]:
    """Start what the environment does not name and return the addresses of what was started."""
    addresses: dict[str, str] = {}
    if not os.environ.get("DATABASE_URL"):
        child, addresses["DATABASE_URL"] = postgres.start(
            state.data,
            secret=state.path / "database_password",
            log=supervisor.log,
            user=state.user,
            lock=state.lock,
        )
        supervisor.servers.append(child)
    if not os.environ.get("REDIS_URL"):
        child, addresses["REDIS_URL"] = valkey.start(state.data, log=supervisor.log, user=state.user, lock=state.lock)
        supervisor.servers.append(child)
    return addresses
