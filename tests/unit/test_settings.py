"""Settings are read from the environment, and what cannot be is refused in words."""

import pytest

from doorstep.app import public_url
from doorstep.kernel.errors import Refused
from doorstep.settings import Settings, read_settings


@pytest.mark.parametrize(("text", "wanted"), [("true", True), ("false", False)])
def test_yes_and_no_are_written_out(text: str, *, wanted: bool) -> None:
    assert read_settings({"DOORSTEP_REQUIRE_SECOND_FACTOR": text}).require_second_factor is wanted


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("REQUIRE_SECOND_FACTOR", "yes"),
        ("REQUIRE_SECOND_FACTOR", ""),
        ("PUBLIC_URL", "shop.example"),
        ("PUBLIC_URL", "javascript:alert(1)"),
        ("PORT", "true"),
    ],
)
def test_what_a_setting_cannot_be_is_refused(name: str, text: str) -> None:
    with pytest.raises(Refused, match=f"DOORSTEP_{name} must"):
        read_settings({f"DOORSTEP_{name}": text})


def test_people_reach_a_store_where_it_listens_unless_told_otherwise() -> None:
    assert public_url(Settings(port=81)) == "http://127.0.0.1:81"
    assert public_url(Settings(public_url="https://shop.example/")) == "https://shop.example"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:///shop.db", "sqlite:///shop.db"),
        ("postgresql://ann:s3cret@db:5432/shop", "postgresql://db:5432/shop"),
        ("postgresql://db/shop?user=ann&password=s3cret", "postgresql://db/shop"),
        ("postgresql://db/shop?password=s3@cret", "postgresql://…"),
        ("postgresql://ann:s3@cret@db/shop", "postgresql://…"),
        ("postgresql://ann:s3?cret@db/shop", "postgresql://…"),
    ],
)
def test_a_url_is_shown_without_what_is_secret(url: str, shown: str) -> None:
    assert Settings(database_url=url).shown()["database_url"] == shown
    assert "cret" not in repr(Settings(database_url=url))


def test_of_secrets_only_that_they_are_set_is_shown() -> None:
    shown = Settings(api_token="a-token-of-length", log_requests=True).shown()
    assert (shown["api_token"], shown["smtp_password"], shown["log_requests"]) == ("set", "not set", "true")
