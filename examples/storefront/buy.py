"""Buys a thing at a Doorstep store, from the cart to the order's number: what a storefront does, in one page.

python -m examples.storefront.buy http://127.0.0.1:8000 MUG
"""

import asyncio
import sys

import httpx

from .client import Checkouts, OutOfStock, TotalChanged
from .wire import (
    AddressBody,
    BuyerBody,
    CheckoutChange,
    CheckoutState,
    CheckoutView,
    Completion,
    LineBody,
    NewCheckout,
)


async def buy(shop: Checkouts, sku: str, token: str) -> CheckoutView:
    """One unit of an item, sent to Ada; `token` stands for her card, as the payment provider's page gave it."""
    checkout = await shop.open(NewCheckout(lines=(LineBody(sku=sku, quantity=1),)))
    say(f"{checkout.lines[0].name}: {price(checkout)}. What is still asked for:")
    for problem in checkout.problems:
        say(f"  {problem.path}: {problem.message}")

    checkout = await shop.change(
        checkout.id,
        CheckoutChange(
            buyer=BuyerBody(email="ada@example.com", name="Ada Lovelace"),
            address=AddressBody(
                country="GB",
                name="Ada Lovelace",
                street="12 St James's Square",
                city="London",
                postcode="SW1Y 4JH",
            ),
            method="card",
        ),
    )
    for option in checkout.options:
        say(f"  {option.service}: {option.name}, {option.price_minor / 100:.2f} ({option.why})")
    checkout = await shop.change(checkout.id, CheckoutChange(service=checkout.options[0].service))
    say(f"With delivery: {price(checkout)}.")

    checkout = await agree(shop, checkout, token)
    checkout = await shop.settled(checkout.id)
    if checkout.payment and checkout.payment.action_url:
        say(f"The bank wants to see the shopper at {checkout.payment.action_url}")
    elif checkout.state is CheckoutState.READY and checkout.payment:
        say(f"Not paid: {checkout.payment.reason}. Another card can be tried, with another key.")
    elif checkout.order:
        say(f"Order {checkout.order.number} is placed and paid for.")
    return checkout


async def agree(shop: Checkouts, checkout: CheckoutView, token: str) -> CheckoutView:
    """Press Buy. A total that has changed is shown first; here the shopper always agrees."""
    try:
        return await shop.complete(checkout.id, Completion(total_minor=checkout.totals.total_minor, token=token))
    except TotalChanged as changed:
        say(f"The total is {changed.total_minor / 100:.2f} by now.")
        return await shop.complete(checkout.id, Completion(total_minor=changed.total_minor, token=token))
    except OutOfStock as gone:
        say(gone.detail)
        raise


def price(checkout: CheckoutView) -> str:
    """What the checkout comes to."""
    return f"{checkout.totals.total_minor / 100:.2f} {checkout.currency}"


def say(words: str) -> None:
    """Tell whoever runs this."""
    sys.stdout.write(f"{words}\n")


async def main(url: str, sku: str, token: str = "approve") -> None:  # noqa: S107 - the sandbox bank's own word
    """Buy one unit of an item of the store at a URL."""
    async with httpx.AsyncClient(base_url=url) as http:
        await buy(Checkouts(http), sku, token)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
