"""`manage.py up`: the whole application on one's own machine, with servers of its own and nothing prepared."""

import os
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.local import programs
from config.local.children import Log
from config.local.errors import LocalServersError
from config.local.identity import server_user
from config.local.servers import start_servers
from config.local.state import StateFolder, free_port
from config.local.supervisor import StopRequested, Supervisor

FIRST_PORT = 8000
PORTS_TRIED = 50
WEB_SECONDS = 120.0


class Command(BaseCommand):
    help = (
        "Start PostgreSQL, Valkey, web, workers and beat, load the demo into an empty database, and stay until Ctrl-C."
    )
    # Checks would ask the database that this command is about to start.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")
        parser.add_argument("--port", type=int, help=f"exactly this port instead of the first free from {FIRST_PORT}")

    def handle(self, *, no_demo: bool, port: int | None, **_options: object) -> None:
        try:
            state = StateFolder(settings.STATE_DIR, server_user())
            state.hold()
            try:
                self._supervise(state, port, demo=not no_demo)
            finally:
                state.let_go()
        except LocalServersError as error:
            raise CommandError(str(error)) from error

    def _supervise(self, state: StateFolder, port: int | None, *, demo: bool) -> None:
        supervisor = Supervisor(Log())
        supervisor.listen()
        try:
            self._start(supervisor, state, port, demo=demo)
            supervisor.watch()
        except StopRequested:
            pass
        finally:
            supervisor.stop()

    def _start(self, supervisor: Supervisor, state: StateFolder, port: int | None, *, demo: bool) -> None:
        supervisor.log.write("vigil", "starting the servers")
        addresses = start_servers(supervisor, state)
        state.announce(addresses)
        own = {"VIGIL_COLLECTED_STATIC": "0", "VIGIL_DATABASE_POOL": "1", "VIGIL_STATE_DIR": str(state.path)}
        env = {**os.environ, **own, **addresses}
        supervisor.log.write("vigil", "preparing the database")
        prepare = programs.prepare(env, supervisor.log, demo=demo)
        if code := supervisor.run_to_end(prepare):
            raise LocalServersError(f"Preparing the database failed ({code}); the lines above say why.")
        port = free_port(port) if port else free_port(FIRST_PORT, tries=PORTS_TRIED)
        web = f"http://127.0.0.1:{port}/"
        env.setdefault("VIGIL_BASE_URL", web)
        supervisor.log.write("vigil", "starting web, workers and beat")
        supervisor.start(programs.web(env, supervisor.log, port=port))
        supervisor.start(programs.worker(env, supervisor.log, queue="long", concurrency=2))
        supervisor.start(programs.worker(env, supervisor.log, queue="quick", concurrency=1))
        supervisor.start(programs.beat(env, supervisor.log, state=state.path))
        supervisor.wait_for(web, seconds=WEB_SECONDS)
        state.announce({**addresses, "WEB": web})
        self._welcome(web, [line for line in prepare.tail if programs.LOG_IN.match(line)])

    def _welcome(self, web: str, log_ins: list[str]) -> None:
        self.stdout.write(
            "\n".join(["", f"Vigil is ready: {web}", "", *log_ins, "", ""])
            + "Stop it with Ctrl-C. The data stay; `manage.py` in a second terminal works on them while this runs.\n"
        )
