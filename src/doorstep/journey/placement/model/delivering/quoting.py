"""Prices in words: what a quote comes from, and why it is not the one before. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from doorstep.journey.placement.model.delivering.tariffs import Contents, Tariff, billable, volumetric
from doorstep.journey.placement.model.priced import Charge, Quote, Quoted
from doorstep.kernel.money import Money
from doorstep.kernel.phrase import Phrase, phrase
from doorstep.plan.records import Plan


def quote(tariff: Tariff, contents: Contents, currency: str) -> Quote | None:
    """The price of goods by a tariff with all it comes from; None when they are not carried."""
    grams = billable(contents, tariff.divisor)
    base, charges = tariff.base(grams), tariff.charges(contents.kinds)
    if base is None or any(one.refused for one in charges):
        return None
    return Quote(
        service=tariff.service.id,
        zone=tariff.zone,
        actual_grams=contents.grams,
        volumetric_grams=volumetric(contents.mm3, tariff.divisor),
        value_minor=tariff.value,
        base_minor=base,
        charges=tuple(Charge(one.id, one.name, one.amount) for one in charges),
        why=(_base_why(tariff, grams, currency), *_more_why(tariff, contents, currency)),
    )


def in_one(phrases: Sequence[Phrase]) -> Phrase:
    """Several reasons as one sentence."""
    first, *others = phrases
    return phrase("{first}; {second}", first=first, second=in_one(others)) if others else first


def quoted(quotes: tuple[Quote, ...], before: Quoted | None, plan: Plan, at: datetime) -> Quoted:
    """The prices of a checkout's delivery, with why they changed, if there were others before."""
    expires = at + timedelta(minutes=plan.shipping.quote_minutes)
    changed = _changed(before, quotes, plan) if before else ()
    return Quoted(quotes=quotes, at=at, expires_at=expires, changed=changed)


def _base_why(tariff: Tariff, grams: int, currency: str) -> Phrase:
    rate = tariff.rate
    if tariff.is_free:
        return phrase("free, because the goods come to {least} or more", least=Money(rate.free_over or 0, currency))
    if tariff.service.pickup and not tariff.service.rates:
        return phrase("free, because it is collected")
    if rate.value_bands:
        return _value_why(tariff, currency)
    band = next((band for band in rate.bands if grams <= band.weight_grams_max), None)
    if band:
        return phrase("{weight} g, up to {most} g", weight=grams, most=band.weight_grams_max)
    last = rate.bands[-1].weight_grams_max
    further = tariff.further_kg(grams)
    return phrase("{weight} g: {further} kg more than {most} g", weight=grams, further=further, most=last)


def _value_why(tariff: Tariff, currency: str) -> Phrase:
    bands = tariff.rate.value_bands
    most = next((band.value_max for band in bands if band.value_max is None or tariff.value <= band.value_max), None)
    if most is None:
        return phrase("for goods of {value}", value=Money(tariff.value, currency))
    return phrase("for goods of up to {most}", most=Money(most, currency))


def _more_why(tariff: Tariff, contents: Contents, currency: str) -> Iterable[Phrase]:
    size = volumetric(contents.mm3, tariff.divisor)
    if size > contents.grams and not tariff.is_free and not tariff.rate.value_bands:
        yield phrase(
            "its size counts as {size} g, more than its weight of {weight} g", size=size, weight=contents.grams
        )
    for one in tariff.charges(contents.kinds):
        yield phrase("{name}: {amount} more", name=one.name, amount=Money(one.amount, currency))


def _changed(before: Quoted, after: tuple[Quote, ...], plan: Plan) -> tuple[Phrase, ...]:
    difference = sum(quote.price_minor for quote in after) - before.price_minor
    if not difference:
        return ()
    why = in_one([*_reasons(before.quotes, after, plan)] or [phrase("the price list has changed")])
    amount = Money(abs(difference), plan.store.currency)
    more = phrase("{amount} more than before: {why}", amount=amount, why=why)
    return (more if difference > 0 else phrase("{amount} less than before: {why}", amount=amount, why=why),)


def _reasons(before: tuple[Quote, ...], after: tuple[Quote, ...], plan: Plan) -> Iterable[Phrase]:
    if len(before) != len(after):
        yield phrase("the number of deliveries is now {count}", count=len(after))
    old, new = before[0], after[0]
    services = {quote.service for quote in after}
    if {quote.service for quote in before} != services:
        names = [service.name for service in plan.shipping.services if service.id in services]
        yield phrase("now by {services}", services=", ".join(names))
    if old.zone != new.zone:
        yield phrase("now to the zone {zone}", zone=new.zone)
    elif reason := _freed(old, new, plan):
        yield reason
    elif passed := _passed(old, new, plan):
        yield passed
    yield from _recharged(before, after)


def _freed(old: Quote, new: Quote, plan: Plan) -> Phrase | None:
    """Whether the goods come to so much by now that it is free, or not any more."""
    least = _free_over(new, plan)
    if least is None or (old.value_minor >= least) == (new.value_minor >= least):
        return None
    money = Money(least, plan.store.currency)
    if new.value_minor >= least:
        return phrase("free from {least} on", least=money)
    return phrase("the goods come to less than {least}", least=money)


def _free_over(quote: Quote, plan: Plan) -> int | None:
    service = plan.service(quote.service)
    return next((rate.free_over for rate in (service.rates if service else ()) if rate.zone == quote.zone), None)


def _passed(old: Quote, new: Quote, plan: Plan) -> Phrase | None:
    """Whether the weight passed one that has another price from there on."""
    service = plan.service(new.service)
    rate = next((rate for rate in (service.rates if service else ()) if rate.zone == new.zone), None)
    lower, upper = sorted((old.billable_grams, new.billable_grams))
    if rate is None or rate.value_bands or old.base_minor == new.base_minor or lower == upper:
        return None
    passed = [band.weight_grams_max for band in rate.bands if lower <= band.weight_grams_max < upper]
    most = passed[-1] if passed else lower
    if new.billable_grams > old.billable_grams:
        return phrase("the weight passed {most} g", most=most)
    return phrase("the weight is no more than {most} g", most=most if passed else upper)


def _recharged(before: tuple[Quote, ...], after: tuple[Quote, ...]) -> Iterable[Phrase]:
    old = {charge.id: charge.name for quote in before for charge in quote.charges}
    new = {charge.id: charge.name for quote in after for charge in quote.charges}
    for one, name in new.items():
        if one not in old:
            yield phrase("with {name}", name=name)
    for one, name in old.items():
        if one not in new:
            yield phrase("without {name}", name=name)
