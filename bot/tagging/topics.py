"""The one to three topics of a story: how strongly its words speak for each, and how early they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from bot.tagging.reading import Story

_KINDS = {"strong": 1.0, "word": 0.5, "faint": 0.15}
_TITLE, _LEAD, _REST = 2.2, 1.4, 1.0
_AGAIN = 0.4  # the second time a word is worth less
_SECTION = 2.2
_MOST = 3
_LEAST = 1.8
_SHARE = 0.5


def topics_of(story: Story, sections: Sequence[str]) -> list[str]:
    """The topics, the main one first. ``sections`` are topics that the newspaper filed the story under."""
    scores: dict[str, float] = defaultdict(float)
    told: dict[tuple[str, str], float] = {}
    for _, _, number, term in story.found:
        worth = _KINDS.get(term.kind)
        if worth is None:
            continue
        worth *= _TITLE if number == 0 else _LEAD if number == 1 else _REST
        key = (term.code, term.written)
        scores[term.code] += worth * told.get(key, 1.0)
        told[key] = _AGAIN
    for topic in set(sections):
        scores[topic] += _SECTION
    ranked = sorted(scores, key=lambda topic: -scores[topic])[:_MOST]
    if not ranked:
        return []
    best = scores[ranked[0]]
    return [topic for topic in ranked if scores[topic] >= max(_LEAST, _SHARE * best)] or ranked[:1]
