"""Which user the servers run as: PostgreSQL refuses to run as root, so there somebody with fewer rights runs them."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from config.local.errors import LocalServersError


@dataclass(frozen=True)
class ServerUser:
    name: str
    uid: int
    gid: int


def server_user() -> ServerUser | None:
    """Return the user to switch to, or None where the servers run as whoever starts them."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerUser(name=name, uid=found.pw_uid, gid=found.pw_gid)
    raise LocalServersError(
        "PostgreSQL does not run as root and this machine has neither a user postgres nor nobody: "
        "start Vigil as a plain user, or set DATABASE_URL and REDIS_URL."
    )


def may_enter(folder: Path, user: ServerUser | None) -> bool:
    """Whether `user` gets through every folder on the way to `folder` and into it (only mode bits are looked at)."""
    if user is None:
        return True
    resolved = folder.resolve()
    return all(_may_pass(step, user) for step in (resolved, *resolved.parents) if step.exists())


def _may_pass(folder: Path, user: ServerUser) -> bool:
    status = folder.stat()
    if status.st_uid == user.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == user.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def give(path: Path, user: ServerUser | None) -> None:
    """Hand a file or folder that was just made to the servers' user."""
    if user is not None:
        os.chown(path, user.uid, user.gid)
