"""What went wrong, as a page for people: what it is, and what to do; nothing of the inside."""

from doorstep.kernel.errors import DoorstepError, TryLater
from doorstep.web.labels import marked
from doorstep.web.pages.page import Shown, Visit
from doorstep.web.respond import HttpError, noted, problem_of

_TITLES = {
    400: marked("This request cannot be read"),
    403: marked("This is not for you to do"),
    404: marked("There is nothing here"),
    405: marked("This page cannot be used like that"),
    409: marked("Somebody was first"),
    412: marked("It changed meanwhile"),
    408: marked("This took too long"),
    413: marked("This is too large"),
    415: marked("This is not a form"),
    422: marked("This cannot be done"),
    429: marked("That was too often"),
    431: marked("This is too large"),
    500: marked("Something went wrong"),
    503: marked("Please try again in a moment"),
}


_DETAILS = {
    "form_not_ours": marked("This form was not sent, because it is too old or not ours. Reload the page first."),
    "link_revoked": marked("This link does not work any more: its checkout has ended."),
    "link_expired": marked("This link to the order has expired. Please ask the store for another."),
    "link_unknown": marked("This link opens no order. Please check that it was copied in full."),
    "no_challenge": marked("There is nothing here to say yes or no to."),
    "no_such_item": marked("There is no such item."),
    "no_such_page": marked("There is no page at this address."),
    "too_many_requests": marked("That was quick. Please wait a few seconds, then try again."),
}
_SHOPPERS = ("/shop", "/checkout", "/sandbox", "/order/")


def error_page(error: Exception, visit: Visit) -> Shown:
    """The page for a request that failed."""
    expected, instance = noted(error, visit.given.new_id, f"{visit.path.split('/')[1]} page")
    problem = problem_of(expected, instance)
    title = _TITLES.get(problem.status, _TITLES[400])
    detail = visit.language(_DETAILS.get(expected.code, problem.detail))
    fill = {"title": visit.language(title), "detail": detail, "instance": problem.instance}
    shown = {**fill, "status": problem.status, "back": _back(visit)}
    return Shown("error.html", shown, problem.status, wait_seconds=wait_of(expected))


def _back(visit: Visit) -> tuple[str, str]:
    """Where somebody who is lost can go on, and what that is called; nowhere when there is nothing for them."""
    if not visit.path.startswith(_SHOPPERS):
        return "/console", visit.language("To the console")
    is_hosted = visit.given.plans.in_force.placement.hosted_shop
    return ("/shop", visit.language("To the shop")) if is_hosted else ("", "")


def wait_of(error: DoorstepError) -> float:
    """How many seconds to wait before another try; 0 when waiting does not help."""
    if isinstance(error, HttpError):
        return float(dict(error.headers).get(b"retry-after", b"0"))
    return error.retry_after_seconds if isinstance(error, TryLater) else 0


def field_errors(error: DoorstepError) -> dict[str, str]:
    """What is wrong by field of a form; what belongs to no field stands under an empty name."""
    return dict(error.fields) or {"": error.message}
