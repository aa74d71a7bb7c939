"""What a key opens, and what it does not."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from doorstep.access.model.keys import ApiKey, Presented, checked, digest_of, read_key, text_of
from doorstep.access.model.permissions import Permission, permissions_of
from doorstep.kernel.errors import NotAllowed, Refused

_AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
_KEY = ApiKey(
    "key_01", "storefront", digest_of("S3CRET"), (Permission.ORDERS_READ,), _AT, _AT + timedelta(days=1), None
)
_RIGHT = Presented("key_01", "S3CRET")


def test_a_key_is_read_back_from_its_text() -> None:
    assert read_key(text_of("key_01", "S3CRET")) == _RIGHT


@pytest.mark.parametrize("text", ["", "dsk", "dsk_1", "abc_1_2", "dsk_1_2_3", "dsk_ü_2"])
def test_any_other_text_is_not_a_key(text: str) -> None:
    with pytest.raises(NotAllowed, match="not a Doorstep API key"):
        read_key(text)


def test_the_right_secret_opens_the_scope() -> None:
    assert checked(_KEY, _RIGHT, Permission.ORDERS_READ, _AT) is _KEY


@pytest.mark.parametrize(
    ("key", "presented", "at", "code"),
    [
        (None, _RIGHT, _AT, "bad_key"),
        (_KEY, Presented("key_01", "s3cret"), _AT, "bad_key"),
        (replace(_KEY, revoked_at=_AT), _RIGHT, _AT, "key_revoked"),
        (_KEY, _RIGHT, _AT + timedelta(days=1), "key_expired"),
        (replace(_KEY, scopes=()), _RIGHT, _AT, "scope_missing"),
    ],
)
def test_everything_else_is_refused_with_its_reason(
    key: ApiKey | None, presented: Presented, at: datetime, code: str
) -> None:
    with pytest.raises(NotAllowed) as refused:
        checked(key, presented, Permission.ORDERS_READ, at)
    assert refused.value.code == code


def test_an_unknown_scope_is_named_with_those_there_are() -> None:
    with pytest.raises(Refused, match=r"no scope stock:burn\. Known: .*orders:read"):
        permissions_of(["stock:burn"])
