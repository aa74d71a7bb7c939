"""The guide to providers is true: its tables are those of the code, and its example works."""

import re
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import ModuleType

import pytest

from doorstep.plug.conformance import NOTIFICATION_CHECKS, NotificationCheck, NotificationTrial
from doorstep.providers.sandbox_carrier import label_table
from doorstep.providers.sandbox_tax import tax_table
from doorstep.providers.sandbox_tokens import token_table

GUIDE = (Path(__file__).parents[3] / "docs" / "providers.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "table"), [("tokens", token_table()), ("instructions", label_table()), ("postcodes", tax_table())]
)
def test_a_table_in_the_guide_is_that_of_the_code(name: str, table: str) -> None:
    shown = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", GUIDE, re.DOTALL)
    assert shown is not None
    assert shown[1] == table, f"replace the table {name!r} in docs/providers.md by:\n{table}"


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The guide's example, as the package that its reader would write."""
    module = ModuleType("acme_maildrop")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(_program(0), module.__dict__)  # noqa: S102 - the guide's own example
    return module


@pytest.mark.parametrize("expect_conforming", NOTIFICATION_CHECKS)
async def test_the_example_conforms(example: ModuleType, tmp_path: Path, expect_conforming: NotificationCheck) -> None:
    trial = NotificationTrial(lambda: example.Maildrop(tmp_path), arrived=lambda: len(list(tmp_path.glob("*.txt"))))
    await expect_conforming(trial)


@pytest.mark.usefixtures("example")
@pytest.mark.parametrize("expect_conforming", NOTIFICATION_CHECKS)
async def test_the_examples_own_test_passes(tmp_path: Path, expect_conforming: NotificationCheck) -> None:
    names: dict[str, Callable[..., Awaitable[None]]] = {}
    exec(_program(1), names)  # noqa: S102 - the guide's own example
    expect_conforming_itself = names["test_maildrop_conforms"]
    await expect_conforming_itself(expect_conforming, tmp_path)


def test_the_example_is_made_from_its_environment(
    example: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILDROP_DIRECTORY", str(tmp_path))
    assert example.maildrop().name == "maildrop"


def _program(number: int) -> str:
    programs: list[str] = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    return programs[number]
