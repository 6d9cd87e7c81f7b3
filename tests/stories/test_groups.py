"""Stories in groups, forum topics and channels, from a page to the place where they belong."""

from __future__ import annotations

from bot.demo.nouns import Message, Topic
from bot.demo.people import Place, Someone
from bot.demo.who import Status
from tests.stories.newsroom import Newsroom
from tests.stories.people import stories_in, subscribe


def posts(place: Place, topic: Topic | None = None) -> list[Message]:
    """The stories in a place, or in one topic of it."""
    stories = [message for message in place.inbox if "Daily" in (message.text or "")]
    return [message for message in stories if topic is None or message.thread_id == topic.thread_id]


async def set_up(
    newsroom: Newsroom, owner: Someone, command: str, place: Place, topic: Topic | None = None
) -> None:
    before = len(place.inbox)
    await owner.say(command, to=place, topic=topic)
    await newsroom.telegram.wait_for(lambda: len(place.inbox) > before)


async def test_each_topic_gets_its_own_stories_and_general_gets_none(newsroom: Newsroom) -> None:
    owner = newsroom.telegram.user(1, "Owner")
    forum = newsroom.telegram.supergroup("Newsroom", topics=["Energy", "Kazakhstan"], owner=owner)
    energy, kazakhstan = forum.topics
    async with newsroom.run():
        await set_up(newsroom, owner, "/subscribe energy", forum, energy)
        await set_up(newsroom, owner, "/subscribe KZ", forum, kazakhstan)
        await newsroom.first_poll()
        newsroom.feed.publish("A new power plant", "Electricity for Tashkent, says the ministry of energy.")
        newsroom.feed.publish("Astana grows", "Kazakhstan’s capital has more people.")
        await newsroom.telegram.wait_for(lambda: posts(forum, energy) and posts(forum, kazakhstan))
    assert "power plant" in (posts(forum, energy)[0].text or "")
    assert "Astana" in (posts(forum, kazakhstan)[0].text or "")
    assert len(posts(forum)) == 2


async def test_a_closed_topic_pauses_alone_and_an_administrator_is_told_once(newsroom: Newsroom) -> None:
    owner = newsroom.telegram.user(1, "Owner")
    forum = newsroom.telegram.supergroup("Newsroom", topics=["Energy", "Kazakhstan"], owner=owner)
    energy, kazakhstan = forum.topics
    async with newsroom.run():
        await owner.say("/help")
        await set_up(newsroom, owner, "/subscribe KZ", forum, energy)
        await set_up(newsroom, owner, "/subscribe KZ", forum, kazakhstan)
        await newsroom.first_poll()
        forum.close_topic(energy, owner)
        newsroom.feed.publish("Astana grows", "Kazakhstan’s capital has more people.")
        await newsroom.telegram.wait_for(lambda: posts(forum, kazakhstan))
        await newsroom.telegram.wait_for(lambda: any("was closed" in (m.text or "") for m in owner.inbox))
        newsroom.feed.publish("Almaty grows", "Kazakhstan’s largest city has more people.")
        await newsroom.telegram.wait_for(lambda: len(posts(forum, kazakhstan)) == 2)
    notices = [message for message in owner.inbox if "was closed" in (message.text or "")]
    assert len(notices) == 1
    assert "“Newsroom”" in (notices[0].text or "")
    assert notices[0].links[0].endswith(f"/{energy.thread_id}")
    assert not posts(forum, energy)
    assert len(posts(forum)) == 2, "nothing falls into General"


async def test_a_deleted_topic_is_told_too_and_the_other_topics_go_on(newsroom: Newsroom) -> None:
    owner = newsroom.telegram.user(1, "Owner")
    forum = newsroom.telegram.supergroup("Newsroom", topics=["Energy"], owner=owner)
    (energy,) = forum.topics
    async with newsroom.run():
        await owner.say("/help")
        await set_up(newsroom, owner, "/subscribe KZ", forum)
        await set_up(newsroom, owner, "/subscribe KZ", forum, energy)
        await newsroom.first_poll()
        forum.delete_topic(energy)
        newsroom.feed.publish("Astana grows", "Kazakhstan’s capital has more people.")
        await newsroom.telegram.wait_for(lambda: posts(forum))
        await newsroom.telegram.wait_for(lambda: any("was deleted" in (m.text or "") for m in owner.inbox))
    assert [message.thread_id for message in posts(forum)] == [None]


async def test_a_kicked_bot_writes_to_no_topic_any_more(newsroom: Newsroom) -> None:
    owner, reader = newsroom.telegram.user(1, "Owner"), newsroom.telegram.user(2, "Reader")
    forum = newsroom.telegram.supergroup("Newsroom", topics=["Energy", "Kazakhstan"], owner=owner)
    async with newsroom.run():
        for topic in forum.topics:
            await set_up(newsroom, owner, "/subscribe KZ", forum, topic)
        await reader.say("/subscribe KZ")
        await newsroom.telegram.wait_for(lambda: reader.inbox)
        await newsroom.first_poll()
        # The bot hears nothing of it: the chat's 403 must be enough, for all topics.
        newsroom.telegram.world.bots_place(forum.chat).status = Status.KICKED
        for title in ("Astana grows", "Almaty grows"):
            before = len(reader.inbox)
            newsroom.feed.publish(title, "Kazakhstan’s cities have more people.")
            await newsroom.telegram.wait_for(lambda: len(reader.inbox) > before)  # noqa: B023
        assert newsroom.telegram.journal.answers["sendMessage", 403] <= 2


async def test_a_kick_and_a_return_within_the_month_bring_stories_again(newsroom: Newsroom) -> None:
    owner = newsroom.telegram.user(1, "Owner")
    group = newsroom.telegram.group("Readers", owner=owner)
    async with newsroom.run():
        await set_up(newsroom, owner, "/subscribe KZ", group)
        stayed = newsroom.telegram.user(2, "Stayed")
        await subscribe(newsroom, stayed, "KZ")
        await newsroom.first_poll()
        group.set_bot(owner, Status.KICKED)
        newsroom.feed.publish("Astana grows", "Kazakhstan’s capital has more people.")
        # Who stayed has the story: it came while the bot was away from the group.
        await newsroom.telegram.wait_for(lambda: stories_in(stayed))
        group.set_bot(owner, Status.MEMBER)
        await newsroom.telegram.wait_for(lambda: not newsroom.telegram.world.updates.pending)
        newsroom.feed.publish("Almaty grows", "Kazakhstan’s largest city has more people.")
        await newsroom.telegram.wait_for(lambda: posts(group))
    assert len(posts(group)) == 1
    assert "Almaty" in (posts(group)[0].text or "")
