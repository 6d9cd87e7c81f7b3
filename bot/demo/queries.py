"""Questions that wait for the bot's answer: taps on buttons, and inline queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.demo.markup import read_text
from bot.demo.nouns import Chat, Message
from bot.demo.refusals import Refusal, bad_request
from bot.demo.telegram_world import Event, TelegramWorld
from bot.demo.who import Json, Person

ANSWERABLE_FOR_S = 30.0
"""A tap can be answered for about this long; then the button stops spinning by itself."""


def too_old() -> Refusal:
    """What Telegram says about a query that it does not wait for any more."""
    return bad_request("query is too old and response timeout expired or query ID is invalid")


@dataclass(frozen=True, slots=True)
class TapAnswer:
    """What the person sees after a tap: nothing, a toast (``text``), or an alert to confirm."""

    text: str = ""
    alert: bool = False
    url: str | None = None


@dataclass(slots=True)
class Tap:
    """A tap on a button with data."""

    id: str
    person: Person
    message: Message
    data: str
    asked_s: float
    answer: TapAnswer | None = None


@dataclass(frozen=True, slots=True)
class InlineAnswer:
    """The results shown above the input field; each is an ``InlineQueryResult`` object."""

    results: Sequence[Json]
    next_offset: str = ""
    cache_time: int = 300
    is_personal: bool = False
    button: Json | None = None


@dataclass(slots=True)
class InlineQuestion:
    """``@bot words``, typed in any chat."""

    id: str
    person: Person
    query: str
    offset: str
    asked_s: float
    answer: InlineAnswer | None = None


@dataclass(slots=True)
class Queries:
    """Open and answered queries of one world, by id."""

    world: TelegramWorld
    taps: dict[str, Tap] = field(default_factory=dict)
    inline: dict[str, InlineQuestion] = field(default_factory=dict)
    _last_id: int = 4_000_000_000_000

    def _next_id(self) -> str:
        self._last_id += 1
        return str(self._last_id)

    def tap(self, person: Person, message: Message, data: str) -> Tap:
        """Somebody taps: the bot gets a ``callback_query``."""
        tap = Tap(self._next_id(), person, message, data, self.world.clocks.monotonic())
        self.taps[tap.id] = tap
        query: Json = {
            "id": tap.id,
            "from": person.as_json(),
            "message": message.as_json(),
            "chat_instance": str(message.chat.id),
            "data": data,
        }
        self.world.updates.add("callback_query", query)
        return tap

    def ask_inline(self, person: Person, query: str, offset: str, chat_type: str) -> InlineQuestion:
        """Somebody types ``@bot query``: the bot gets an ``inline_query``."""
        question = InlineQuestion(self._next_id(), person, query, offset, self.world.clocks.monotonic())
        self.inline[question.id] = question
        self.world.updates.add(
            "inline_query",
            {
                "id": question.id,
                "from": person.as_json(),
                "query": query,
                "offset": offset,
                "chat_type": chat_type,
            },
        )
        return question

    def choose(self, person: Person, result: Json, query: str, chat: Chat) -> Message:
        """Somebody sends an inline result into ``chat``: the bot gets a ``chosen_inline_result``."""
        content = result.get("input_message_content", {})
        formatted = read_text(
            content.get("message_text", result.get("caption", "")), content.get("parse_mode")
        )
        message = self.world.say(
            person, chat, "", formatted=formatted, via_bot=self.world.bot, markup=result.get("reply_markup")
        )
        chosen = {"result_id": result["id"], "from": person.as_json(), "query": query}
        self.world.updates.add("chosen_inline_result", chosen)
        return message

    def answer_tap(self, tap_id: str, answer: TapAnswer) -> None:
        """The bot answers a tap. Raises Refusal if that is too late, unknown, or done already."""
        tap = self.taps.get(tap_id)
        if tap is None or tap.answer is not None or self._expired(tap.asked_s):
            raise too_old()
        tap.answer = answer
        detail = {"query_id": tap.id, "text": answer.text, "alert": answer.alert, "url": answer.url}
        self.world.tell(Event("answer", tap.message.chat, tap.message, detail))

    def answer_inline(self, query_id: str, answer: InlineAnswer) -> None:
        """The bot answers an inline query. Raises Refusal if that is too late, unknown, or done already."""
        question = self.inline.get(query_id)
        if question is None or question.answer is not None or self._expired(question.asked_s):
            raise too_old()
        question.answer = answer
        self.world.bell.ring()

    def _expired(self, asked_s: float) -> bool:
        return self.world.clocks.monotonic() - asked_s > ANSWERABLE_FOR_S
