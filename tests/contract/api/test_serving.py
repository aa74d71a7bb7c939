"""The process: it starts, says where it listens, finishes what was begun, and leaves its database to the next."""

import asyncio
import io
import json
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import structlog

from doorstep.kernel.errors import Refused
from doorstep.plan.template import new_plan
from doorstep.serving import listening, log_to, serve
from doorstep.settings import Settings
from tests.stories.shop import TOKEN, free_port

_SERVE = (
    "import os; from doorstep import serving; from doorstep.settings import read_settings;"
    "serving.run(serving.serve(read_settings(os.environ)))"
)


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """What a test says about logs holds for that test alone."""
    yield
    structlog.reset_defaults()


def environment(folder: Path, port: int) -> dict[str, str]:
    """The settings of a store in a folder."""
    (folder / "plan.toml").write_text(new_plan("Mugs", "GB", "GBP"), encoding="utf-8")
    return {
        "DOORSTEP_DATABASE_URL": f"sqlite:///{folder}/doorstep.db",
        "DOORSTEP_PLAN": f"{folder}/plan.toml",
        "DOORSTEP_PORT": f"{port}",
        "DOORSTEP_API_TOKEN": TOKEN,
    }


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_process_serves_until_it_is_told_to_stop(tmp_path: Path, number: signal.Signals) -> None:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _SERVE, env=environment(tmp_path, port), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    said = (await process.stdout.readline()).decode()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        assert (await http.get("/readyz")).status_code == 200
    process.send_signal(number)
    assert f"http://127.0.0.1:{port}" in said
    assert TOKEN not in said
    assert await asyncio.wait_for(process.wait(), 20) == 0


async def test_a_request_that_was_begun_is_finished() -> None:
    port, begun, go_on = free_port(), asyncio.Event(), asyncio.Event()

    async def slow(_scope: object, _receive: object, send: object) -> None:
        begun.set()
        await go_on.wait()
        assert callable(send)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"done"})

    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        async with listening(slow, "127.0.0.1", port):
            request = asyncio.create_task(http.get("/"))
            await begun.wait()
            asyncio.get_running_loop().call_later(0.05, go_on.set)
        assert (await request).text == "done"


async def test_a_port_that_is_taken_is_named() -> None:
    taken = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    port = taken.sockets[0].getsockname()[1]
    async with taken:
        with pytest.raises(Refused, match=f"127.0.0.1:{port}") as refused:
            await listening(None, "127.0.0.1", port).__aenter__()  # type: ignore[arg-type] # nobody comes in
    assert refused.value.code == "cannot_listen"


async def test_a_token_that_can_be_guessed_is_refused() -> None:
    with pytest.raises(Refused, match="at least 16 characters"):
        await serve(Settings(api_token="short"))


class Terminal(io.StringIO):
    """A console with a person before it."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("console", "is_told"), [(Terminal(), True), (io.StringIO(), False)])
async def test_only_a_person_is_told_a_token(console: io.StringIO, tmp_path: Path, *, is_told: bool) -> None:
    with pytest.raises(Refused):  # there is no plan: it ends after the token
        await serve(Settings(plan=f"{tmp_path}/none.toml"), console)
    assert ("token" in console.getvalue()) is is_told


async def test_a_store_without_staff_offers_its_first_owner_a_link(tmp_path: Path) -> None:
    given = {**environment(tmp_path, free_port()), "DOORSTEP_PUBLIC_URL": "https://mugs.example"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _SERVE, env=given, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    said = [(await process.stdout.readline()).decode() for _ in range(2)]
    process.send_signal(signal.SIGTERM)
    await process.wait()
    begins, _, rest = said[1].partition("/set-up/")
    assert begins == "No staff yet. Set up the first owner at https://mugs.example"
    assert len(rest.partition(" ")[0]) == 52


def test_a_log_that_is_no_terminal_is_json_without_the_values_of_variables() -> None:
    kept = io.StringIO()
    log_to(kept)
    secret = "ada@example.com"
    try:
        int(secret[:0])
    except ValueError as error:
        structlog.get_logger("test").error("a request failed", exc_info=error)
    said = json.loads(kept.getvalue())
    assert (said["event"], said["level"]) == ("a request failed", "error")
    assert secret not in kept.getvalue()
