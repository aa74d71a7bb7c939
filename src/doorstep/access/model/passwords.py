"""Which passwords are taken: NIST SP 800-63B, section 5.1.1.2: length counts, well-known ones are refused. Pure."""

from unicodedata import normalize

from doorstep.kernel.errors import Refused

CHARS_MIN = 10
CHARS_MAX = 200
_PART_CHARS_MIN = 4
_TRIED_FIRST = """
0123456789 0987654321 1234567890 12345678910 1234567891 123456789a 123123123123 1q2w3e4r5t 1qaz2wsx3edc abcdefghij
abcd123456 admin12345 administrator asdfghjkl1 asdfghjklqwerty baseball123 changeme123 charlie123 computer123
dragon12345 einloggen123 football123 fussball123 geheim1234 hallo12345 iloveyou123 internet123 jennifer123 letmein123
letmein1234 liverpool123 manchester michael1234 monkey12345 mustang1234 p@ssw0rd123 pass123456 passw0rd123 password01
password10 password12 password123 password1234 password12345 passwort123 passwort1234 princess123 q1w2e3r4t5 qwer123456
qwertz12345 qwertzuiop qwerty1234 qwerty12345 qwerty123456 qwertyuiop qwertyuiop123 schatz12345 secret1234 starwars123
sunshine123 superman123 trustno1234 unknown123 welcome123 welcome1234 willkommen willkommen1 zxcvbnm123 zaq12wsxcde3
"""
_COMMON = frozenset(_TRIED_FIRST.split())


def prepared(password: str) -> str:
    """A password as it is hashed, so that it is the same from every keyboard."""
    return normalize("NFKC", password)


def check_password(password: str, email: str, store: str) -> None:
    """Refused, with the reason in words, when a password is not good enough for this person of this store."""
    if reason := _weakness(prepared(password), email, store):
        raise Refused("weak_password", reason, {"password": reason})


def _weakness(password: str, email: str, store: str) -> str:
    if len(password) < CHARS_MIN:
        return f"The password needs at least {CHARS_MIN} characters. A few words that you remember do well."
    if len(password) > CHARS_MAX:
        return f"The password may have at most {CHARS_MAX} characters."
    plain = password.casefold()
    if plain in _COMMON or len(set(plain)) < 4:
        return "This password is among the first that anybody would try. Take another."
    if _holds(plain, store):
        return "The password may not contain the name of the store."
    if _holds(plain, email.partition("@")[0]):
        return "The password may not contain your e-mail address."
    return ""


def _holds(password: str, word: str) -> bool:
    """Whether a password contains a name, however the name is spaced; short ones do not count."""
    letters = "".join(filter(str.isalnum, word.casefold()))
    return len(letters) >= _PART_CHARS_MIN and letters in "".join(filter(str.isalnum, password))
