"""What a sign-in needs to know about the deployment. Pure."""

from msgspec import Struct


class House(Struct, frozen=True):
    """What the store is called, how people reach it, and whether everybody needs a second factor."""

    store: str
    public_url: str
    second_factor_required: bool = False
