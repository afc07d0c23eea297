"""The programs that `manage.py up` runs on the servers: their command lines, and how each is stopped."""

import re
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from config.local.children import Child, Log

# A task that is running when somebody stops the worker gets this long to end; the ledger repeats what was cut off.
WORKER_PATIENCE = 30.0
PROJECT = Path(__file__).resolve().parent.parent.parent

# Lines of the command log_ins, which are shown at the end instead of in between.
LOG_IN = re.compile("  ")

# Celery warns of working as root, which a container or a fresh machine does by design.
QUIET_AS_ROOT = ["-W", "ignore:You're running the worker with superuser"]


def prepare(env: Mapping[str, str], log: Log, *, demo: bool) -> Child:
    command = [sys.executable, "manage.py", "prepare", *([] if demo else ["--no-demo"])]
    return Child(name="prepare", command=command, log=log, env=env, cwd=PROJECT, mute=LOG_IN)


def web(env: Mapping[str, str], log: Log, *, port: int) -> Child:
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--preload", "--workers", "2", "--worker-class", "gthread", "--threads", "4"]
    command += ["--keep-alive", "130", "--log-level", "warning", "--no-control-socket"]
    return Child(name="web", command=command, log=log, env=env, cwd=PROJECT)


def worker(env: Mapping[str, str], log: Log, *, queue: str, concurrency: int) -> Child:
    command = [sys.executable, *QUIET_AS_ROOT, "-m", "celery", "--quiet", "-A", "config", "worker"]
    command += ["--queues", queue, "--hostname", f"{queue}@%h", "--concurrency", str(concurrency)]
    command += ["--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    return Child(
        name=queue,
        command=command,
        log=log,
        env=env,
        cwd=PROJECT,
        patience=WORKER_PATIENCE,
        # When the supervisor was killed, database and queue go too. A polite end could wait for the queue for ever;
        # the pool of a worker that is gone ends by itself, and the ledger repeats the task.
        abandon=signal.SIGKILL,
    )


def beat(env: Mapping[str, str], log: Log, *, state: Path) -> Child:
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "config", "beat", "--loglevel", "WARNING"]
    command += ["--schedule", str(state / "beat-schedule"), "--pidfile="]
    return Child(name="beat", command=command, log=log, env=env, cwd=PROJECT)
