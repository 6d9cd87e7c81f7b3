"""Official rates from the bank's page to the reader: the table, a conversion, a chart, an alert."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.demo.people import Someone
from bot.model import Address, QuietHours
from bot.store.chats import Chats
from bot.store.connect import Database
from bot.store.held_rates import HeldRates
from tests.shared_data import require_shared_data
from tests.stories.newsroom import Newsroom, Page
from tests.stories.people import ask_until, last_text

FILES = {
    "nbk": "nbk_get_rates_2026-04-01.xml",
    "nbkr": "nbkr_daily_2026-05-24.xml",
    "nbt": "nbt_2026-05-18.xml",
    "cbu": "cbu_all_2026-04-01.json",
    "cbt": "cbt_2026-05-20.xml",
    "cbr": "cbr_XML_daily_2026-04-25.xml",
    "ecb": "ecb_sdmx_recent.csv",
    "er-api": "er_api_v6_latest_USD_2024-08-19.json",
}
NAMES = {source_format: f"Source {number}" for number, source_format in enumerate(FILES)}
OTHERS = {
    "nbkr_history_USD_2005-06.html": "nbkr",
    "nbkr_weekly_2026-05-23.xml": "nbkr",
    "cbr_XML_dynamic_R01010.xml": "cbr",
    "ecb_eurofxref-daily_2019-04-11.xml": "ecb",
    "frankfurter_v2_rates_EUR_USD.json": "ecb",
}


def nbk(day: str, rate: str) -> bytes:
    return (
        f"<rates><date>{day}</date><item><title>USD</title><description>{rate}</description>"
        f"<quant>1</quant></item></rates>"
    ).encode()


def publish(newsroom: Newsroom, bodies: dict[str, bytes]) -> None:
    """Every bank at its address, polled every second."""
    for source_format, body in bodies.items():
        page = newsroom.pages.setdefault(f"/{source_format}", Page(content_type="text/xml"))
        page.body = body
    newsroom.extra_sources = "".join(
        f'[[rates]]\nname = "{NAMES[source_format]}"\nurl = "{newsroom.another_host()}/{source_format}"\n'
        f'format = "{source_format}"\nevery = "1s"\n'
        + ('attribution = "Rates by the world"\n' if source_format == "er-api" else "")
        for source_format in bodies
    )


def pushed(reader: Someone) -> str:
    """All alerts that came, one below the other."""
    texts = (message.text or "" for message in reader.inbox)
    return "\n".join(text for text in texts if re.match("🔔.*\n1 ", text))


async def test_every_bank_ends_in_the_table_a_conversion_a_chart_and_an_alert(
    newsroom: Newsroom, database: Database
) -> None:
    folder = require_shared_data() / "rates"
    publish(newsroom, {name: (folder / file).read_bytes() for name, file in FILES.items()})
    reader = newsroom.telegram.user(1)
    async with newsroom.run():
        for code, expected in {
            "KZT": "1 USD = 478.77 KZT",
            "KGS": "1 USD = 87.45 KGS",
            "TJS": "1 USD = 9.345 TJS",
            "UZS": "1 USD = 12,194.21 UZS",
            "TMT": "1 USD = 3.50 TMT",
            "RUB": "1 USD = 75.53 RUB",
        }.items():
            table = await ask_until(newsroom, reader, f"/rates {code}", expected)
        assert f"{NAMES['cbr']} · 25 Apr 2026" in table
        assert "days old" in table
        await ask_until(newsroom, reader, "/rates HNL", "Rates by the world")
        assert "47,877.00 KZT" in await ask_until(newsroom, reader, "/convert 100 USD KZT", "KZT")
        # Uzbekistan's wrong manat never got through; it waits for somebody who confirms it.
        held = await HeldRates(database).all()
        assert ("TMT", NAMES["cbu"]) in {(rate.quote.quote, rate.quote.source) for rate in held}

        await ask_until(newsroom, reader, "/alert KZT < 475", "below 475")
        await ask_until(newsroom, reader, "/alert TJS 0.1%", "TJS")
        newsroom.pages["/nbk"].body = (folder / "nbk_get_rates_2026-04-03.xml").read_bytes()
        newsroom.pages["/cbu"].body = (folder / "cbu_all_2026-04-03.json").read_bytes()
        newsroom.pages["/nbt"].body = (folder / "nbt_2026-05-20.xml").read_bytes()
        await newsroom.telegram.wait_for(
            lambda: "9.3288" in pushed(reader) and "472.31" in pushed(reader), timeout_s=30
        )
        assert "1 USD = 472.31 KZT  ▼ 1.35%\nKZT: below 475.00" in pushed(reader)
        assert "1 USD = 9.3288 TJS  ▼ 0.17%\nTJS: 0.1% or more within a day" in pushed(reader)

        await reader.say("/chart KZT 7d")
        await newsroom.telegram.wait_for(lambda: reader.inbox[-1].photo)
        assert "1 USD = 472.31 KZT" in last_text(reader)
        assert "Highest: 478.77, 1 Apr 2026" in last_text(reader)


async def test_pages_of_another_day_or_without_the_dollar_do_no_harm(newsroom: Newsroom) -> None:
    folder = require_shared_data() / "rates"
    publish(newsroom, {"nbk": nbk("01.04.2026", "500")})
    for number, (file, source_format) in enumerate(OTHERS.items()):
        newsroom.pages[f"/other{number}"] = Page((folder / file).read_bytes(), content_type="text/xml")
        newsroom.extra_sources += (
            f'[[rates]]\nname = "Other {number}"\nurl = "{newsroom.another_host()}/other{number}"\n'
            f'format = "{source_format}"\nevery = "1s"\n'
        )
    reader = newsroom.telegram.user(1)
    async with newsroom.run():
        await ask_until(newsroom, reader, "/rates KZT", "1 USD = 500.00 KZT")
        await ask_until(newsroom, reader, "/rates KGS", "40.96")
        await ask_until(newsroom, reader, "/rates EUR", "1 EUR = 1.1697 USD")
        await ask_until(newsroom, reader, "/rates SEK", "SEK")


async def test_an_alert_is_one_message_a_fixing_and_a_line_fires_again_only_from_the_other_side(
    newsroom: Newsroom,
) -> None:
    publish(newsroom, {"nbk": nbk("01.04.2026", "505"), "er-api": b"{}"})
    reader, other = newsroom.telegram.user(1), newsroom.telegram.user(2)
    fixings = [("02.04.2026", "511"), ("03.04.2026", "512"), ("04.04.2026", "509"), ("05.04.2026", "513")]
    async with newsroom.run():
        await ask_until(newsroom, reader, "/rates KZT", "505")
        await ask_until(newsroom, reader, "/alert KZT > 510", "above 510")
        await ask_until(newsroom, other, "/alert UZS 1%", "UZS")
        for day, rate in fixings:
            newsroom.pages["/nbk"].body = nbk(day, rate)
            await ask_until(newsroom, other, "/rates KZT", f"{rate}.00")
        await newsroom.telegram.wait_for(lambda: "513" in pushed(reader))
    assert re.findall(r"= ([\d.]+) KZT", pushed(reader)) == ["511.00", "513.00"]
    assert pushed(other) == ""


async def test_an_alert_names_a_source_the_way_it_asks_to_be_named(newsroom: Newsroom) -> None:
    def world(rate: str, day: int) -> bytes:
        at = int(datetime(2026, 4, day, tzinfo=UTC).timestamp())
        return (
            f'{{"result":"success","time_last_update_unix":{at},"base_code":"USD","rates":{{"JPY":{rate}}}}}'
        ).encode()

    publish(newsroom, {"er-api": world("150", 1)})
    reader = newsroom.telegram.user(1)
    async with newsroom.run():
        await ask_until(newsroom, reader, "/rates JPY", "150.00")
        await ask_until(newsroom, reader, "/alert JPY > 151", "above 151")
        newsroom.pages["/er-api"].body = world("152", 2)
        await newsroom.telegram.wait_for(lambda: "152.00" in pushed(reader), timeout_s=20)
    assert pushed(reader).endswith("Rates by the world")


async def test_a_bank_that_is_down_keeps_its_last_word(newsroom: Newsroom) -> None:
    publish(newsroom, {"nbk": nbk("01.04.2026", "505")})
    reader = newsroom.telegram.user(1)
    async with newsroom.run():
        await ask_until(newsroom, reader, "/rates KZT", "505.00")
        newsroom.pages["/nbk"].status = 503
        await newsroom.wait_for(lambda: newsroom.pages["/nbk"].requests > 2)
        assert "days old" in await ask_until(newsroom, reader, "/rates KZT", "505.00")


async def test_an_alert_that_comes_up_in_quiet_hours_waits_for_their_end(
    newsroom: Newsroom, database: Database
) -> None:
    publish(newsroom, {"nbk": nbk("01.04.2026", "505")})
    reader, awake = newsroom.telegram.user(1), newsroom.telegram.user(2)
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    quiet = QuietHours((now - timedelta(hours=1)).time(), (now + timedelta(hours=1)).time())
    chats = Chats(database)
    async with newsroom.run():
        for person in (reader, awake):
            await ask_until(newsroom, person, "/rates KZT", "505")
            await ask_until(newsroom, person, "/alert KZT > 510", "above 510")
        sleeper = await chats.get(Address(1))
        assert sleeper is not None
        await chats.update(
            sleeper.address, lambda chat, _: replace(chat, quiet=quiet, timezone="UTC"), new=sleeper
        )
        newsroom.pages["/nbk"].body = nbk("02.04.2026", "511")
        await newsroom.telegram.wait_for(lambda: "511" in pushed(awake))
        await ask_until(newsroom, reader, "/rates KZT", "511")
        assert pushed(reader) == "", "it is night there"
        await chats.update(
            sleeper.address, lambda chat, _: replace(chat, quiet=None), new=sleeper, due_in_s=0
        )
        await newsroom.telegram.wait_for(lambda: "511" in pushed(reader), timeout_s=20)
    assert pushed(reader) == pushed(awake)
