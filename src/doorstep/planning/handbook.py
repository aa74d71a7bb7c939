"""The handbook: every page that is made from the program, by its name in `docs/`."""

from collections.abc import Mapping, Sequence

from doorstep.jobs.model import Kind
from doorstep.plan.reference import reference_markdown
from doorstep.planning.journey_map import journey_markdown


def pages(kinds: Sequence[Kind]) -> Mapping[str, str]:
    """The pages about the journey and the plan."""
    return {"journey.md": journey_markdown(kinds), "plan.md": reference_markdown()}
