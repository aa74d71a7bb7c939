"""Providers are found by name, and a package that offers a broken one is named."""

from pathlib import Path

import pytest

from doorstep.kernel.errors import Refused
from doorstep.plug.loader import Providers, load
from doorstep.providers.kept_messages import KeptMessages
from doorstep.providers.sandbox_carrier import SandboxCarrier
from doorstep.providers.sandbox_payment import SandboxPayments
from doorstep.providers.zone_rate import ZoneRateCarrier

PACKAGE = '''
"""A package of somebody else."""

import os


class Acme:
    name = "acme"
    can_deduplicate = True

    async def call(self, request):
        return request

    async def send(self, message):
        return message


class Unfinished:
    name = "acme"


def unconfigured():
    return os.environ["ACME_SECRET_THAT_NOBODY_SET"]


def misnamed():
    acme = Acme()
    acme.name = "other"
    return acme


def undecided():
    acme = Acme()
    acme.can_deduplicate = None
    return acme
'''


def bundled() -> Providers:
    return load([SandboxPayments()], [SandboxCarrier(), ZoneRateCarrier()], [KeptMessages()])


class Installer:
    """Puts a package with entry points where Python finds it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def install(self, group: str, value: str, name: str = "acme") -> None:
        (self._folder / "acme_of_tests.py").write_text(PACKAGE)
        metadata = self._folder / "acme_doorstep-1.2.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-doorstep\nVersion: 1.2\n")
        (metadata / "entry_points.txt").write_text(f"[{group}]\n{name} = {value}\n")


@pytest.fixture
def installer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installer:
    monkeypatch.syspath_prepend(str(tmp_path))
    return Installer(tmp_path)


def test_bundled_providers_are_found_by_name() -> None:
    providers = bundled()
    assert providers.payment("sandbox").name == "sandbox"
    assert providers.carrier("zone-rate").name == "zone-rate"
    assert providers.notification("kept").name == "kept"


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(Refused) as refused:
        bundled().carrier("zone-rates")
    assert refused.value.code == "unknown_provider"
    assert refused.value.message == (
        "There is no carrier 'zone-rates'; there are: sandbox-carrier, zone-rate. Did you mean 'zone-rate'?"
    )


def test_nothing_is_suggested_where_nothing_is_close() -> None:
    with pytest.raises(Refused) as refused:
        bundled().payment("xyz")
    assert refused.value.message == "There is no payment provider 'xyz'; there are: sandbox."


@pytest.mark.parametrize("group", ["payment", "notification"])
def test_a_package_adds_a_provider(installer: Installer, group: str) -> None:
    installer.install(f"doorstep.{group}", "acme_of_tests:Acme")
    providers = bundled()
    found = providers.payment("acme") if group == "payment" else providers.notification("acme")
    assert found.name == "acme"


BROKEN = [
    ("doorstep.payment", "acme_of_tests:Nobody", "has no attribute 'Nobody'"),
    ("doorstep.payment", "no_such_module_at_all:Acme", "No module named"),
    ("doorstep.payment", "acme_of_tests:unconfigured", "KeyError: 'ACME_SECRET_THAT_NOBODY_SET'"),
    ("doorstep.payment", "acme_of_tests:Unfinished", "Unfinished has no method call"),
    ("doorstep.carrier", "acme_of_tests:Unfinished", "has no method buy_label and no track"),
    ("doorstep.payment", "acme_of_tests:misnamed", "calls itself 'other'"),
    ("doorstep.notification", "acme_of_tests:undecided", "can_deduplicate"),
]


@pytest.mark.parametrize(("group", "value", "why"), BROKEN)
def test_a_broken_package_is_named(installer: Installer, group: str, value: str, why: str) -> None:
    installer.install(group, value)
    with pytest.raises(Refused) as refused:
        bundled()
    assert refused.value.fields["package"] == "acme-doorstep 1.2"
    assert "acme-doorstep 1.2" in refused.value.message
    assert why in refused.value.message


def test_a_name_that_is_taken_is_refused(installer: Installer) -> None:
    installer.install("doorstep.payment", "acme_of_tests:Acme", name="sandbox")
    with pytest.raises(Refused, match="there is a payment provider 'sandbox' already, of doorstep"):
        bundled()


async def test_closing_gives_files_back(tmp_path: Path) -> None:
    bank = SandboxPayments(tmp_path / "bank.jsonl")
    providers = load([bank], [ZoneRateCarrier()], [])
    await providers.close()
    await providers.close()
    assert providers.payment("sandbox") is bank
