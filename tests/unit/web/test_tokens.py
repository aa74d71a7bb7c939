"""A form proves that it comes from a page of ours in the same browser, and cookies are pinned to this site."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.web.pages.page import Said
from doorstep.web.pages.tokens import Cookies, check_form, form_token, pack_said, unpack_said
from doorstep.web.respond import HttpError

_HOST = b"shop.example"
_GOOD = "a token of this browser"
_FROM_HERE = {b"origin": b"https://shop.example", b"sec-fetch-site": b"same-origin"}


def is_taken(headers: dict[bytes, bytes], secret: str, token: str) -> bool:
    """Whether a form is taken; if not, it is for its own reason."""
    try:
        check_form(headers, _HOST, secret, token)
    except HttpError as refused:
        return (refused.status, refused.code) != (403, "form_not_ours")
    return True


def test_a_form_of_this_browser_is_taken() -> None:
    assert is_taken(_FROM_HERE, "SECRET", form_token("SECRET"))


def test_tokens_of_one_browser_look_different_each_time() -> None:
    assert len({form_token("SECRET") for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("headers", "secret", "token"),
    [
        (_FROM_HERE, "OTHER", _GOOD),
        (_FROM_HERE, "", ""),
        (_FROM_HERE, "SECRET", ""),
        (_FROM_HERE, "SECRET", "A" * 88),
        (_FROM_HERE, "SECRET", "é"),
        ({b"origin": b"https://evil.example"}, "SECRET", _GOOD),
        ({b"origin": b"https://shop.example.evil.example"}, "SECRET", _GOOD),
        ({b"sec-fetch-site": b"cross-site"}, "SECRET", _GOOD),
        ({b"sec-fetch-site": b"same-site"}, "SECRET", _GOOD),
    ],
)
def test_a_form_from_elsewhere_is_not(headers: dict[bytes, bytes], secret: str, token: str) -> None:
    assert not is_taken(headers, secret, form_token("SECRET") if token == _GOOD else token)


@given(st.text(max_size=300))
def test_no_made_up_token_is_taken(token: str) -> None:
    assert not is_taken(_FROM_HERE, "SECRET", token)


@pytest.mark.parametrize(("is_secure", "name"), [(True, "__Host-doorstep_session"), (False, "doorstep_session")])
def test_cookies_are_pinned_to_the_site_behind_tls(is_secure: bool, name: str) -> None:  # noqa: FBT001
    cookies = Cookies(is_secure=is_secure)
    _, value = cookies.set("session", "TOKEN")
    assert value.startswith(f"{name}=TOKEN; Path=/; HttpOnly".encode())
    assert (b"; Secure" in value) is is_secure
    assert cookies.read({b"cookie": f"other=1; {name}=TOKEN".encode()}, "session") == "TOKEN"


@pytest.mark.parametrize("cookie", [b"", b"doorstep_session", b"=;;=", b"\xff\xfe=1", b"a" * 10_000])
def test_no_cookie_that_is_sent_breaks_anything(cookie: bytes) -> None:
    assert Cookies(is_secure=False).read({b"cookie": cookie}, "session") == ""


@given(st.text(max_size=200))
def test_what_is_said_arrives_on_the_next_page(text: str) -> None:
    said = (Said("done", text),)
    packed = pack_said(said)
    assert unpack_said(packed) == (said if packed else ())


@pytest.mark.parametrize("text", ["x", "ééé", "bnVsbA", "W3sia2luZCI6MX1d"])
def test_what_others_put_there_is_not_shown(text: str) -> None:
    assert unpack_said(text) == ()
