"""manage.py serve: all of Mirage on one machine, with one command."""

import os
import socket
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils.translation import gettext as _

from mirage.runtime import embedded_redis, groundwork, programs
from mirage.runtime.supervisor import Stopped, Supervisor
from operations import environment
from vision import weights

REDIS_SECONDS = 120  # reading a large append-only file takes time
PAGE_SECONDS = 60
FIRST_PAGE = "/accounts/login/"  # written out: looking it up would load the whole site into the supervisor
WEB_DEATHS = 3  # after which another start will not help


class Command(BaseCommand):
    help = "Serve the library: the site, its workers and, unless REDIS_URL is set, Redis. Ctrl-C stops everything."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, nargs="?", help=_("import this folder, and watch it from now on"))
        parser.add_argument("--owner", help=_("the owner of these photos (default: the first administrator)"))
        parser.add_argument(
            "--only-web", action="store_true", help=_("start no workers and no beat, because something else does")
        )
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--host", default="127.0.0.1", help=_("0.0.0.0 for all networks; then set MIRAGE_HOSTS too")
        )

    def handle(
        self, *, folder: Path | None, owner: str | None, port: int, host: str, only_web: bool, **options: Any
    ) -> None:
        if folder is not None and not folder.is_dir():
            raise CommandError(_("%(folder)s is not a folder.") % {"folder": folder})
        self.brings_photos = folder is not None and not owner
        data: Path = settings.MIRAGE_DATA
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        try:
            lock = groundwork.occupy(data, address)
            groundwork.check_disk(data)
            listener = groundwork.listen(host, port)
        except groundwork.CannotServe as error:
            raise CommandError(str(error)) from error
        try:
            with Supervisor(
                data / "logs", self.say, log_bytes=settings.MIRAGE_LOG_MB << 20, log_days=settings.MIRAGE_LOG_FILE_DAYS
            ) as supervisor:
                try:
                    self.serve(supervisor, listener, address)
                    if not only_web:
                        self.start_workers(supervisor)
                    self.bring_in(supervisor, folder, owner)
                    supervisor.wait_for(lambda: False)
                except Stopped:
                    self.say("\n" + _("Stopping…"))
        except (groundwork.CannotServe, embedded_redis.NoRedis) as error:
            raise CommandError(str(error)) from error
        finally:
            listener.close()
            os.close(lock)

    def serve(self, supervisor: Supervisor, listener: socket.socket, address: str) -> None:
        """Start the site and print its address."""
        self.start_redis(supervisor)
        self.prepare_database(supervisor)
        code = groundwork.prepare_first_account()
        environment.note_changes()
        self.publish_static_files(supervisor)
        connections.close_all()
        supervisor.start(programs.web(listener.fileno()))
        if not self.page_answers(supervisor, listener):
            raise groundwork.CannotServe(
                _("The site did not start; see %(file)s.") % {"file": supervisor.logs / "web.log"}
            )
        self.say(_("Mirage is at %(address)s   (Ctrl-C stops it)") % {"address": address})
        if code and not self.brings_photos:
            self.say(
                "\n  " + _("Open this address and make your account. It asks for a code, which is part of the address:")
            )
            self.say(f"  {address}accounts/first/?code={code}\n")

    def start_redis(self, supervisor: Supervisor) -> None:
        """Start the embedded Redis, or check that the one in REDIS_URL answers."""
        if settings.REDIS_URL:
            groundwork.check_redis(settings.REDIS_URL)
            return
        data = settings.MIRAGE_DATA
        supervisor.start(programs.redis(data, embedded_redis.lock(data)))
        if not supervisor.wait_for(lambda: embedded_redis.answers(data), REDIS_SECONDS):
            raise embedded_redis.NoRedis(
                _("The embedded Redis did not start; see %(file)s.") % {"file": supervisor.logs / "redis.log"}
            )

    def prepare_database(self, supervisor: Supervisor) -> None:
        """Migrate the database if need be, in a child process, so that its memory is freed afterwards."""
        if groundwork.is_prepared():
            return
        connections.close_all()
        supervisor.start(programs.prepare_database())
        supervisor.wait_for(lambda: "database" in supervisor.statuses)
        if supervisor.statuses["database"]:
            raise groundwork.CannotServe(_("The database is not prepared."))

    def publish_static_files(self, supervisor: Supervisor) -> None:
        """Collect static files if they have changed, in a child process, so that its memory is freed afterwards."""
        if not groundwork.static_files_changed():
            return
        supervisor.start(programs.collect_static())
        supervisor.wait_for(lambda: "static" in supervisor.statuses)
        if supervisor.statuses["static"]:
            raise groundwork.CannotServe(
                _("Static files were not collected; see %(file)s.") % {"file": supervisor.logs / "static.log"}
            )
        groundwork.note_static_files()

    def start_workers(self, supervisor: Supervisor) -> None:
        """Start a worker for every queue in use, and the beat."""
        from photos.pipeline import all_stages

        for program in [*programs.workers({stage.queue for stage in all_stages()}), programs.beat()]:
            supervisor.start(program)

    def page_answers(self, supervisor: Supervisor, listener: socket.socket) -> bool:
        """Request the first page and wait for the answer. The request is queued until the web server is up."""
        with socket.create_connection(listener.getsockname()[:2]) as client:
            host = settings.ALLOWED_HOSTS[0].strip("*.") or "localhost"
            client.sendall(f"GET {FIRST_PAGE} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
            client.setblocking(False)
            supervisor.watch(client)
            answer = bytearray()

            def answered() -> bool:
                try:
                    answer.extend(client.recv(4096))
                except BlockingIOError:
                    return False
                return True

            web = supervisor.children["web"]
            supervisor.wait_for(lambda: answered() or web.deaths >= WEB_DEATHS, PAGE_SECONDS)
            supervisor.forget(client)
        return answer[9:10] in (b"2", b"3")

    def bring_in(self, supervisor: Supervisor, folder: Path | None, owner: str | None) -> None:
        """Use the folder and fetch missing model weights while the site is up."""
        missing = weights.missing(settings.MIRAGE_MODELS)
        if missing:
            self.say(_("Fetching %(number)s models in the background.") % {"number": len(missing)})
            supervisor.start(programs.fetch_models())
        if folder is not None:
            self.use_folder(supervisor, folder.absolute(), owner)
        if missing:
            supervisor.wait_for(lambda: "models" in supervisor.statuses)
            if supervisor.statuses["models"]:
                self.say(
                    _("Some models could not be fetched (see %(file)s); the rest works.")
                    % {"file": supervisor.logs / "models.log"}
                )

    def use_folder(self, supervisor: Supervisor, folder: Path, owner: str | None) -> None:
        """Read the folder and watch it from now on. Without any account, make the one whose photos they are."""
        if not owner and (password := groundwork.make_first_account()):
            self.say(
                "\n  "
                + _("Sign in as %(name)s with the password %(password)s")
                % {"name": settings.MIRAGE_ADMIN_NAME, "password": password}
            )
            self.say("  " + _("It is not shown again; you can change it under Account.") + "\n")
        supervisor.start(programs.use_folder(folder, owner or groundwork.administrator()))
        connections.close_all()

    def say(self, text: str) -> None:
        """Print a line immediately."""
        self.stdout.write(text)
        self.stdout.flush()
