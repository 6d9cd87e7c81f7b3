"""Our way out against the local Telegram, which is as strict as the real one about texts, buttons and rights."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from bot.demo.faults import BAD_GATEWAY_PAGE, SERVER_ERROR, Fault, Incoming, Reset
from bot.demo.limits import Limits
from bot.demo.local_telegram import LocalTelegram
from bot.demo.people import Someone
from bot.model import Address, Button, Gone, GoneReason, Later, Message, Refused, RefusedReason, Sent
from bot.telegram.messenger import Messenger
from bot.telegram.session import open_session
from bot.telegram.transport import AiohttpRequest

HELLO = Message("<b>Hello</b> &amp; welcome")


@pytest.fixture
async def telegram() -> AsyncIterator[LocalTelegram]:
    async with LocalTelegram() as telegram:
        yield telegram


@pytest.fixture
async def messenger(telegram: LocalTelegram) -> AsyncIterator[Messenger]:
    async with open_session(telegram.api_url, 4) as session:
        yield Messenger(session, telegram.api_url, telegram.token)


async def reader(telegram: LocalTelegram, person_id: int = 1) -> Someone:
    """Somebody who has started the bot."""
    someone = telegram.user(person_id)
    await someone.say("/start")
    return someone


async def test_a_push_arrives_as_it_was_meant(telegram: LocalTelegram, messenger: Messenger) -> None:
    aigul = await reader(telegram)
    buttons = ((Button("More", data="more"), Button("Read", url="https://example.org")),)
    sent = await messenger.send(Address(aigul.id), Message(HELLO.html, buttons))
    assert sent == Sent(aigul.last.message_id)
    assert aigul.last.text == "Hello & welcome"


async def test_each_way_of_being_gone_is_told_apart(telegram: LocalTelegram, messenger: Messenger) -> None:
    blocker, leaver = await reader(telegram, 1), await reader(telegram, 2)
    blocker.block()
    leaver.deactivate()
    owner = telegram.user(3)
    forum = telegram.supergroup("Forum", topics=["Economy", "Energy", "News"], owner=owner)
    energy, news = forum.topic("Energy"), forum.topic("News")
    forum.close_topic(energy, owner)
    forum.delete_topic(news)
    addresses = [
        Address(1),
        Address(2),
        Address(99),
        Address(forum.id, energy.thread_id),
        Address(forum.id, news.thread_id),
    ]
    outcomes = [await messenger.send(address, HELLO) for address in addresses]
    assert [outcome.reason for outcome in outcomes if isinstance(outcome, Gone)] == [
        GoneReason.BLOCKED,
        GoneReason.DEACTIVATED,
        GoneReason.NOT_FOUND,
        GoneReason.TOPIC_CLOSED,
        GoneReason.TOPIC_DELETED,
    ]


async def test_broken_markup_arrives_as_plain_text(telegram: LocalTelegram, messenger: Messenger) -> None:
    aigul = await reader(telegram)
    assert isinstance(await messenger.send(Address(aigul.id), Message("<b>1 &lt; 2</i>")), Sent)
    assert aigul.last.text == "1 < 2"


async def test_buttons_that_are_refused_cost_no_story(telegram: LocalTelegram, messenger: Messenger) -> None:
    aigul = await reader(telegram)
    story = Message(HELLO.html, ((Button("Too much", data="x" * 65),),))
    assert isinstance(await messenger.send(Address(aigul.id), story), Sent)
    assert aigul.last.text == "Hello & welcome"


async def test_too_long_stays_refused(telegram: LocalTelegram, messenger: Messenger) -> None:
    aigul = await reader(telegram)
    outcome = await messenger.send(Address(aigul.id), Message("x" * 4097))
    assert isinstance(outcome, Refused)
    assert outcome.reason is RefusedReason.TOO_LONG


async def test_a_second_message_within_a_second_is_told_when_to_come() -> None:
    async with LocalTelegram(limits=Limits()) as telegram, open_session(telegram.api_url, 4) as session:
        aigul = await reader(telegram)
        messenger = Messenger(session, telegram.api_url, telegram.token)
        assert isinstance(await messenger.send(Address(aigul.id), HELLO), Sent)
        outcome = await messenger.send(Address(aigul.id), HELLO)
    assert isinstance(outcome, Later)
    assert (outcome.limited, outcome.after_s) == (True, 1)


@pytest.mark.parametrize(
    ("fault", "unsure"),
    [
        (SERVER_ERROR, False),
        (BAD_GATEWAY_PAGE, False),
        (Reset(arrived=False), True),
        (Reset(arrived=True), True),
    ],
)
async def test_bad_weather_keeps_the_message_owed(
    telegram: LocalTelegram, messenger: Messenger, fault: Fault, unsure: bool
) -> None:
    aigul = await reader(telegram)

    def weather(call: Incoming) -> Fault | None:
        return fault

    telegram.weather = weather
    outcome = await messenger.send(Address(aigul.id), HELLO)
    assert isinstance(outcome, Later)
    assert (outcome.unsure, outcome.limited) == (unsure, False)


async def test_a_chart_is_uploaded(telegram: LocalTelegram) -> None:
    aigul = await reader(telegram)
    picture = b"\x89PNG\r\n\x1a\n" + bytes(1000)
    async with open_session(telegram.api_url, 4) as session:
        request = AiohttpRequest(session)
        bot = Bot(
            telegram.token, base_url=f"{telegram.api_url}/bot", request=request, get_updates_request=request
        )
        sent = await bot.send_photo(aigul.id, picture, caption="KZT")
    assert sent.photo
    assert aigul.last.photo is not None
