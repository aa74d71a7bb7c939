"""Everything about who comes in and who may do what, as the composition root made it."""

from dataclasses import dataclass

from doorstep.access.flow.access import Access
from doorstep.access.flow.joining import Joining
from doorstep.access.flow.second_factor import SecondFactor
from doorstep.access.flow.sessions import Sessions
from doorstep.access.flow.sign_in import SignIn
from doorstep.access.flow.staff import Staff
from doorstep.access.flow.views import SavedViews


@dataclass(frozen=True)
class Doors:
    """The flows of a deployment that people reach."""

    access: Access
    staff: Staff
    joining: Joining
    sign_in: SignIn
    second_factor: SecondFactor
    sessions: Sessions
    views: SavedViews
