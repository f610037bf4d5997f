"""``mediacheck serve``: the web tool with its workers, on an embedded database."""

from __future__ import annotations

import contextlib
import gc
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace

import click

from mediacheck import jobs
from mediacheck.accounts.set_up import issue_set_up_code
from mediacheck.cli.common import db_option
from mediacheck.ports.services import Services
from mediacheck.settings import Settings, settings_from
from mediacheck.wiring.services import open_services

#: Pictures are checked side by side, one thread each.
DEFAULT_WORKERS = max(1, min(2, os.cpu_count() or 1))
#: A worker that ends is started again, but not in a tight loop.
_RESTART_PAUSE_S = 1.0


@click.command()
@click.option("--demo", is_flag=True, help="Fill a made-up district first.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=int)
@click.option("--workers", default=DEFAULT_WORKERS, show_default=True, type=click.IntRange(1, 32))
@db_option
def serve(demo: bool, host: str, port: int, workers: int, db: str | None) -> None:
    """Serves the web tool. Stop it with Ctrl-C."""
    from waitress.server import create_server

    from mediacheck.web.app import create_app

    services = _with_demo(open_services(settings_at(port, db)), demo=demo)
    # Told here once, and not by every worker that ends at once.
    jobs.open_queues(services.settings.jobs_address)
    try:
        server = create_server(create_app(services), host=host, port=port, threads=8, ident=None)
    except OSError:
        raise click.ClickException(
            f"Something else is served at {host}:{port} already. Choose another with --port."
        ) from None
    with _workers(workers, db, services.settings.base_url):
        _say_how_to_begin(services, f"http://{host}:{port}")
        # What is loaded by now stays; nobody need go through it for garbage at every request.
        gc.collect()
        gc.freeze()
        server.run()


def settings_at(port: int, db: str | None) -> Settings:
    """Where nobody said at which address people reach it: on this machine, at this port."""
    settings = settings_from(db=db)
    if os.environ.get("MEDIACHECK_URL"):
        return settings
    return replace(settings, base_url=f"http://localhost:{port}")


def _with_demo(services: Services, *, demo: bool) -> Services:
    from mediacheck.demo.district import demo_sign_ins, is_demo_district, open_demo
    from mediacheck.demo.families import demo_families

    if demo:
        open_demo(services)
    with services.transaction() as work:
        is_demo = is_demo_district(work)
    if not is_demo:
        return services
    return replace(
        services,
        is_demo=True,
        demo_sign_ins=demo_sign_ins(),
        demo_families=lambda: demo_families(services),
    )


def _say_how_to_begin(services: Services, address: str) -> None:
    click.echo(f"mediacheck is at {address} (stop it with Ctrl-C)")
    if services.is_demo:
        click.echo("This is a made-up district. The sign-in page lists its accounts.")
        return
    with services.transaction() as work:
        if work.accounts.staff():
            return
        code = issue_set_up_code(work, services.clock, services.ids, None)
    click.echo(f"Set up the first administrator at {address}/set-up with this code: {code}")


@contextlib.contextmanager
def _workers(count: int, db: str | None, base_url: str) -> Iterator[None]:
    """Worker processes that are started again when they end, and end with this process."""
    stop = threading.Event()
    # One process publishes, and it alone can open the accounts' tokens.
    modules = ["mediacheck.worker"] * count + ["mediacheck.publisher"]
    said = {"MEDIACHECK_URL": base_url} | ({"MEDIACHECK_DB": db} if db else {})
    keepers = [
        threading.Thread(target=_keep_running, args=(module, stop, said)) for module in modules
    ]
    for keeper in keepers:
        keeper.start()
    try:
        yield
    finally:
        stop.set()
        for keeper in keepers:
            keeper.join()


def _keep_running(module: str, stop: threading.Event, said: Mapping[str, str]) -> None:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", **said}
    while not stop.is_set():
        # The worker reads its standard input: when this process goes away, so does the worker.
        worker = subprocess.Popen(  # noqa: S603 - the name of a module of ours.
            [sys.executable, "-m", module], stdin=subprocess.PIPE, env=environment
        )
        while worker.poll() is None and not stop.wait(0.2):
            pass
        if worker.stdin is not None:
            worker.stdin.close()
        worker.wait()
        if not stop.is_set():
            time.sleep(_RESTART_PAUSE_S)
