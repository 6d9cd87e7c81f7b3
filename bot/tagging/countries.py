"""The countries that a story is about, told from those that it only mentions.

Every mention has a worth: by what is named (the state, a town, the currency), by where (title, lead, later), and by
how it stands (``mentions``). A country is tagged if its sentences together are worth enough. The rules follow what
editors do, not any one text; the numbers were fitted on invented stories and checked on others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from bot.tagging.mentions import STATES, Mention, mentions_of
from bot.tagging.reading import Story, words

_KINDS = {
    "name": 1.0,
    "people": 1.0,
    "leader": 1.15,
    "body": 1.0,
    "capital": 0.9,
    "place": 0.9,
    "thing": 1.0,
    "money": 0.5,
}
_BY_SENTENCE = (3.0, 2.0, 1.0)  # title, lead, second sentence
_LATER = 0.55
_ENOUGH = 1.45  # a mention in the lead is enough, one later is not
_SHARE = 0.24  # of the best country's score
_LAST_RESORT = 0.55
_MOST = 7
_SUPERLATIVES = words(
    "largest biggest first only highest oldest longest busiest best greatest most richest main top leading tallest "
    "poorest fastest smallest deepest"
)


def countries_of(story: Story, hinted: Sequence[str], region: Sequence[str]) -> list[str]:
    """The codes, the main actor first. ``hinted`` are countries that the newspaper filed the story under."""
    mentions = mentions_of(story)
    _settle_homonyms(mentions)
    scores = _scores(mentions)
    least = max(_ENOUGH, _SHARE * max(scores.values(), default=0.0))
    chosen = [code for code in _ranked(scores) if scores[code] >= least]
    if _is_regional(story, mentions, region):
        return [*region, *(code for code in chosen if code not in region)][:_MOST]
    return chosen[:_MOST] or _last_resort(scores, hinted)


def _scores(mentions: Sequence[Mention]) -> dict[str, float]:
    """For each country the worth of its sentences; of several mentions in one sentence the best one counts."""
    best: dict[tuple[str, int], float] = defaultdict(float)
    first: dict[str, int] = {}
    for mention in mentions:
        if mention.kind in _KINDS:
            by_place = _BY_SENTENCE[mention.sentence] if mention.sentence < len(_BY_SENTENCE) else _LATER
            key = (mention.code, mention.sentence)
            best[key] = max(best[key], _KINDS[mention.kind] * mention.factor * by_place)
            first.setdefault(mention.code, mention.start)
    scores: dict[str, float] = defaultdict(float)
    for (code, _), worth in best.items():
        scores[code] += worth
    # Of two countries with the same score, the one named first is the actor.
    return {code: scores[code] - first[code] * 1e-6 for code in scores}


def _ranked(scores: dict[str, float]) -> list[str]:
    return sorted(scores, key=lambda code: -scores[code])


def _last_resort(scores: dict[str, float], hinted: Sequence[str]) -> list[str]:
    """One country where none is told clearly: the likeliest, or what the newspaper says if the text says nothing."""
    if not scores:
        return list(hinted[:1])
    likely = [code for code in _ranked(scores) if code in hinted] or _ranked(scores)
    return likely[:1] if scores[likely[0]] >= _LAST_RESORT else []


def _settle_homonyms(mentions: Sequence[Mention]) -> None:
    """A word that two countries share (manat) goes to the one that the rest of the story speaks for."""
    claims: dict[int, set[str]] = defaultdict(set)
    for mention in mentions:
        claims[mention.start].add(mention.code)
    shared = {start for start, codes in claims.items() if len(codes) > 1}
    if not shared:
        return
    scores = _scores([mention for mention in mentions if mention.start not in shared])
    for mention in mentions:
        rivals = claims[mention.start]
        if scores.get(mention.code, 0.0) < max(scores.get(code, 0.0) for code in rivals):
            mention.factor = 0.0


def _is_regional(story: Story, mentions: Sequence[Mention], region: Sequence[str]) -> bool:
    """Whether Central Asia as a whole is the subject: named in the title, or above all its countries in the lead."""
    wholes = [
        mention for mention in mentions if mention.code == "region" and not _is_superlative(story, mention)
    ]
    own = [
        m for m in mentions if m.code in region and m.sentence <= 1 and m.factor > 0.3 and m.kind in STATES
    ]
    if any(whole.sentence == 0 for whole in wholes):
        return not any(mention.sentence == 0 for mention in own)
    return not own and (any(whole.sentence == 1 for whole in wholes) or len(wholes) >= 2)


def _is_superlative(story: Story, mention: Mention) -> bool:
    """ "Central Asia's largest ski area", "the first in Central Asia": said of one place in it."""
    around = [*story.words_after(mention, 2), *story.words_before(mention, 4)]
    return not _SUPERLATIVES.isdisjoint(word.lower() for word in around)
