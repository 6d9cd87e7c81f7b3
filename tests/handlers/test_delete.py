"""/delete: asked once, and then nothing is left, whatever a reader had chosen and was owed."""

from decimal import Decimal

from bot.demo.people import Someone
from bot.model import Quote
from bot.store.connect import Database
from bot.store.fanout import Fanout
from tests.handlers.conftest import World, stories, utc_now
from tests.store.leaks import everything

CHOICES = (
    "/start KZ",
    "/subscribe energy UZ",
    "/briefing 07:30 mon-fri",
    "/timezone Asia/Tashkent",
    "/quiet 22:00-07:00",
    "/alert KZT 1%",
    "/alert KZT > 510",
    "/latest",
    "/search story",
    "/convert 100 USD KZT",
    "/stop",
    "/start",
)


async def test_deleting_asks_once_and_leaves_no_trace(
    world: World, aigul: Someone, database: Database
) -> None:
    await world.ask(aigul, "/start KZ")
    await world.ask(aigul, "/quiet 22:00-07:00")
    question = await world.ask(aigul, "/delete")
    await aigul.tap(question, "No, keep it")
    assert (await world.stored(aigul)).follows
    question = await world.ask(aigul, "/delete")
    await aigul.tap(question, "Yes")
    await world.telegram.wait_for(lambda: "all forgotten" in (aigul.last.text or ""))
    left = await database.run(("KEYS", "*"))
    assert [key for key in left if not key.startswith(b"{n}:")] == [], "but for how many there were today"


async def test_deleting_takes_along_what_was_chosen_and_what_was_owed(
    world: World, database: Database
) -> None:
    """All of Redis is as it would be without this reader, but for what says nothing about anybody."""
    fanout, reader = Fanout(database, "one"), world.telegram.user(987_654_321)
    await world.services.rates.put([Quote("USD", "KZT", Decimal("505.05"), utc_now().date(), "A bank")])
    await world.services.articles.fill(stories(3))
    without = await everything(database)
    for words in CHOICES:
        await world.ask(reader, words)
    with_choices = await everything(database)
    assert "987654321" in repr(with_choices)
    await world.services.articles.append(stories(5)[3:])
    logged = await everything(database)
    assert await fanout.mark(await fanout.read())

    await reader.tap(await world.ask(reader, "/delete"), "Yes")
    await world.telegram.wait_for(lambda: "all forgotten" in (reader.last.text or ""))
    by_the_log = {key: value for key, value in logged.items() if value != with_choices.get(key)}
    left = await everything(database)
    assert "987654321" not in repr(left)
    assert _lasting(left) == _lasting({**without, **by_the_log})


_NOBODYS = (
    "{n}:",  # how many there were today
    "{a}:fanout:",  # how far the log was handed on, kept for a day
    "{r}:rules:",  # that somebody may have such an alert; without followers it is dropped with the next move
)


def _lasting(stored: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in stored.items() if not key.startswith(_NOBODYS)}
