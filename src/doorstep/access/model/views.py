"""A view that a person has saved: a page, and what it was asked for. Pure."""

from collections.abc import Collection

from msgspec import Struct

from doorstep.kernel.errors import Refused

VIEWS_MAX = 50
NAME_CHARS_MAX = 60
QUERY_CHARS_MAX = 2000


class SavedView(Struct, frozen=True):
    """A saved view. `page` is the page's own word, such as `orders`; `query` is its query string."""

    staff_id: str
    page: str
    name: str
    query: str


def check_view(view: SavedView, names: Collection[tuple[str, str]]) -> None:
    """Refused when a view has no proper name, asks for too much, or would be one too many beside those there are."""
    if not 0 < len(view.name.strip()) <= NAME_CHARS_MAX or not view.name.isprintable():
        said = f"Name the view in 1 to {NAME_CHARS_MAX} characters."
        raise Refused("bad_name", said, {"name": "missing or too long"})
    if len(view.query) > QUERY_CHARS_MAX or not view.query.isprintable():
        raise Refused("bad_query", "This view asks for too much to be saved.", {"query": "too long"})
    if (view.page, view.name) not in names and len(names) >= VIEWS_MAX:
        raise Refused("too_many_views", f"There are {VIEWS_MAX} saved views already. Delete one first.")
