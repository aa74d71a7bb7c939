"""Three things from two warehouses are as good as bought when one vanishes: its substitute is chosen live, and paid."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from msgspec.structs import replace

from doorstep.catalog import store as catalog
from doorstep.catalog.model import Item
from doorstep.stock.model.sourcing import Moved, Source
from tests.contract.api.streaming import Client, Served, Told, served
from tests.stories.a_scarce_shop import FILLED, Scarce
from tests.stories.shop import MORNING, PLAN, until

TWO_HOUSES = replace(PLAN, locations=(*PLAN.locations, replace(PLAN.locations[0], id="south", name="South")))
CART = {"TEA": 1, "LAMP": 1, "MUG": 1}


@pytest_asyncio.fixture
async def here(sqlite_url: str) -> AsyncIterator[Served]:
    """Tea and one lamp are in the south, other lamps too; mugs are in the main house."""
    async with served(sqlite_url, plan=TWO_HOUSES) as here:
        items = [Item("TEA", "Tea", 500, 100), Item("LAMP", "Lamp", 4000, 900, substitutes="LAMP-2")]
        shelves = [Source("south", 1, "TEA", 9), Source("south", 2, "LAMP", 1), Source("south", 3, "LAMP-2", 5)]
        async with here.shop.app.database.begin() as tx:
            await catalog.put(tx, [*items, Item("LAMP-2", "Reading lamp", 4500, 900)])
            await here.shop.app.shelf.receive(tx, [Moved("south", MORNING, tuple(shelves))])
        yield here


async def asked(client: Client) -> Any:
    """The next question that the shopper is asked."""
    while (told := await client.next()).name != "question":
        continue
    return told.data


def events(checkout: Any) -> str:
    return f"/api/v1/checkouts/{checkout['id']}/events"


async def vanish(here: Served) -> None:
    """Somebody else buys the last lamp."""
    theirs = await Scarce(here.shop).cart(LAMP=1)
    assert (await here.shop.buy(theirs, key="theirs")).status_code == 200


async def test_a_shopper_chooses_the_substitute_live_and_gets_the_confirmation(here: Served) -> None:
    scarce = Scarce(here.shop)
    mine = await scarce.cart(**CART)
    assert mine["state"] == "ready_for_complete"
    async with here.stream(events(mine)) as client:
        assert (await client.next()).name == "open"
        await vanish(here)
        question = await asked(client)
        chosen = (await scarce.say(mine, "substitute:LAMP-2", question=question["id"])).json()
        over = await asked(client)
    assert (over["id"], over["state"], over["version"]) == (question["id"], "answered", chosen["version"])
    assert (await here.shop.buy(chosen)).status_code == 200
    done = await until(here.shop, chosen, "completed")
    order = await here.shop.order(done)
    assert [line["sku"] for line in order["lines"]] == ["TEA", "LAMP-2", "MUG"]
    assert {one["location"] for one in order["deliveries"]} == {"main", "south"}


async def test_the_question_says_enough_to_be_drawn_and_nothing_personal(here: Served) -> None:
    mine = await Scarce(here.shop).cart(**CART)
    async with here.stream(events(mine)) as client:
        await client.next()
        await vanish(here)
        question = await asked(client)
    assert question["text"] == "Lamp is not available any more."
    assert question["options"][0]["label"] == "Take Reading lamp instead"
    assert question["options"][0]["price_minor"] == mine["totals"]["total_minor"] + 500
    assert {"id", "kind", "state", "version", "deadline", "default"} <= {*question}
    told = str(question)
    assert not [
        word for part in ("buyer", "address") for word in FILLED[part].values() if len(word) > 2 and word in told
    ]


@pytest.mark.parametrize("heard", ["nothing", "question", "change"])
async def test_a_stream_that_drops_is_resumed_without_missing_a_question(here: Served, heard: str) -> None:
    mine, told = await Scarce(here.shop).cart(**CART), list[Told]()
    async with here.stream(events(mine)) as client:
        told.append(await client.next())
        if heard != "nothing":
            await vanish(here)
            while told[-1].name != heard.replace("change", "changed"):
                told.append(await client.next())
    if heard == "nothing":
        await vanish(here)
        await here.shop.buy(mine)
    last = [one.id for one in told if one.id][-1]
    async with here.stream(events(mine), Last_Event_ID=last) as again:
        assert (await asked(again))["kind"] == "choose_alternative"


async def test_the_conversation_goes_on_in_another_browser(here: Served) -> None:
    mine = await Scarce(here.shop).cart(**CART)
    await vanish(here)
    await here.shop.buy(mine)
    link = (await here.shop.http.post(f"/api/v1/checkouts/{mine['id']}/links")).json()
    opened = (await here.shop.http.get(f"/api/v1/checkouts/by-link/{link['token']}")).json()
    assert mine["id"] not in link["url"]
    chosen = await Scarce(here.shop).say(opened, "without")
    assert (opened["id"], chosen.json()["state"]) == (mine["id"], "ready_for_complete")
