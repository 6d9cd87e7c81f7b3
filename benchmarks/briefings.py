"""How fast briefings are composed: 10,000 different ones from the 2,000 stories of a day, on one core.

    python -m benchmarks.briefings [--readers 10000] [--stories 2000] [--rounds 3]

Every reader follows other things, reads one of the seven languages and lives in one of twelve zones; each briefing is
chosen and worded as the sender does it. Prints a JSON object; memory is the process's largest after each
round.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import resource
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.briefing.digest import WINDOW
from bot.briefing.edition import Edition
from bot.catalogue import Catalogue, load_catalogue
from bot.language import Tongues
from bot.model import Address, Article, Chat, ChatKind, Position, Quote, Tag
from bot.settings import LANGUAGES
from handlers.digest import Briefings

NOW = dt.datetime(2026, 4, 3, 3, 0, tzinfo=dt.UTC)
ZONES = (
    "Asia/Almaty",
    "Asia/Tashkent",
    "Asia/Bishkek",
    "Asia/Dushanbe",
    "Asia/Ashgabat",
    "Asia/Kabul",
    "Asia/Baku",
    "Europe/Moscow",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "Asia/Shanghai",
)
WORDS = (
    "bridge",
    "river",
    "market",
    "station",
    "harvest",
    "power",
    "water",
    "village",
    "minister",
    "railway",
    "school",
    "border",
    "price",
    "loan",
    "museum",
    "doctor",
    "winter",
    "glacier",
    "festival",
    "pipeline",
    "tariff",
    "airport",
    "clinic",
    "herd",
)


def main() -> int:
    """Compose, and print the figures."""
    parser = argparse.ArgumentParser(description="Measure how fast briefings are composed.")
    parser.add_argument("--readers", type=int, default=10_000)
    parser.add_argument("--stories", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    dice, catalogue = random.Random(1), load_catalogue()
    stories = list(invented_stories(asked.stories, catalogue, dice))
    readers = list(invented_readers(asked.readers, catalogue, dice))
    quotes = {
        currency.code: Quote("USD", currency.code, Decimal("505.05"), NOW.date(), "Bank", Decimal("0.3"))
        for currency in catalogue.currencies
    }
    briefings = Briefings(Tongues(), catalogue)
    rounds = [compose(stories, readers, quotes, briefings) for _ in range(asked.rounds)]
    print(json.dumps({"stories": asked.stories, "readers": asked.readers, "rounds": rounds}, indent=2))
    return 0


def compose(
    stories: list[Article], readers: list[Chat], quotes: dict[str, Quote], briefings: Briefings
) -> dict[str, float]:
    """One morning: an edition is made and everybody gets a briefing."""
    begun = time.process_time()
    edition = Edition(stories)
    made_s = time.process_time() - begun
    characters, longest = 0, 0
    texts: set[int] = set()
    for reader in readers:
        local = NOW.astimezone(ZoneInfo(reader.timezone))
        choice = edition.choose(reader.follows, NOW - WINDOW, NOW)
        message = briefings.write(reader, choice, quotes, local)
        characters += len(message.html)
        longest = max(longest, len(message.html))
        texts.add(hash(message.html))
    took_s = time.process_time() - begun
    return {
        "different": len(texts),
        "briefings_per_s": round(len(readers) / took_s),
        "edition_ms": round(made_s * 1000, 1),
        "mean_characters": round(characters / len(readers)),
        "longest": longest,
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def invented_stories(count: int, catalogue: Catalogue, dice: random.Random) -> Iterator[Article]:
    """Stories of a day, most of them from a few countries, as it is."""
    countries = [country.code for country in catalogue.countries]
    topics = [topic.code for topic in catalogue.topics]
    for number in range(count):
        sentence = " ".join(dice.choices(WORDS, k=14)).capitalize() + "."
        yield Article(
            id=f"story{number:07}",
            title=" ".join(dice.choices(WORDS, k=9)).capitalize(),
            link=f"https://news.example/{number}",
            published=NOW - dt.timedelta(seconds=dice.randrange(24 * 3600)),
            source=f"The {dice.choice(WORDS).title()} Courier",
            summary=f"{sentence} {sentence} {sentence}",
            countries=tuple(
                {countries[min(int(dice.expovariate(0.3)), len(countries) - 1)] for _ in range(2)}
            ),
            topics=tuple(dice.sample(topics, k=dice.randint(1, 2))),
            sources=tuple(f"Agency {n}" for n in range(dice.choice((0, 0, 0, 1, 2)))),
        )


def invented_readers(count: int, catalogue: Catalogue, dice: random.Random) -> Iterator[Chat]:
    """Readers who follow three to nine things each."""
    for number in range(count):
        follows: dict[Tag, Position] = dict.fromkeys(
            dice.sample(catalogue.tags, k=dice.randint(3, 9)), Position(1)
        )
        yield Chat(
            Address(number + 1),
            ChatKind.PRIVATE,
            dice.choice(LANGUAGES),
            dice.choice(ZONES),
            follows=follows,
        )


if __name__ == "__main__":
    sys.exit(main())
