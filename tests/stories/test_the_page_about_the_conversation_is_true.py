"""The exchange that docs/conversation.md shows is what happens, to the letter."""

import json
import re

from tests.house.source import ROOT
from tests.stories.a_scarce_shop import scarce_shop


async def test_the_exchange_is_as_it_is_shown(sqlite_url: str) -> None:
    page = (ROOT / "docs" / "conversation.md").read_text("utf-8")
    question, answer = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL))
    async with scarce_shop(sqlite_url) as scarce:
        checkout = await scarce.gone(VASE=1, MUG=2)
        assert checkout["questions"] == [question]
        path = f"/api/v1/checkouts/{checkout['id']}/answers"
        told = await scarce.shop.http.post(path, json=answer, headers={"Idempotency-Key": "4f1c"})
    assert (told.json()["state"], told.json()["totals"]["total_minor"]) == ("ready_for_complete", 10500)
