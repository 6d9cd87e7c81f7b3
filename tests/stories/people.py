"""What the readers of a story do and see."""

from __future__ import annotations

from bot.demo.nouns import Message
from bot.demo.people import Someone
from tests.stories.newsroom import Newsroom


def last_text(person: Someone) -> str:
    """What the bot wrote last; nothing yet is the empty text."""
    return person.inbox[-1].words if person.inbox else ""


def stories_in(person: Someone) -> list[Message]:
    return [message for message in person.inbox if "Daily" in message.words]


async def subscribe(newsroom: Newsroom, person: Someone, what: str) -> None:
    before = len(person.inbox)
    await person.say(f"/subscribe {what}")
    await newsroom.telegram.wait_for(lambda: len(person.inbox) > before)


async def ask_until(newsroom: Newsroom, person: Someone, question: str, expected: str) -> str:
    """Ask again until the answer holds ``expected``: what is asked about may not be stored yet."""
    for _ in range(20):
        before = len(person.inbox)
        await person.say(question)
        await newsroom.telegram.wait_for(lambda: len(person.inbox) > before)  # noqa: B023
        if expected in last_text(person):
            return last_text(person)
    raise AssertionError(f"{question} still answers {last_text(person)!r}")
