"""How well stories are tagged and told apart, on invented examples: first written, then measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.score import telling_of
from bot.catalogue import load_catalogue
from bot.duplicates.buckets import buckets_of
from bot.duplicates.decision import is_same_story
from bot.tagging import Tagger

GOLD = Path(__file__).parent / "gold"
_TAGGER = Tagger(load_catalogue())


def examples(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (GOLD / name).read_text("utf-8").splitlines()]


def f1(pairs: list[tuple[set[str], set[str]]]) -> float:
    """Micro-averaged, of what was told and what is true."""
    hits = sum(len(told & true) for told, true in pairs)
    return 2 * hits / sum(len(told) + len(true) for told, true in pairs)


def test_countries_and_topics_are_met_and_mere_mentions_left_alone() -> None:
    stories = examples("tagging.jsonl")
    tags = [_TAGGER.tag(story["title"], story["text"], story["categories"]) for story in stories]
    pairs = list(zip(tags, stories, strict=True))
    assert f1([({*told.countries}, {*story["countries"]}) for told, story in pairs]) >= 0.93
    assert f1([({*told.topics}, {*story["topics"]}) for told, story in pairs]) >= 0.80
    wrongly = sum(len({*told.countries} & {*story["mentioned"]}) for told, story in pairs)
    assert wrongly <= 0.05 * sum(len(story["mentioned"]) for story in stories)


def test_countries_are_known_by_what_lies_in_them_in_every_language() -> None:
    """Hard ones on purpose: towns, waters, works, people; seats, origins, namesakes that are none."""
    stories = examples("countries.jsonl")
    met = [{*_TAGGER.tag(each["title"], each["text"]).countries} == {*each["countries"]} for each in stories]
    assert sum(met) >= 0.93 * len(stories)


def test_the_main_topic_is_known_in_every_language() -> None:
    stories = examples("topics.jsonl")
    told = [_TAGGER.tag(each["title"], each["text"]).topics for each in stories]
    met = sum(bool(tags) and tags[0] in each["topics"] for tags, each in zip(told, stories, strict=True))
    assert met >= 0.9 * len(stories)


def test_the_same_story_is_known_and_others_stay_apart() -> None:
    pairs = examples("duplicates_fresh.jsonl")
    tellings = [[telling_of(pair[side], _TAGGER) for side in "ab"] for pair in pairs]
    told = [is_same_story(*both) for both in tellings]
    met = [pair["same_story"] for pair, said in zip(pairs, told, strict=True) if said]
    same = [pair for pair in pairs if pair["same_story"]]
    assert sum(met) >= 0.9 * len(met)
    assert sum(met) >= 0.7 * len(same)
    for pair, said, (one, other) in zip(pairs, told, tellings, strict=True):
        if pair["same_story"]:
            assert {*buckets_of(one)} & {*buckets_of(other)}
            assert said or pair["kind"] not in ("syndicated", "updated headline")
