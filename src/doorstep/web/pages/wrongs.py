"""Why a change was not made, in the words and the language of whoever wished it."""

from collections.abc import Mapping

from doorstep.journey.placement.model.amending.records import NotPossible
from doorstep.kernel.errors import DoorstepError
from doorstep.web.labels import marked
from doorstep.web.language import Language

_WRONG: Mapping[str, str] = {
    "being_packed": marked("The order is already being packed, so it cannot be changed any more."),
    "not_confirmed": marked("The order is not confirmed yet. Please try again in a moment."),
    "not_open": marked("The order has ended; it cannot be changed."),
    "in_trouble": marked("Something went wrong with the order. We mend that first."),
    "change_pending": marked("Another change waits for its payment. It is made or dropped first."),
    "nothing_changes": marked("The order is like that already."),
    "nothing_left": marked("Nothing of the order would be left. Cancel it instead."),
    "insufficient_stock": marked("There is not enough of it any more. Nothing was changed."),
    "not_deliverable": marked("We cannot send these goods there. Nothing was changed."),
    "needs_review": marked("The order cannot become so large by itself. Please write to us."),
    "difference_changed": marked("The price of the change is another by now. Please look at it again."),
    "bad_quantity": marked("A quantity is a whole number."),
    "key_reused": marked("This form was sent before with something else. Please open it again."),
    "bad_field": marked("Please look at what is marked."),
}


def changed_wrong(error: DoorstepError, language: Language) -> str:
    """Why a change was not made, as one sentence."""
    if isinstance(error, NotPossible):
        return " ".join(dict.fromkeys(language.sentence(problem.message) for problem in error.problems))
    known = _WRONG.get(error.code)
    return language(known) if known else error.message


def fields_wrong(error: DoorstepError, language: Language) -> dict[str, str]:
    """By the fields of an address what is wrong with it; empty when that is not why."""
    if not isinstance(error, NotPossible):
        return {}
    found = {one.path: language.sentence(one.message) for one in error.problems if one.path.startswith("address.")}
    return found if len(found) == len(error.problems) else {}
