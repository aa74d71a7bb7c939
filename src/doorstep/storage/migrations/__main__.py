"""`python -m doorstep.storage.migrations new NAME`: write the next step of the history."""

import sys
from argparse import ArgumentParser

from doorstep.kernel.errors import Refused
from doorstep.storage.migrations.write import write_step


def main() -> None:
    """Read the command line, write the step, and say where."""
    parser = ArgumentParser(prog="python -m doorstep.storage.migrations")
    new = parser.add_subparsers(required=True).add_parser("new", help="write what the tables have and the history not")
    new.add_argument("name", help="what the step does: add_bins")
    new.add_argument("--replace", action="store_true", help="write the newest step anew, one that nobody has run yet")
    wanted = parser.parse_args()
    try:
        path = write_step(wanted.name, replace=wanted.replace)
    except Refused as refused:
        raise SystemExit(refused.message) from None
    sys.stdout.write(f"Written: {path.name}. Read it, and run the tests.\n")


if __name__ == "__main__":
    main()
