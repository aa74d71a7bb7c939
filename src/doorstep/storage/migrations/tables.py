"""Every table there is. Stores are known by their name, so that none can be forgotten."""

from importlib import import_module
from pkgutil import walk_packages

from sqlalchemy import MetaData

from doorstep.storage.schema import metadata


def all_tables() -> MetaData:
    """The metadata after every `store.py`, or folder of that name, has been imported."""
    package = import_module(__name__.partition(".")[0])
    for found in walk_packages(package.__path__, f"{package.__name__}."):
        if "store" in found.name.split("."):
            import_module(found.name)
    return metadata
