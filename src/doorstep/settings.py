"""Every knob of a deployment, in one frozen record that is read from the environment once."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from doorstep.kernel.errors import Refused


class Settings(Struct, frozen=True, kw_only=True):
    """Where things are and how much the process takes on. Names in the environment are `DOORSTEP_` and the field."""

    database_url: str = "sqlite:///doorstep.db"
    plan: str = "plan.toml"
    host: str = "127.0.0.1"
    port: int = 8000
    data_dir: str = ""
    api_token: str = ""
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_username: str = ""
    smtp_password: str = ""
    smtp_sender: str = ""
    smtp_security: str = "starttls"

    def __repr__(self) -> str:
        """Without what is secret."""
        return f"Settings(database={_safe(self.database_url)}, plan={self.plan}, host={self.host}, port={self.port})"

    @property
    def data_path(self) -> Path | None:
        """Where the sandbox providers keep their books; nowhere when they are to forget."""
        return Path(self.data_dir) if self.data_dir else None


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from the environment. An unknown `DOORSTEP_` name is refused: it is a misspelling."""
    fields = {name: f"DOORSTEP_{name.upper()}" for name in Settings.__struct_fields__}
    unknown = {
        name for name in environment if name.startswith("DOORSTEP_") and not name.startswith("DOORSTEP_TEST_")
    } - set(fields.values())
    if unknown:
        known = ", ".join(sorted(fields.values()))
        raise Refused("unknown_setting", f"There is no setting {', '.join(sorted(unknown))}. Known: {known}.")
    given = {name: environment[key] for name, key in fields.items() if key in environment}
    return Settings(**{name: _value(name, text) for name, text in given.items()})  # type: ignore[arg-type]


def _value(name: str, text: str) -> str | int:
    if Settings.__annotations__[name] is not int:
        return text
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise Refused("bad_setting", f"DOORSTEP_{name.upper()} must be a port from 1 to 65535, not {text!r}.")
    return int(text)


def _safe(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
