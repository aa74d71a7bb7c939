"""The second factor: codes that change every 30 seconds (RFC 6238), and recovery codes for a lost phone. Pure."""

from datetime import datetime
from hashlib import sha256
from hmac import compare_digest

from msgspec import Struct
from pyotp import TOTP

STEP_SECONDS = 30
RECOVERY_CODES = 10
_DIGITS = 6
_GROUP = 4
_RECOVERY_LETTERS = 12  # 60 random bits


class Enrolment(Struct, frozen=True):
    """What a person puts into their phone: the secret to type, or the address to scan as a QR code."""

    secret: str
    address: str


def enrolment(secret: str, email: str, store: str) -> Enrolment:
    """A secret as authenticator apps take it."""
    return Enrolment(secret, TOTP(secret).provisioning_uri(name=email, issuer_name=store))


def step_of(secret: str, code: str, at: datetime, last_step: int) -> int | None:
    """The time step that a code is of, give or take one; None when it is wrong, or was used: each step serves once."""
    typed = "".join(code.split())
    if len(typed) != _DIGITS or not (typed.isascii() and typed.isdecimal()):
        return None
    here = int(at.timestamp()) // STEP_SECONDS
    steps = [step for step in (here - 1, here, here + 1) if _is(secret, step, typed)]
    return next((step for step in steps if step > last_step), None)


def recovery_code(chance: str) -> str:
    """A recovery code as it is shown, such as 7K2M-QX94-B0TR, from random letters."""
    return "-".join(chance[start : start + _GROUP] for start in range(0, _RECOVERY_LETTERS, _GROUP))


def recovery_digest(staff_id: str, code: str) -> str:
    """How a recovery code is kept, however it is typed."""
    letters = "".join(filter(str.isalnum, code.upper())).translate(_MISREAD)
    return sha256(f"{staff_id}:{letters}".encode()).hexdigest()


_MISREAD = str.maketrans("OIL", "011")  # letters that codes do not have, as people type them


def _is(secret: str, step: int, code: str) -> bool:
    return compare_digest(TOTP(secret).generate_otp(step), code)
