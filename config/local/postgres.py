"""PostgreSQL as a direct child: made once in a side folder, on 127.0.0.1 only, with a password of its own."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
from psycopg import sql

from config.local.binaries import PostgresPrograms, find_postgres
from config.local.children import Child, Log
from config.local.errors import LocalServersError, ServerDiedError
from config.local.identity import ServerUser, give
from config.local.state import free_port, kept_secret

NAME = "database"
OWNER = DATABASE = "vigil"
START_SECONDS = 60.0
STOP_SECONDS = 30.0
POLL_SECONDS = 0.03
BUILTIN_LOCALE_SINCE = 17

# Throw-away clusters of tests: nothing of theirs must survive a power cut.
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def start(
    folder: Path, *, secret: Path, log: Log, user: ServerUser | None, lock: int = -1, durable: bool = True
) -> tuple[Child, str]:
    """Start the cluster of `folder`, making it first where there is none; return the child and its address."""
    programs = find_postgres(user)
    password = kept_secret(secret)
    cluster = folder / f"postgres-{programs.major}"
    if not cluster.exists():
        _refuse_other_major(folder, programs)
        _make_cluster(cluster, programs, password, user)
    # Whoever holds the lock of the state folder knows that no server of it is alive: a pid file left by
    # a kill -9 may name a stranger by now, and PostgreSQL would believe it.
    (cluster / "postmaster.pid").unlink(missing_ok=True)
    port = free_port()
    child = Child(
        name=NAME,
        command=[programs.postgres, "-D", str(cluster), *_options(port, durable=durable)],
        log=log,
        env=_clean_environment(),
        stop_with=signal.SIGINT,  # "fast": ends sessions, writes everything down
        abandon=signal.SIGINT,
        patience=STOP_SECONDS,
        user=user,
        cwd=cluster,
        mute=re.compile(r"LOG: "),
        keep_open=(lock,) if lock >= 0 else (),
    )
    child.start()
    url = f"postgresql://{OWNER}:{password}@127.0.0.1:{port}/{DATABASE}"
    try:
        _wait(child, cluster, url)
    except BaseException:
        child.stop()
        raise
    return child, url


def _clean_environment() -> dict[str, str]:
    # PGHOST, PGDATA and the like of the person's shell would redirect the server's own programs.
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _options(port: int, *, durable: bool) -> list[str]:
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        "password_encryption": "scram-sha-256",
        "log_line_prefix": "",
        "log_checkpoints": "off",
        "log_min_messages": "warning",
        "max_connections": "100",
        **({} if durable else NOT_DURABLE),
    }
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _refuse_other_major(folder: Path, programs: PostgresPrograms) -> None:
    others = [path.name for path in folder.glob("postgres-*") if path.is_dir()]
    if others:
        raise LocalServersError(
            f"{folder} holds data of {', '.join(others)}, the programs at hand are PostgreSQL {programs.major}: "
            "dump with the old version and restore, see docs/operations.md."
        )


def _make_cluster(cluster: Path, programs: PostgresPrograms, password: str, user: ServerUser | None) -> None:
    side = Path(tempfile.mkdtemp(dir=cluster.parent, prefix=".new-"))
    give(side, user)
    try:
        _initdb(side, programs, password, user)
    except BaseException:
        shutil.rmtree(side, ignore_errors=True)
        raise
    # Renamed when whole: a start interrupted half-way leaves nothing that looks like a cluster.
    (side / "cluster").rename(cluster)
    shutil.rmtree(side)


def _initdb(side: Path, programs: PostgresPrograms, password: str, user: ServerUser | None) -> None:
    secret = side / "password"
    secret.touch(mode=0o600)
    secret.write_text(password)
    give(secret, user)
    command = [programs.initdb, "-D", str(side / "cluster"), "-U", OWNER, f"--pwfile={secret}"]
    command += ["--auth=scram-sha-256", "--encoding=UTF8", "--no-sync", "--no-instructions", *_locale(programs.major)]
    result = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env=_clean_environment(),
        cwd=side,
        user=user.uid if user else None,
        group=user.gid if user else None,
        extra_groups=[] if user else None,
    )
    if result.returncode:
        raise LocalServersError(f"initdb failed:\n{result.stdout}{result.stderr}")


def _locale(major: int) -> list[str]:
    """The same rules for letters on every machine, where the version has them built in."""
    if major >= BUILTIN_LOCALE_SINCE:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C.UTF-8"]


def _wait(child: Child, cluster: Path, url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if not child.running:
            child.reap()
            raise ServerDiedError("PostgreSQL did not start:\n" + "\n".join(child.tail))
        if _ready(cluster):
            _make_database(url)
            return
        time.sleep(POLL_SECONDS)
    raise LocalServersError(f"PostgreSQL did not answer within {START_SECONDS:.0f} s:\n" + "\n".join(child.tail))


def _ready(cluster: Path) -> bool:
    """Whether the server says so in its pid file; asking by connecting would fill its log with refusals."""
    try:
        return (cluster / "postmaster.pid").read_text().rstrip().endswith("ready")
    except FileNotFoundError:
        return False


def _make_database(url: str) -> None:
    try:
        administrative = psycopg.connect(url.removesuffix(DATABASE) + "postgres", autocommit=True)
    except psycopg.OperationalError as error:
        raise LocalServersError(f"PostgreSQL runs but lets nobody in: {error}") from error
    with administrative as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if found is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
