"""Every answer that Telegram gives to a push, and what becomes of the chat and of the message."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest

from bot.demo.faults import (
    BAD_GATEWAY_PAGE,
    RESET_AFTER,
    RESET_BEFORE,
    SERVER_ERROR,
    Fault,
    Incoming,
    flood_wait,
    refusing,
)
from bot.demo.journal import ApiCall
from bot.model import Address, Chat, Message, Outcome, Position, Tag
from bot.roles.verdicts import UNSURE_PAUSE_S
from bot.store import keys
from bot.store.articles import Articles
from bot.store.chats import Chats
from bot.store.connect import Database
from bot.store.set_aside import SetAsideMessages, pseudonym
from tests.store.samples import a_chat, an_article
from tests.stories.newsroom import Newsroom
from tests.waiting import wait_until

SENDER = frozenset({"sender"})
READER = Address(1)


class Press:
    """Readers and stories, straight from the store."""

    def __init__(self, newsroom: Newsroom, database: Database) -> None:
        self.telegram = newsroom.telegram
        self.chats = Chats(database)
        self.articles = Articles(database, 86_400)
        self._coming: dict[int, Iterator[Fault | None]] = {}

    async def subscribe(self, *addresses: Address) -> None:
        def follow(chat: Chat, end: Position) -> Chat:
            return replace(chat, follows={Tag("KZ"): end})

        for address in addresses:
            if address.chat_id > 0:
                await self.telegram.user(address.chat_id).say("hello")
            await self.chats.update(address, follow, new=a_chat(address.chat_id, thread_id=address.thread_id))

    async def publish(self, *titles: str) -> list[str]:
        articles = [an_article("KZ", title=title, minutes=n) for n, title in enumerate(titles)]
        await self.articles.append(articles)
        return [article.id for article in articles]

    async def arrives(self, address: Address, *titles: str, timeout_s: float = 45) -> None:
        await self.telegram.wait_for(
            lambda: all(any(title in text for text in self.texts(address)) for title in titles), timeout_s
        )

    def texts(self, address: Address) -> list[str]:
        return [d.text for d in self.telegram.deliveries(address.chat_id) if d.thread_id == address.thread_id]

    def pushes(self, address: Address) -> list[ApiCall]:
        return [call for call in self.telegram.journal.of("sendMessage") if call.chat_id == address.chat_id]

    def answer(self, *faults: Fault | None, to: Address = READER) -> None:
        """The next pushes to a chat meet these, in this order; what comes after them meets nothing."""
        self._coming[to.chat_id] = iter(faults)
        self.telegram.weather = self._weather

    def _weather(self, call: Incoming) -> Fault | None:
        coming = self._coming.get(call.chat_id or 0)
        return next(coming, None) if coming and call.method == "sendMessage" else None


@pytest.fixture
def press(newsroom: Newsroom, database: Database) -> Press:
    return Press(newsroom, database)


async def test_a_429_holds_the_chat_for_exactly_so_long_and_costs_no_message(
    newsroom: Newsroom, press: Press
) -> None:
    await press.subscribe(READER, Address(2))
    press.answer(flood_wait(3))
    async with newsroom.run(SENDER):
        await press.publish("Astana grows")
        await press.arrives(Address(2), "Astana grows")
        await press.arrives(READER, "Astana grows")
    refused, sent = press.pushes(READER)
    assert (refused.status, sent.status) == (429, 200)
    assert 3.0 <= sent.received_s - refused.answered_s <= 3.6


async def test_a_second_chat_refused_holds_the_whole_bot(newsroom: Newsroom, press: Press) -> None:
    readers = [Address(number) for number in range(1, 9)]
    await press.subscribe(*readers)
    refusals = iter([flood_wait(2)] * 2)
    press.telegram.weather = lambda call: next(refusals, None) if call.method == "sendMessage" else None
    async with newsroom.run(SENDER):
        await press.publish("Astana grows")
        for reader in readers:
            await press.arrives(reader, "Astana grows")
    calls = press.telegram.journal.of("sendMessage")
    second = [call for call in calls if call.status == 429][1]
    after = [call for call in calls if call.received_s > second.answered_s + 0.1]
    assert min(call.received_s for call in after) - second.answered_s >= 2.0


async def test_trouble_on_the_way_delays_a_message_and_keeps_the_order(
    newsroom: Newsroom, press: Press
) -> None:
    readers: dict[Address, Fault] = {
        Address(1): SERVER_ERROR,
        Address(2): BAD_GATEWAY_PAGE,
        Address(3): RESET_BEFORE,
    }
    await press.subscribe(*readers)
    for reader, trouble in readers.items():
        press.answer(trouble, to=reader)
    async with newsroom.run(SENDER):
        await press.publish("First story")
        await press.telegram.wait_for(lambda: all(press.pushes(reader) for reader in readers), 45)
        await press.publish("Second story")
        for reader in readers:
            await press.arrives(reader, "First story", "Second story")
    for reader in readers:
        (text,) = press.texts(reader)
        assert text.index("First story") < text.index("Second story")


async def test_a_message_that_may_have_arrived_is_sent_again_after_a_pause(
    newsroom: Newsroom, press: Press
) -> None:
    await press.subscribe(READER)
    press.answer(RESET_AFTER)
    async with newsroom.run(SENDER):
        await press.publish("Astana grows")
        await press.telegram.wait_for(lambda: len(press.pushes(READER)) == 2, 45)
    first, second = press.pushes(READER)
    assert second.received_s - first.answered_s >= UNSURE_PAUSE_S
    assert len(press.texts(READER)) == 2, "the one way to a double"


KINDS_OF_GONE = (
    refusing(403, "Forbidden: bot was blocked by the user"),
    refusing(403, "Forbidden: user is deactivated"),
    refusing(403, "Forbidden: bot was kicked from the supergroup chat"),
    refusing(400, "Bad Request: not enough rights to send text messages to the chat"),
    refusing(400, "Bad Request: chat not found"),
    refusing(403, "Forbidden: something new"),
)


async def test_who_does_not_want_us_is_left_alone_with_settings_kept(
    newsroom: Newsroom, press: Press
) -> None:
    unwilling = [Address(number) for number in range(1, len(KINDS_OF_GONE) + 1)]
    await press.subscribe(*unwilling, Address(99))
    for address, refusal in zip(unwilling, KINDS_OF_GONE, strict=True):
        press.answer(refusal, to=address)
    async with newsroom.run(SENDER):
        await press.publish("First story")
        await press.arrives(Address(99), "First story")
        await press.telegram.wait_for(lambda: all(press.pushes(address) for address in unwilling), 45)
        await press.publish("Second story")
        await press.arrives(Address(99), "Second story")
    for address in unwilling:
        assert len(press.pushes(address)) == 1
        chat = await press.chats.get(address)
        assert chat is not None
        assert chat.gone_since is not None
        assert "KZ" in chat.follows


async def test_who_deleted_everything_while_refusing_us_stays_forgotten(press: Press) -> None:
    await press.subscribe(READER)
    await press.chats.forget(READER)
    await press.chats.mark_gone([READER])
    assert await press.chats.get(READER) is None


async def test_who_comes_back_gets_what_is_new(newsroom: Newsroom, press: Press) -> None:
    person = press.telegram.user(1)
    await press.subscribe(READER)
    async with newsroom.run(frozenset({"sender", "bot"})):
        person.block()
        await press.publish("Missed story")
        await wait_for_gone(press, gone=True)
        person.unblock()
        await wait_for_gone(press, gone=False)
        await press.publish("New story")
        await press.arrives(READER, "New story")
    assert not any("Missed story" in text for text in press.texts(READER))


async def wait_for_gone(press: Press, *, gone: bool) -> None:
    async def found() -> bool:
        chat = await press.chats.get(READER)
        return chat is not None and (chat.gone_since is not None) is gone

    await wait_until(found, within_s=45)


async def test_a_closed_or_deleted_topic_pauses_and_nothing_falls_into_general(
    newsroom: Newsroom, press: Press
) -> None:
    owner = press.telegram.user(1)
    forum = press.telegram.supergroup("Forum", owner=owner, topics=["Energy", "Politics", "Sport"])
    energy, politics, sport = forum.topics
    addresses = [Address(forum.id, topic.thread_id) for topic in forum.topics]
    await press.subscribe(*addresses)
    forum.close_topic(energy, owner)
    forum.delete_topic(politics)
    async with newsroom.run(SENDER):
        await press.publish("First story")
        await press.arrives(addresses[2], "First story")
        await press.telegram.wait_for(lambda: len(press.telegram.journal.with_status(400)) == 2, 45)
        await press.publish("Second story")
        await press.arrives(addresses[2], "Second story")
    assert press.texts(Address(forum.id)) == [], "General"
    assert [bool((await press.chats.get(at) or a_chat()).gone_since) for at in addresses] == [
        True,
        True,
        False,
    ]
    assert len(press.telegram.journal.with_status(400)) == 2, "each is tried once"
    assert sport.thread_id == addresses[2].thread_id


async def test_the_owed_message_follows_a_group_that_moved_at_once(newsroom: Newsroom, press: Press) -> None:
    owner = press.telegram.user(1)
    group = press.telegram.group("Readers", owner=owner)
    await press.subscribe(Address(group.id))
    moved = press.telegram.migrate(group, owner)
    async with newsroom.run(SENDER):
        await press.publish("Astana grows")
        await press.arrives(Address(moved.id), "Astana grows")
        await press.publish("Almaty grows")
        await press.arrives(Address(moved.id), "Almaty grows")
    (refused,) = press.pushes(Address(group.id))
    assert press.pushes(Address(moved.id))[0].received_s - refused.answered_s < 2
    assert len(press.texts(Address(moved.id))) == 2


ODD = refusing(400, "Bad Request: the moon is in the wrong house")


async def test_a_message_refused_three_times_is_set_aside_and_the_chat_goes_on(
    newsroom: Newsroom, press: Press, database: Database
) -> None:
    lucky = Address(2)
    await press.subscribe(READER, lucky)
    press.answer(ODD, ODD, ODD)
    press.answer(SERVER_ERROR, ODD, to=lucky)  # trouble on the way is no refusal
    async with newsroom.run(SENDER):
        (poison,) = await press.publish("Poison")
        await wait_until(lambda: some_set_aside(database), within_s=45)
        await press.arrives(lucky, "Poison")
        await press.publish("Next story")
        await press.arrives(READER, "Next story")
    assert [call.status for call in press.pushes(READER)] == [400, 400, 400, 200]
    (kept,) = await SetAsideMessages(database).newest()
    assert kept.chat == pseudonym(READER)
    assert kept.article_ids == (poison,)
    assert "the moon" in kept.cause
    assert not any("Poison" in text for text in press.texts(READER))


def unspeakable(*_: object) -> Message:
    raise KeyError("no such plural form")


async def speechless(*_: object) -> Outcome:
    raise ValueError("surrogates not allowed")


@pytest.mark.parametrize(
    ("place", "mistake", "words"),
    [
        ("handlers.push.story_card", unspeakable, "cannot be worded"),
        ("bot.telegram.messenger.Messenger.send", speechless, "cannot be sent"),
    ],
)
async def test_a_mistake_of_ours_costs_one_message_and_not_the_sender(
    place: str,
    mistake: object,
    words: str,
    newsroom: Newsroom,
    press: Press,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.roles.verdicts.BACK_OFF_S", (0.1,))
    await press.subscribe(READER)
    await press.publish("Poison")
    with monkeypatch.context() as broken:
        broken.setattr(place, mistake)
        async with newsroom.run(SENDER):
            await wait_until(lambda: some_set_aside(database), within_s=45)
    async with newsroom.run(SENDER):
        await press.publish("Next story")
        await press.arrives(READER, "Next story")
    (kept,) = await SetAsideMessages(database).newest()
    assert words in kept.cause
    assert not any("Poison" in text for text in press.texts(READER))


async def test_what_cannot_be_read_concerns_nobody_else(
    newsroom: Newsroom, press: Press, database: Database
) -> None:
    """A newer version of the program wrote a chat and a story, say."""
    await press.subscribe(READER, Address(2))
    await database.run(("HSET", keys.records(keys.home(READER)), str(READER), b"\xc1 from the future"))
    (strange,) = await press.publish("Strange story")
    await database.run(("SET", keys.article(strange), b"0" * 16 + b"\xc1 from the future", "KEEPTTL"))
    async with newsroom.run(SENDER):
        await press.publish("Next story")
        await press.arrives(Address(2), "Next story")
    assert press.pushes(READER) == []


async def test_a_sender_that_has_not_read_the_log_for_long_reads_it_to_its_end(
    newsroom: Newsroom, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.log_tail.READ_AT_ONCE", 5)
    await press.subscribe(READER)
    async with newsroom.run(SENDER):
        await press.articles.append([an_article("UZ") for _ in range(23)])
        await press.publish("The last one")
        await press.arrives(READER, "The last one")


async def some_set_aside(database: Database) -> bool:
    return bool(await SetAsideMessages(database).newest())


async def test_above_ten_stories_the_rest_is_counted_behind_a_button(
    newsroom: Newsroom, press: Press
) -> None:
    await press.subscribe(READER)
    await press.publish(*(f"Story {number:02}" for number in range(33)))
    async with newsroom.run(SENDER):
        await press.telegram.wait_for(lambda: press.texts(READER), 45)
    (text,) = press.texts(READER)
    assert text.count("Story ") == 10
    assert "and 23 more" in text
    (message,) = [m for m in press.telegram.messages(READER.chat_id) if m.keyboard]
    assert any("latest" in label for row in message.labels for label in row)


async def test_no_two_pushes_to_a_chat_are_ever_under_way_at_once(newsroom: Newsroom, press: Press) -> None:
    readers = [Address(number) for number in range(1, 5)]
    await press.subscribe(*readers)
    async with newsroom.run(SENDER), newsroom.run(SENDER):
        for number in range(3):
            await press.publish(f"Story {number}")
            for reader in readers:
                await press.arrives(reader, f"Story {number}")
    for reader in readers:
        for earlier, later in pairwise(press.pushes(reader)):
            assert later.received_s >= earlier.answered_s
