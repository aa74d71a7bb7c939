"""Forms are read into records whichever way a browser sends them, and what they cannot be is said by field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from doorstep.kernel.errors import DoorstepError, Refused
from doorstep.web.pages.forms import first, form_of, read_fields
from doorstep.web.respond import HttpError

_URLENCODED = b"application/x-www-form-urlencoded"
_MULTIPART = b"multipart/form-data; boundary=XX"


class Wish(Struct, frozen=True):
    """A form."""

    name: str = ""
    count: int = 0
    order: tuple[str, ...] = ()


def test_a_form_is_read_into_its_record() -> None:
    raw = read_fields(b"name=+Ada%20B+&count=3&order=1&order=2&else=x", _URLENCODED)
    assert form_of(raw, Wish) == Wish("Ada B", 3, ("1", "2"))


def test_a_form_with_a_file_keeps_its_bytes() -> None:
    body = (
        b'--XX\r\nContent-Disposition: form-data; name="name"\r\n\r\nl\xc3\xa9a\r\n'
        b'--XX\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n\x00\xff\r\n--XX--\r\n'
    )
    raw = read_fields(body, _MULTIPART)
    assert (first(raw, "name"), raw["file"], first(raw, "file")) == ("léa", [b"\x00\xff"], "")


def test_lines_end_as_on_unix() -> None:
    assert form_of(read_fields(b"name=a%0D%0Ab", _URLENCODED), Wish) == Wish("a\nb")


def test_what_cannot_be_is_said_by_field() -> None:
    with pytest.raises(Refused) as refused:
        form_of(read_fields(b"count=many", _URLENCODED), Wish)
    assert refused.value.fields == {"count": "It must be a whole number, not a text."}


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"{}", b"application/json", "not_a_form"),
        (b"", b"", "not_a_form"),
        (b"", b"multipart/form-data", "not_a_form"),
        (b"name=%ff", _URLENCODED, "malformed_form"),
        (b"&".join(b"a=1" for _ in range(3000)), _URLENCODED, "malformed_form"),
        (b"--XX\r\nbroken", _MULTIPART, "malformed_form"),
        (b'--XX\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--XX--', _MULTIPART, "malformed_form"),
    ],
)
def test_what_is_no_form_is_refused(body: bytes, kind: bytes, code: str) -> None:
    with pytest.raises(HttpError) as refused:
        read_fields(body, kind)
    assert refused.value.code == code


@given(st.binary(max_size=400), st.sampled_from([_URLENCODED, _MULTIPART]))
def test_no_bytes_break_the_reading(body: bytes, kind: bytes) -> None:
    try:
        raw = read_fields(body, kind)
    except DoorstepError:
        return
    assert all(isinstance(name, str) for name in raw)
