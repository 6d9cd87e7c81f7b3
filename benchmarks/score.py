"""How well sources are read: the figures of every evaluation set, as one JSON object.

    make score [GOLD=folder] [FEEDS=folder]

GOLD holds ``tagging.jsonl``, ``duplicates.jsonl``, ``summaries.jsonl``, ``listings/`` and a ``score.py`` that knows how
to judge; FEEDS holds feed files beside an ``expected.jsonl``. Both default to the folders in ``shared/data`` beside the
checkout; missing sets are left out.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from bot.briefing.summary import summarise
from bot.catalogue import load_catalogue
from bot.duplicates.decision import is_same_story
from bot.duplicates.telling import Telling
from bot.errors import FormatError
from bot.model import FeedEntry
from bot.sources.feed import parse_feed
from bot.sources.links import canonical_link, clean_link
from bot.sources.listing import parse_listing
from bot.tagging import Tagger

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
Figures = dict[str, Any]
_ROUNDS = 10


def tagging_figures(gold: Path, tagger: Tagger) -> Figures:
    """Countries and topics of ``tagging.jsonl``, and how many stories pass in a second on one core."""
    judge = _judge(gold)
    stories = judge.load(gold)["tagging"]
    tagger.tag("Warm", "up", ["Kazakhstan"])
    begun = time.process_time()
    for _ in range(_ROUNDS):
        answers = {
            key: tagger.tag(item["title"], item["text"], item["categories"]) for key, item in stories.items()
        }
    took_s = (time.process_time() - begun) / _ROUNDS
    told = {key: {"countries": tags.countries, "topics": tags.topics} for key, tags in answers.items()}
    return {**judge.tagging(told, stories), "stories_per_s": round(len(stories) / took_s)}


def duplicates_figures(gold: Path, tagger: Tagger) -> Figures:
    """Precision and recall of "the same story" on the pairs of ``duplicates.jsonl``."""
    judge = _judge(gold)
    pairs = {item["id"]: item for item in judge.read_jsonl(gold / "duplicates.jsonl")}
    told = {
        key: is_same_story(telling_of(pair["a"], tagger), telling_of(pair["b"], tagger))
        for key, pair in pairs.items()
    }
    figures: Figures = judge.duplicates(told, pairs)
    return figures


def telling_of(item: Figures, tagger: Tagger) -> Telling:
    """One side of a pair, tagged as the worker would."""
    tags = tagger.tag(item["title"], item["text"])
    return Telling(
        item["title"],
        item["text"],
        canonical_link(item["link"]),
        datetime.fromisoformat(item["published"]),
        tags.countries,
        tags.topics,
    )


def listing_figures(gold: Path) -> Figures:
    """Fields read right on the pages of ``listings/``."""
    judge = _judge(gold)
    pages = judge.load(gold)["listings"]
    told = {name: _listing(gold / "listings" / name, page["url"]) for name, page in pages.items()}
    figures: Figures = judge.listings(told, pages)
    return figures


def summary_figures(gold: Path) -> Figures:
    """What the summaries of ``summaries.jsonl`` carry, and how many are made in a second on one core."""
    judge = _judge(gold)
    stories = judge.load(gold)["summaries"]
    summarise("Warm", "up")
    begun = time.process_time()
    told = {key: summarise(item["title"], item["text"]) for key, item in stories.items()}
    took_s = time.process_time() - begun
    return {**judge.summaries(told, stories), "summaries_per_s": round(len(stories) / took_s)}


def feed_figures(feeds: Path) -> Figures:
    """The share of expected fields met, by field, and every miss in words."""
    asked: dict[str, int] = {}
    met: dict[str, int] = {}
    misses: list[str] = []
    crashes: list[str] = []
    for line in (feeds / "expected.jsonl").read_text("utf-8").splitlines():
        expected = json.loads(line)
        entries = _entries(feeds / expected["file"], crashes)
        for field, wanted, got, is_met in _checks(expected, entries):
            asked[field] = asked.get(field, 0) + 1
            met[field] = met.get(field, 0) + is_met
            if not is_met:
                misses.append(f"{expected['file']} {field}: wanted {wanted!r:.80}, got {got!r:.80}")
    return {
        "share_met": round(sum(met.values()) / max(1, sum(asked.values())), 4),
        "by_field": {field: round(met[field] / asked[field], 4) for field in asked},
        "fields": sum(asked.values()),
        "crashes": crashes,
        "misses": misses,
    }


def _entries(path: Path, crashes: list[str]) -> tuple[FeedEntry, ...]:
    now = datetime.now(UTC)
    try:
        feed = parse_feed(path.read_bytes(), content_type=None, base_url=_ADDRESS, source="score", now=now)
    except FormatError:
        return ()
    except Exception as error:  # a crash is what this looks for
        crashes.append(f"{path.name}: {error!r}")
        return ()
    return tuple(entry.whole() for entry in feed.entries)


_ADDRESS = "https://feeds.example/dir/feed.xml"


def _checks(expected: Figures, entries: tuple[FeedEntry, ...]) -> Iterator[tuple[str, Any, Any, bool]]:
    """Each expected field: its name, what was wanted, what came, whether that is the same."""
    yield "entries", expected["entries"], len(entries), len(entries) == expected["entries"]
    for number, item in enumerate(expected["first"]):
        entry = entries[number] if number < len(entries) else None
        title = " ".join(str(item["title"] or "").split())
        yield "title", title, entry and entry.title, entry is not None and entry.title == title
        if link := clean_link(item.get("link_abs") or item["link"], _ADDRESS):
            same = entry is not None and canonical_link(entry.link or "") == canonical_link(link)
            yield "link", link, entry and entry.link, same
        if item["published"]:
            told = entry.published.strftime("%Y-%m-%dT%H:%M:%SZ") if entry and entry.published else None
            yield "published", item["published"], told, told == item["published"]
        if item["id"]:
            same = entry is not None and entry.identity == str(item["id"])
            yield "id", item["id"], entry and entry.identity, same


def _listing(path: Path, url: str) -> Figures:
    try:
        page = parse_listing(path.read_bytes(), content_type=None, url=url)
    except FormatError:
        return {}
    results = page.results
    return {
        "ticker": [{"pair": f"{t.base}/{t.quote}", "rate": t.rate, "change": t.change} for t in page.ticker],
        "date": page.date.isoformat() if page.date else None,
        "results": results and {"from": results.first, "to": results.last, "of": results.total},
        "articles": [
            {"title": story.title, "link": story.link, "excerpt": story.excerpt, "truncated": story.truncated}
            for story in page.stories
        ],
    }


def _judge(gold: Path) -> ModuleType:
    """The scorer that lies beside the data, or else that of the default set."""
    judge = next(
        (folder / "score.py" for folder in (gold, SHARED / "gold") if (folder / "score.py").exists()), None
    )
    found = importlib.util.spec_from_file_location("gold_score", judge) if judge else None
    if found is None or found.loader is None:
        raise FileNotFoundError(gold / "score.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def main() -> int:
    """Print every figure that can be had."""
    parser = argparse.ArgumentParser(description="Score the reading of sources against evaluation sets.")
    parser.add_argument("--gold", type=Path, default=SHARED / "gold")
    parser.add_argument("--feeds", type=Path, default=SHARED / "feeds")
    asked = parser.parse_args()
    sets: dict[str, tuple[Path, Callable[[], Figures]]] = {
        "tagging": (
            asked.gold / "tagging.jsonl",
            lambda: tagging_figures(asked.gold, Tagger(load_catalogue())),
        ),
        "duplicates": (
            asked.gold / "duplicates.jsonl",
            lambda: duplicates_figures(asked.gold, Tagger(load_catalogue())),
        ),
        "listings": (asked.gold / "listings", lambda: listing_figures(asked.gold)),
        "summaries": (asked.gold / "summaries.jsonl", lambda: summary_figures(asked.gold)),
        "feeds": (asked.feeds / "expected.jsonl", lambda: feed_figures(asked.feeds)),
    }
    figures = {name: score() for name, (needed, score) in sets.items() if needed.exists()}
    print(json.dumps(figures, indent=2, ensure_ascii=False))
    return 0 if figures else 1


if __name__ == "__main__":
    sys.exit(main())
