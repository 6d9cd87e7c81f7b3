"""A Telegram of our own, to try the bot without a token and to test it without the network.

``LocalTelegram`` is the server with handles for tests; ``people``, ``limits``, ``faults`` and ``journal`` are its
parts that tests touch. ``Demo`` adds the chat page and sample sources: what ``briefing-bot demo`` starts.
"""

from bot.demo.demo import Demo
from bot.demo.limits import NO_LIMITS, Limits
from bot.demo.local_telegram import LocalTelegram
from bot.demo.people import Place, Someone

__all__ = ["NO_LIMITS", "Demo", "Limits", "LocalTelegram", "Place", "Someone"]
