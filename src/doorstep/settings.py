"""Every knob of a deployment, in one frozen record that is read from the environment once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import fields as fields_of

from doorstep.kernel.errors import Refused


def _said(meaning: str) -> Meta:
    return Meta(description=meaning)


class Settings(Struct, frozen=True, kw_only=True):
    """Where things are and how much the process takes on. Names in the environment are `DOORSTEP_` and the field.

    Each field carries its meaning, which `docs/settings.md` shows.
    """

    database_url: Annotated[
        str, _said("The database: `sqlite:///file.db`, or `postgresql://user@host:port/name` for several processes.")
    ] = "sqlite:///doorstep.db"
    plan: Annotated[str, _said("The file that says how the store works.")] = "plan.toml"
    host: Annotated[str, _said("The address to listen at; `0.0.0.0` is every address of the machine.")] = "127.0.0.1"
    port: Annotated[int, _said("The port to listen at.")] = 8000
    data_dir: Annotated[
        str, _said("A folder in which the sandbox providers and kept messages outlive the process. Empty: they do not.")
    ] = ""
    public_url: Annotated[
        str,
        _said("How people reach this deployment, as `https://shop.example`. Empty: host and port."),
    ] = ""
    trusted_proxies: Annotated[
        str,
        _said(
            "Addresses or networks of proxies that stand before this process, separated by commas; what they say about "
            "who asks is believed. Empty: nobody is believed."
        ),
    ] = ""
    require_second_factor: Annotated[
        bool, _said("Whether everybody of the staff needs a second factor: `true` or `false`.")
    ] = False
    api_token: Annotated[
        str, _said("A secret of at least 16 characters that opens the orders, beside API keys. Empty: only keys do.")
    ] = ""
    requests_per_minute: Annotated[
        int,
        _said("How many requests an address may make in a minute; an API key, ten times as many. 0: any number."),
    ] = 6000
    log_level: Annotated[str, _said("The least that is logged: `debug`, `info`, `warning` or `error`.")] = "info"
    log_requests: Annotated[bool, _said("Whether every request is logged, or only those that failed.")] = False
    metrics_token: Annotated[
        str, _said("A secret of at least 16 characters that opens `/metrics`, beside API keys. Empty: only keys do.")
    ] = ""
    otlp_endpoint: Annotated[
        str, _said("Where traces go, as `http://collector:4318`. Empty: nowhere. Needs the extra `traces`.")
    ] = ""
    sandbox_webhook_secret: Annotated[
        str, _said("The secret with which the sandbox bank signs its webhooks. Empty: none is taken from it.")
    ] = ""
    smtp_host: Annotated[str, _said("The mail server. Empty: the mail provider `smtp` is not there.")] = ""
    smtp_port: Annotated[int, _said("The port of the mail server.")] = 587
    smtp_username: Annotated[str, _said("The name to log in with. Empty: without logging in.")] = ""
    smtp_password: Annotated[str, _said("The password that goes with the name.")] = ""
    smtp_sender: Annotated[str, _said("The address that mail comes from.")] = ""
    smtp_security: Annotated[str, _said("How the way to it is encrypted: `none`, `starttls` or `tls`.")] = "starttls"

    def __repr__(self) -> str:
        """Without what is secret."""
        return f"Settings(database={_safe(self.database_url)}, plan={self.plan}, host={self.host}, port={self.port})"

    def shown(self) -> Mapping[str, str]:
        """Every setting as it may be read by others: of what is secret only whether it is set."""
        return {name: _shown(name, getattr(self, name)) for name in self.__struct_fields__}

    @property
    def data_path(self) -> Path | None:
        """Where the sandbox providers keep their books; nowhere when they are to forget."""
        return Path(self.data_dir) if self.data_dir else None


_SECRETS = {"api_token", "sandbox_webhook_secret", "metrics_token", "smtp_password"}
_LEVELS = ("debug", "info", "warning", "error")
_YES_OR_NO = {field.name for field in fields_of(Settings) if isinstance(field.default, bool)}
_WHOLE = {field.name for field in fields_of(Settings) if isinstance(field.default, int)} - _YES_OR_NO


_BOUNDS = {"requests_per_minute": (0, 10_000_000, "a whole number")}


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


def _value(name: str, text: str) -> str | int | bool:
    if name in _YES_OR_NO:
        return _yes_or_no(name, text)
    if name == "log_level" and text not in _LEVELS:
        raise Refused("bad_setting", f"DOORSTEP_LOG_LEVEL must be one of {', '.join(_LEVELS)}, not {text!r}.")
    if name == "public_url":
        return _address(text)
    if name not in _WHOLE:
        return text
    least, most, what = _BOUNDS.get(name, (1, 65535, "a port"))
    if not (text.isascii() and text.isdecimal() and len(text) < 12 and least <= int(text) <= most):
        raise Refused("bad_setting", f"DOORSTEP_{name.upper()} must be {what} from {least} to {most}, not {text!r}.")
    return int(text)


def _yes_or_no(name: str, text: str) -> bool:
    if text not in ("true", "false"):
        raise Refused("bad_setting", f"DOORSTEP_{name.upper()} must be true or false, not {text!r}.")
    return text == "true"


def _address(text: str) -> str:
    if text and not text.startswith(("https://", "http://")):
        raise Refused("bad_setting", f"DOORSTEP_PUBLIC_URL must begin with https:// or http://, not be {text!r}.")
    return text


def _shown(name: str, value: str | int) -> str:
    if name in _SECRETS:
        return "set" if value else "not set"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return _safe(text) if "://" in text else text


def _safe(url: str) -> str:
    """A URL without who logs in, and without what follows a question mark; where that cannot be told, the scheme."""
    scheme, _, rest = url.partition("://")
    address, _, after = rest.partition("?")
    if rest.count("@") > 1 or "@" in after:
        return f"{scheme}://…"
    return f"{scheme}://{address.rpartition('@')[2]}"
