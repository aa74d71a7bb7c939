"""The system page: jobs and what is decided about them, what is known of providers, and no secret."""

from dataclasses import replace

import httpx
import pytest

from doorstep.access.model.permissions import Role
from doorstep.app import watched
from doorstep.jobs import store as jobs
from doorstep.jobs.model import EXHAUSTED, NewJob
from doorstep.kernel.clock import to_ms
from doorstep.observing.watch import Watch
from doorstep.settings import Settings
from tests.contract.console.test_forms import HOSTILE
from tests.stories.people import Browser, browsing, hired
from tests.stories.shop import Shop

PAGE = "/console/system"
SECRETS = Settings(
    database_url="postgresql://ann:s3cret-a@db.example/shop?password=s3cret-b",
    api_token="s3cret-c-long-enough",
    metrics_token="s3cret-d-long-enough",
    smtp_password="s3cret-e",
    otlp_endpoint="https://bob:s3cret-f@traces.example/",
)


async def _lose(shop: Shop, key: str = "payment.capture:1", about: str = "") -> None:
    job = NewJob("payment.capture", key, "{}", to_ms(shop.clock.now()), about)
    async with shop.app.database.begin() as tx:
        await jobs.insert(tx, [(job, EXHAUSTED)])


async def _lost(shop: Shop) -> list[str]:
    async with shop.app.database.read() as tx:
        return [one.key for one in await jobs.exhausted(tx, 100)]


async def test_a_lost_job_leads_to_its_order_and_is_tried_again(owner: Browser, shop: Shop) -> None:
    checkout = await shop.ready()
    await shop.buy(checkout)
    number = (await shop.look(checkout))["order"]["number"]
    async with shop.app.database.read() as tx:
        order_id, _ = await shop.app.overview.number(tx, number)
    await _lose(shop, about=order_id)
    await owner.get(PAGE)
    assert f'<a href="/console/orders/{number}">{number}</a>' in owner.text
    answer = await owner.post(f"{PAGE}/job.retry", job="payment.capture:1")
    assert answer.headers["location"] == f"{PAGE}#jobs"
    assert await _lost(shop) == []


async def test_a_job_is_given_up_with_a_reason(owner: Browser, shop: Shop) -> None:
    await _lose(shop)
    await owner.get(PAGE)
    assert (await owner.post(f"{PAGE}/job.give_up", job="payment.capture:1", reason=" ")).status_code == 422
    assert await _lost(shop) == ["payment.capture:1"]
    await owner.post(f"{PAGE}/job.give_up", job="payment.capture:1", reason="paid in cash")
    assert await _lost(shop) == []
    assert "paid in cash" in (await owner.get("/console/audit?act=job.")).text


async def test_a_job_that_is_none_is_told(owner: Browser) -> None:
    await owner.get(PAGE)
    answer = await owner.post(f"{PAGE}/job.retry", job="nothing")
    assert (answer.status_code, "There is no exhausted job" in owner.text) == (404, True)


async def test_many_lost_jobs_come_in_pages(owner: Browser, shop: Shop) -> None:
    for number in range(30):
        await _lose(shop, f"payment.capture:{number:02}")
    await owner.get(PAGE)
    assert owner.text.count(f'action="{PAGE}/job.retry"') == 25
    more = owner.text.split('rel="next" href="')[1].split('"')[0]
    await owner.get(more)
    assert owner.text.count(f'action="{PAGE}/job.retry"') == 5


async def test_who_may_only_look_decides_nothing(shop: Shop, browser: Browser) -> None:
    await hired(shop, Role.VIEWER, "vic@example.com", "Vic")
    await _lose(shop)
    await browser.sign_in("vic@example.com")
    answer = await browser.get(PAGE)
    assert "job.retry" not in answer.text


async def test_of_providers_only_what_is_known_is_said(shop: Shop) -> None:
    seen = replace(shop, app=watched(shop.app, Watch()))
    async with browsing(seen) as browser:
        await browser.sign_in()
        assert (await browser.get(PAGE)).text.count("nothing is known") == 4
        await seen.app.worker.start()
        await shop.buy(await shop.ready())
        await seen.work()
        await seen.app.worker.leave()
        await browser.get(PAGE)
    assert browser.text.count("nothing is known") < 4
    assert "answered" in browser.text


async def test_no_secret_is_shown(shop: Shop) -> None:
    async with browsing(shop, SECRETS) as browser:
        await browser.sign_in()
        answer = await browser.get(PAGE)
    assert "s3cret" not in answer.text
    assert answer.text.count("<dd>set</dd>") == 3
    assert "postgresql://db.example/shop<" in answer.text


async def test_the_plan_is_told_with_what_the_store_chose(owner: Browser, shop: Shop) -> None:
    await shop.buy(await shop.ready())
    await owner.get(PAGE)
    for text in (shop.app.plans.in_force.version, "[shipping.services.standard.rates.home]", "price 5.00 GBP"):
        assert text in owner.text


@pytest.mark.parametrize("field", ["job", "reason"])
async def test_hostile_text_is_inert(owner: Browser, shop: Shop, field: str) -> None:
    await _lose(shop, HOSTILE)
    await owner.get(PAGE)
    answers: list[httpx.Response] = []
    for act in ("job.retry", "job.give_up"):
        answers.append(await owner.post(f"{PAGE}/{act}", **({"job": HOSTILE, "reason": ""} | {field: HOSTILE})))
        await owner.get(PAGE)
    assert all("<script>alert" not in answer.text and answer.status_code < 500 for answer in answers)
