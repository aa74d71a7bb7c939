"""Writes wire.py, the types of the client, from the types of the API. Run it as `make docs` does.

A field, its type and its default are as the API has them; what a body may hold is left to the API to check.
"""

import subprocess
import sys
from collections.abc import Iterable, Mapping
from enum import Enum
from pathlib import Path

import msgspec.inspect as mi
from msgspec import NODEFAULT, Struct

from doorstep.web.api.bodies import CheckoutChange, Completion, NewCheckout
from doorstep.web.api.checkout_views import CheckoutView
from doorstep.web.api.talk import CheckoutAnswer, LinkView
from doorstep.web.respond import Problem

PATH = Path(__file__).with_name("wire.py")
SENT: tuple[type[Struct], ...] = (NewCheckout, CheckoutChange, Completion, CheckoutAnswer)
ANSWERED: tuple[type[Struct], ...] = (CheckoutView, LinkView, Problem)

_HEAD = '''"""What goes over the wire: bodies that are sent, and answers. Made from the API's own types by `make docs`.

Amounts are whole numbers of the currency's minor unit. What a later version of the API adds to an answer is ignored; a
word that is not known yet is a member all the same, with itself as its value.
"""

from datetime import date, datetime
from enum import StrEnum

from msgspec import UNSET, Struct, UnsetType


class _Word(StrEnum):
    """One of a set of words to which a later version may add."""

    @classmethod
    def _missing_(cls, value: object) -> "_Word":
        word = str.__new__(cls, value)
        word._name_, word._value_ = str(value), str(value)
        return word
'''
_PLAIN: Mapping[type[mi.Type], str] = {
    mi.StrType: "str",
    mi.IntType: "int",
    mi.FloatType: "float",
    mi.BoolType: "bool",
    mi.NoneType: "None",
    mi.DateTimeType: "datetime",
    mi.DateType: "date",
}


def text() -> str:
    """The whole module."""
    classes: dict[str, str] = {}
    for kind in (*ANSWERED, *SENT):
        _add(mi.type_info(kind), classes)
    return "\n\n".join([_HEAD, *classes.values()])


def formatted(module: str) -> str:
    """As the house formats it."""
    command = [sys.executable, "-m", "ruff", "format", "-", "--stdin-filename", str(PATH)]
    return subprocess.run(command, input=module, capture_output=True, text=True, check=True).stdout  # noqa: S603


def _add(kind: mi.Type, classes: dict[str, str]) -> None:
    """What a type needs comes before it."""
    if isinstance(kind, mi.EnumType) and kind.cls.__name__ not in classes:
        classes[kind.cls.__name__] = _enum(kind.cls)
    if not isinstance(kind, mi.StructType) or kind.cls.__name__ in classes:
        for part in _parts(kind):
            _add(part, classes)
        return
    for field in kind.fields:
        _add(field.type, classes)
    classes[kind.cls.__name__] = _struct(kind)


def _parts(kind: mi.Type) -> Iterable[mi.Type]:
    match kind:
        case mi.UnionType(types=types) | mi.TupleType(item_types=types):
            return types
        case mi.VarTupleType(item_type=one) | mi.ListType(item_type=one):
            return (one,)
        case mi.DictType(key_type=key, value_type=value):
            return (key, value)
        case _:
            return ()


def _struct(kind: mi.StructType) -> str:
    # What stands for "nothing said" is not sent, so that an older API understands a body as long as it can.
    sent = ", omit_defaults=True" if kind.forbid_unknown_fields else ""
    head = f"class {kind.cls.__name__}(Struct, frozen=True, kw_only=True{sent}):\n"
    return head + _promise(kind.cls) + "".join(_field(field) for field in kind.fields)


def _enum(kind: type[Enum]) -> str:
    members = "".join(f'    {one.name} = "{one.value}"\n' for one in kind)
    return f"class {kind.__name__}(_Word):\n{_promise(kind)}{members}"


def _promise(kind: type) -> str:
    said = (kind.__doc__ or "").strip()
    return f'    """{said}{chr(10) + "    " if chr(10) in said else ""}"""\n\n'


def _field(field: mi.Field) -> str:
    named = f"    {field.encode_name}: {_named(field.type)}"
    if field.required:
        return f"{named}\n"
    if field.default_factory is not NODEFAULT:
        return f"{named} = {field.default_factory()!r}\n"
    if field.default is NODEFAULT:
        kinds = [*_named(field.type).split(" | "), "UnsetType"]
        return f"    {field.encode_name}: {_one_of(kinds)} = UNSET\n"
    return f"{named} = {_default(field.default)}\n"


def _default(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _named(kind: mi.Type) -> str:
    match kind:
        case mi.StructType(cls=cls) | mi.EnumType(cls=cls):
            return cls.__name__
        case mi.UnionType(types=types):
            return _one_of(map(_named, types))
        case mi.VarTupleType(item_type=one) | mi.ListType(item_type=one):
            return f"tuple[{_named(one)}, ...]"
        case mi.TupleType(item_types=types):
            return f"tuple[{', '.join(map(_named, types))}]"
    if isinstance(kind, mi.DictType):
        return f"dict[{_named(kind.key_type)}, {_named(kind.value_type)}]"
    return _named(kind.type) if isinstance(kind, mi.Metadata) else _PLAIN[type(kind)]


def _one_of(names: Iterable[str]) -> str:
    """None comes last, as people write it."""
    return " | ".join(sorted(names, key=lambda name: name == "None"))


if __name__ == "__main__":
    PATH.write_text(formatted(text()), "utf-8")
