"""The parts of the local Telegram in one value, as every method of the Bot API is given them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.demo.files import FileStore
from bot.demo.profile import Profile
from bot.demo.queries import Queries
from bot.demo.telegram_world import TelegramWorld


@dataclass(frozen=True, slots=True)
class Platform:
    """State only; what may be done to it is in ``methods``."""

    world: TelegramWorld
    queries: Queries
    profile: Profile
    files: FileStore
