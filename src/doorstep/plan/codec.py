"""A plan as stored bytes. One that was stored before a setting existed loads with the setting's default."""

from msgspec import json

from doorstep.plan.records import Plan

_ENCODER = json.Encoder()
_DECODER = json.Decoder(Plan)


def encode_plan(plan: Plan) -> bytes:
    """The stored form: JSON by field names."""
    return _ENCODER.encode(plan)


def decode_plan(stored: bytes) -> Plan:
    """The plan that `encode_plan` stored."""
    return _DECODER.decode(stored)
