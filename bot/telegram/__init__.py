"""The border to the Bot API: whatever goes to Telegram or comes from it passes here, and nowhere else.

Two ways lead out over one HTTP stack (aiohttp, orjson). Handlers use python-telegram-bot as everybody knows
it; its requests go through ``transport`` and wait their turn in ``limiter``. Pushes use ``messenger``: bytes
out, an ``Outcome`` back. One way leads in: ``polling`` fetches updates and confirms them once handled,
``updates`` keeps them in order within a chat. No exception and no log line that leaves this room carries the
token.
"""
