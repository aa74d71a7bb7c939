"""An address as it is said to the desk and to the API: bounded texts, and nothing unknown."""

from typing import Annotated

from msgspec import Meta, Struct

from doorstep.kernel.limits import TEXT_CHARS_MAX

NO_CONTROLS = r"^[^\x00-\x1f\x7f]*$(?!\n)"
NO_CONTROLS_BUT_LINES = r"^[^\x00-\x09\x0b-\x1f\x7f]*$"

Text = Annotated[str, Meta(max_length=TEXT_CHARS_MAX, pattern=NO_CONTROLS)]
Street = Annotated[str, Meta(max_length=TEXT_CHARS_MAX, pattern=NO_CONTROLS_BUT_LINES)]
Country = Annotated[str, Meta(max_length=60, pattern=NO_CONTROLS, description="ISO 3166-1 alpha-2, such as GB.")]


class AddressBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the goods go. What is needed beside the country depends on it; `problems` says what is missing."""

    country: Country
    name: Text = ""
    street: Street = ""
    city: Text = ""
    postcode: Text = ""
    region: Text = ""
    company: Text = ""
    phone: Text = ""
    instructions: Street = ""
    access_code: Text = ""
