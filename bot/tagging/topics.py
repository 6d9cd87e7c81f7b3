"""The one to three topics of a story: how strongly its words speak for each, and how early they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from bot.tagging.reading import Story

_KINDS = {"strong": 1.0, "word": 0.5, "faint": 0.1}
_BY_SENTENCE = (1.7, 1.4, 1.0)  # title, lead, second sentence
_LATER = 0.55  # where color and background stand
_AGAIN = 0.25  # the second time a word is worth less
_SECTION = 2.7
_MOST = 3
_LEAST = 1.8
_SHARE = 0.44
_BETWEEN, _WITHIN = 1.5, 0.7  # diplomacy takes two countries


def topics_of(story: Story, sections: Sequence[str], countries: int) -> list[str]:
    """The topics, the main one first.

    ``sections`` are topics that the newspaper filed the story under, ``countries`` is how many it is about.
    """
    scores: dict[str, float] = defaultdict(float)
    told: dict[tuple[str, str], float] = {}
    for _, _, number, term in story.found:
        worth = _KINDS.get(term.kind)
        if worth is None:
            continue
        worth *= _BY_SENTENCE[number] if number < len(_BY_SENTENCE) else _LATER
        key = (term.code, term.written)
        scores[term.code] += worth * told.get(key, 1.0)
        told[key] = _AGAIN
    if "diplomacy" in scores:
        scores["diplomacy"] *= _BETWEEN if countries > 1 else _WITHIN
    for topic in set(sections):
        scores[topic] += _SECTION
    ranked = sorted(scores, key=lambda topic: -scores[topic])[:_MOST]
    if not ranked:
        return []
    best = scores[ranked[0]]
    return [topic for topic in ranked if scores[topic] >= max(_LEAST, _SHARE * best)] or ranked[:1]
