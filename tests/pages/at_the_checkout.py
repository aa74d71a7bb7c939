"""What a shopper does in a browser, from the shop to the button, by what stands on the pages."""

from playwright.async_api import Page

BUTTON = "Order and pay"


async def puts_into_the_cart(page: Page, *names: str) -> None:
    """Put one of each of some items into the cart."""
    for name in names:
        await page.goto(f"/shop?q={name}")
        await page.get_by_role("button", name=f"Put {name}").first.click()
        await page.get_by_text("is in your cart.").wait_for()


async def goes_to_the_checkout(page: Page) -> None:
    """Look at the cart, and go on."""
    await page.goto("/shop/cart")
    await page.get_by_role("button", name="To the checkout").click()
    await page.wait_for_url("**/checkout")


async def says_who(page: Page) -> None:
    """Fill in who gets it and where."""
    await page.get_by_label("E-mail address").fill("ada@example.com")
    await page.get_by_label("Full name").first.fill("Ada Lovelace")
    await page.locator("[name='address.street']").fill("12 St James's Square")
    await page.locator("[name='address.city']").fill("London")
    await page.locator("[name='address.postcode']").fill("SW1Y 4JH")
    await page.get_by_role("button", name="Go on to the delivery").last.click()
    await page.wait_for_url("**/checkout/delivery")


async def chooses_the_delivery(page: Page, number: int = 0) -> None:
    """Choose a way of delivery by its place in the list."""
    await page.get_by_role("radio").nth(number).check()
    await page.get_by_role("button", name="Go on to the payment").click()
    await page.wait_for_url("**/checkout/payment")


async def pays(page: Page, bank: str = "") -> None:
    """Press the button; the practice bank does what is said here, and says yes when nothing is."""
    if bank:
        await page.get_by_label("What should it do?").select_option(label=bank)
    await page.get_by_role("button", name=BUTTON).click()
