"""Parts of a checkout as the API shows them: what is in the way, and how everything can be delivered."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TypeAlias

from msgspec import Struct

from doorstep.journey.placement.model.breakdown import Part
from doorstep.journey.placement.model.priced import DeliveryOption, DeliveryPlan, Parcel
from doorstep.journey.placement.model.problems import Field, Option, Problem, Severity
from doorstep.kernel.phrase import Phrase

Say: TypeAlias = Callable[[Phrase], str]
"""Puts a sentence into words of a language."""


class OptionView(Struct, frozen=True, omit_defaults=True):
    """One thing that can be chosen: what the checkout then comes to, and until when its goods are kept."""

    id: str
    label: str
    price_minor: int | None = None
    held_until: datetime | None = None


class FieldView(Struct, frozen=True, omit_defaults=True):
    """A field that is asked for: what forms call it, an example, and what it can be if it is one of few."""

    name: str
    label: str
    example: str = ""
    choices: tuple[OptionView, ...] = ()


class PartView(Struct, frozen=True, omit_defaults=True):
    """A part of the total: subtotal, discount (of a `code`), delivery, tax_added, tax_within or total, and its name.

    What is taken off is negative. The parts but `tax_within`, which is in the others already, add up to the total.
    """

    kind: str
    label: str
    amount_minor: int
    code: str = ""


class ProblemView(Struct, frozen=True, omit_defaults=True):
    """Why the checkout cannot be completed as it is: what kind, where (a path into the checkout), and in words.

    `deadline` is when `default`, one of the options, is taken if nobody chooses.
    """

    kind: str
    path: str
    severity: Severity
    message: str
    options: tuple[OptionView, ...] = ()
    field: FieldView | None = None
    default: str = ""
    deadline: datetime | None = None


class ServiceView(Struct, frozen=True):
    """A delivery service that can be chosen, with its best price and, in words, what the price comes from."""

    service: str
    name: str
    price_minor: int
    transit_days: int
    why: str


class ParcelView(Struct, frozen=True, kw_only=True):
    """One delivery: what comes from where by which service, what it costs, and when it is promised to arrive."""

    location: str
    service: str
    units: tuple[tuple[int, int], ...]
    weight_grams: int
    price_minor: int
    leaves_at: datetime
    arrives_from: date
    arrives_until: date
    why: tuple[str, ...]


class DeliveryPlanView(Struct, frozen=True, kw_only=True):
    """A way in which everything can be delivered. `units` of its parcels are pairs of line position and quantity."""

    id: str
    deliveries: int
    parcels: tuple[ParcelView, ...]
    price_minor: int
    arrives_until: date
    marks: tuple[str, ...]
    why: tuple[str, ...]


def part_view(part: Part, say: Say) -> PartView:
    """A part of the total, in words."""
    return PartView(part.kind, say(part.label), part.minor, part.code)


def problem_view(problem: Problem, say: Say) -> ProblemView:
    """What is in the way, in words."""
    return ProblemView(
        kind=problem.kind,
        path=problem.path,
        severity=problem.severity,
        message=say(problem.message),
        options=options_view(problem.options, say),
        field=field_view(problem.field, say) if problem.field else None,
        default=problem.default,
        deadline=problem.deadline,
    )


def service_view(option: DeliveryOption, say: Say) -> ServiceView:
    """A delivery service, in words."""
    return ServiceView(option.service, option.name, option.price_minor, option.transit_days, say(option.why))


def plan_view(plan: DeliveryPlan, say: Say) -> DeliveryPlanView:
    """A way of delivery, in words."""
    return DeliveryPlanView(
        id=plan.id,
        deliveries=plan.deliveries,
        parcels=tuple(_parcel(parcel, say) for parcel in plan.parcels),
        price_minor=plan.price_minor,
        arrives_until=plan.arrives_until,
        marks=plan.marks,
        why=tuple(map(say, plan.why)),
    )


def options_view(options: Iterable[Option], say: Say) -> tuple[OptionView, ...]:
    """What can be chosen, in words."""
    return tuple(OptionView(one.id, say(one.label), one.price_minor, one.held_until) for one in options)


def field_view(field: Field, say: Say) -> FieldView:
    """A field that is asked for, in words."""
    return FieldView(field.name, say(field.label), field.example, options_view(field.choices, say))


def _parcel(parcel: Parcel, say: Say) -> ParcelView:
    return ParcelView(
        location=parcel.location,
        service=parcel.service,
        units=parcel.units,
        weight_grams=parcel.weight_grams,
        price_minor=parcel.price_minor,
        leaves_at=parcel.leaves_at,
        arrives_from=parcel.arrives_from,
        arrives_until=parcel.arrives_until,
        why=tuple(map(say, parcel.why)),
    )
