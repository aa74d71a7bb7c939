"""Every kind of mistake is reported on its line, with its key and what to write instead."""

import pytest

from doorstep.kernel.errors import Refused
from doorstep.plan.findings import Finding, PlanInvalid
from tests.unit.plan.plans import PLAN, findings_in, only_finding_in, spoiled


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "suggestion"),
    [
        ("hold_minutes", "hold_minute", 8, "stock.hold_minute", "Did you mean `hold_minutes`?"),
        ("[stock]", "[stok]", 7, "stok", "Did you mean `stock`?"),
        ('rate = "0.19"', 'rat = "0.19"', 12, "tax.rates[1].rat", "Did you mean `rate`?"),
        ("cut_off", '"Größe X"', 6, 'locations.main."Größe X"', "Known here: "),
        ("2000, price", "2000, cost", 23, "shipping.services.standard.rates.world.bands[0].cost", "Known here: "),
    ],
)
def test_an_unknown_setting(old: str, new: str, line: int, key: str, suggestion: str) -> None:
    finding = findings_in(spoiled(old, new))[0]
    assert (finding.line, finding.key, finding.message) == (line, key, "There is no such setting.")
    assert finding.suggestion.startswith(suggestion)


def test_a_misspelled_required_setting_is_not_reported_as_missing_too() -> None:
    assert only_finding_in(spoiled("currency =", "curency =")).key == "store.curency"


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        ('country = "GB"\ncurrency', "currency", 1, "store.country"),
        ('provider = "sandbox"', "", 14, "payment.methods.card.provider"),
        ('[payment.methods.card]\nprovider = "sandbox"', "", 1, "payment"),
        ('[payment.methods.card]\nprovider = "sandbox"', "[payment]", 14, "payment.methods"),
        (', rate = "0.19"', "", 12, "tax.rates[1].rate"),
        ("[locations.main]", "[[locations]]", 5, "locations[0].id"),
    ],
)
def test_a_missing_setting(old: str, new: str, line: int, key: str) -> None:
    finding = only_finding_in(spoiled(old, new))
    assert (finding.line, finding.key, finding.message) == (line, key, "This setting is missing.")


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "words"),
    [
        ("hold_minutes = 20", 'hold_minutes = "20"', 8, "stock.hold_minutes", "Write it without quotes: 20."),
        ("hold_minutes = 20", "hold_minutes = 20.5", 8, "stock.hold_minutes", "20.5 is not a whole number of minutes."),
        ("hold_minutes = 20", "hold_minutes = true", 8, "stock.hold_minutes", "true is not a whole number of minutes."),
        ("hold_minutes = 20", 'backorder = "no"', 8, "stock.backorder", '"no" is not true or false.'),
        ('name = "Mill Lane Tea"', "name = 5", 2, "store.name", "5 is not text."),
        ('name = "Mill Lane Tea"', 'name = " "', 2, "store.name", "The text is empty."),
        ('name = "Mill Lane Tea"', 'name = "a\\nb"', 2, "store.name", "Write it on one line."),
        ('countries = ["GB"]', 'countries = "GB"', 17, "shipping.zones.home.countries", "is not a list."),
        ("[tax]\nrates = [", "[tax]\nrates = [ 5,", 10, "tax.rates[0]", "stands where a table is needed."),
        ("[stock]\nhold_minutes = 20", "\n[[stock]]", 8, "stock", "a list stands where a table is needed."),
        ("[stock]\nhold_minutes = 20", "\n[locations]\nb = 3", 9, "locations.b", "stands where a table is needed."),
    ],
)
def test_a_value_of_the_wrong_type(old: str, new: str, line: int, key: str, words: str) -> None:
    finding = only_finding_in(spoiled(old, new))
    assert (finding.line, finding.key) == (line, key)
    assert words in str(finding)


@pytest.mark.parametrize(
    ("written", "suggestion"),
    [('"UK"', "`GB`"), ('"gb"', "`GB`"), ('"Germany"', "`DE`"), ('"XX"', "two letters"), ('""', "two letters")],
)
def test_an_unknown_country(written: str, suggestion: str) -> None:
    finding = only_finding_in(spoiled('countries = ["GB"]', f"countries = [\n{written}]"))
    assert (finding.line, finding.key) == (18, "shipping.zones.home.countries[0]")
    assert suggestion in finding.suggestion


@pytest.mark.parametrize(
    ("written", "suggestion"), [('"gbp"', "`GBP`"), ('"GPB"', "`GBP`"), ('"EURO"', "`EUR`"), ('"QQQ"', "")]
)
def test_an_unknown_currency(written: str, suggestion: str) -> None:
    finding = only_finding_in(spoiled('"GBP"', written))
    assert (finding.line, finding.key) == (4, "store.currency")
    assert suggestion in finding.suggestion


@pytest.mark.parametrize(
    ("setting", "key", "words"),
    [
        ('time_zone = "Europe/Londn"', "store.time_zone", "Did you mean `Europe/London`?"),
        ('time_zone = "Europe"', "store.time_zone", '"Europe" is not a time zone.'),
        ('languages = ["english"]', "store.languages[0]", '"english" is not a language'),
        ('languages = ["../en"]', "store.languages[0]", "is not a language"),
        ("languages = []", "store.languages", "At least one is needed here."),
        ('support_email = "help"', "store.support_email", "is not an email address."),
    ],
)
def test_a_bad_value_of_the_store(setting: str, key: str, words: str) -> None:
    finding = only_finding_in(spoiled("[locations.main]", f"{setting}\n[locations.main]"))
    assert (finding.line, finding.key) == (5, key)
    assert words in str(finding)


@pytest.mark.parametrize(
    ("setting", "key", "words"),
    [
        ('working_days = ["Monday"]', "working_days[0]", "Did you mean `mon`?"),
        ('working_days = ["someday"]', "working_days[0]", '"someday" is not "mon", "tue"'),
        ('working_days = ["mon", "mon"]', "working_days[1]", '"mon" is given twice, first on line 6.'),
        ("working_days = []", "working_days", "At least one is needed here."),
        ('cut_off = "25:00"', "cut_off", '"25:00" is not a time of day.'),
        ('cut_off = "9:00"', "cut_off", 'from "00:00" to "23:59"'),
        ('cut_off = "07:30"', "cut_off", "The cut-off 07:30 is not after opening at 08:00."),
        ('opens = "16:00"', "opens", "The cut-off 15:00 is not after opening at 16:00."),
        ("public_holidays = 1", "public_holidays", "1 is not true or false."),
    ],
)
def test_a_bad_value_of_a_location(setting: str, key: str, words: str) -> None:
    finding = only_finding_in(spoiled('cut_off = "14:00"', setting))
    assert (finding.line, finding.key) == (6, f"locations.main.{key}")
    assert words in str(finding)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ('"-4.95"', "is negative."),
        ("-5", "-5 is negative."),
        ('"4.955"', "has more digits after the point than GBP has."),
        ('"4,95"', "is not an amount."),
        ('"£4.95"', "without a currency sign"),
        ("1e3", "is not an amount."),
        ("nan", "is not an amount."),
        ("1e999999999999999999999", "is not an amount."),
        ("0x" + "f" * 5000, "is not an amount."),
        ("9999999999999999", "is not an amount that an order can have."),
        ("true", "is not an amount."),
        ("[]", "a list is not an amount."),
    ],
)
def test_a_bad_amount(written: str, words: str) -> None:
    finding = only_finding_in(spoiled('"4.95"', written))
    assert (finding.line, finding.key) == (20, "shipping.services.standard.rates.home.price")
    assert words in str(finding)


@pytest.mark.parametrize("written", ['"20"', "19", '"-0.1"', '"1.1"', '"a fifth"', "1e-30", "inf", "true"])
def test_a_rate_that_is_no_decimal_between_0_and_1(written: str) -> None:
    finding = only_finding_in(spoiled('"0.19"', written))
    assert (finding.line, finding.key) == (12, "tax.rates[1].rate")


@pytest.mark.parametrize("written", ["-1", "0", "525601", "1" * 4000])
def test_a_number_out_of_range(written: str) -> None:
    finding = only_finding_in(spoiled("hold_minutes = 20", f"hold_minutes = {written}"))
    assert (finding.line, finding.suggestion) == (8, "Write a whole number of minutes from 1 to 525600.")


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ('[fulfillment]\nwhen_short = "cancle"', "Did you mean `cancel`?"),
        ('[payment]\ncapture = "later"', '"later" is not "confirmation" or "hand_over".'),
        ('[confirmation]\nnotices = ["order_confirm"]', "Did you mean `order_confirmed`?"),
        ('[confirmation]\nprovider = "no spaces"', "is not an id."),
    ],
)
def test_a_word_that_is_not_one_of_the_choices(setting: str, words: str) -> None:
    finding = only_finding_in(f"{PLAN}{setting}")
    assert finding.line == 27
    assert words in str(finding)


def test_an_id_with_spaces() -> None:
    finding = only_finding_in(spoiled("locations.main", 'locations."the shed"'))
    assert (finding.line, finding.key) == (5, 'locations."the shed"')


@pytest.mark.parametrize("name", ["locations", "payment.methods", "shipping.zones", "shipping.services"])
@pytest.mark.parametrize("nothing", ["{}", "[]"])
def test_a_list_that_needs_one(name: str, nothing: str) -> None:
    tables = [table for table in PLAN.split("\n[") if not table.startswith(name)]
    findings = findings_in("\n[".join([f"{name} = {nothing}", *tables]).replace("[[", "["))
    assert (1, name, "At least one is needed here.") in {(each.line, each.key, each.message) for each in findings}


def test_a_finding_reads_as_one_line() -> None:
    finding = Finding("plan.toml", 8, "stock.hold_minute", "There is no such setting.", "Did you mean `hold_minutes`?")
    assert str(finding) == ("plan.toml:8: stock.hold_minute: There is no such setting. Did you mean `hold_minutes`?")


def test_an_invalid_plan_lists_its_findings() -> None:
    invalid = PlanInvalid([Finding("plan.toml", 8, "b", "Wrong."), Finding("plan.toml", 2, "a", "Missing.")])
    assert str(invalid) == "The plan has 2 problems:\n  plan.toml:2: a: Missing.\n  plan.toml:8: b: Wrong."


def test_an_invalid_plan_is_refused() -> None:
    assert issubclass(PlanInvalid, Refused)
