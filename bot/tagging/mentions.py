"""How a country's name stands in its sentence: as the actor, or aside.

An adjective may name a language or a carpet instead of a state; a country may be where something came from, what it
is compared with, one of a row of others. Each mention keeps a ``factor`` of its worth accordingly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.tagging.doubts import is_believed
from bot.tagging.reading import Story, words
from bot.tagging.vocabulary import Found

STATES = ("name", "people", "leader", "body", "capital")
COUNTRY_KINDS = (*STATES, "place", "thing", "money")
_OTHER_KINDS = ("whole", "five", "elsewhere")


@dataclass(slots=True)
class Mention:
    """A name at its place. ``code`` is a country, ``region``, or empty for a country that nobody can follow."""

    code: str
    kind: str
    start: int
    end: int
    sentence: int
    factor: float = 1.0


_ASIDE = 0.25

# Before these an adjective names a language or a people, not the state.
_LANGUAGE_NEXT = words(
    "language languages alphabet script speakers speaker speaking subtitles surtitles translation dialect poetry "
    "literature cuisine weaving diaspora minority minorities community communities herders herding families identity "
    "folklore origin descent roots born drama theater theatre song songs dance dances music "
    "язык языке языка языком языков тили тілі tili диаспора"
)
_WARES = words(
    "carpet carpets rug rugs robe robes embroidery melon melons silk ceramics pottery kilim kilims knife knives "
    "plov pilaf dishes tea restaurant restaurants cafe cafes teahouse bakery bread noodles dumplings"
)
_LANGUAGE_BEFORE = words("ethnic ethnically speak speaks spoke speaking into mostly")
_PEOPLES = words("Kazakhs Uzbeks Tajiks Turkmens Kyrgyz Uyghurs Russians Mongols Azeris")
_ABROAD_BEFORE = words("afghan chinese mongolian russian iranian turkish local minority")
_BIRD = re.compile(r" turkeys?\b")
_PHRASE_ENDS = words("and or the were was is are at number only alone but")

_NOT_IT = re.compile(
    r"\b(?:not|unlike|instead of|rather than|born in|native of|raised in|grew up in|originally from|а не|вместо)$"
)

# After these a country is where something comes from or goes, or what it is compared with.
_ASIDE_BEFORE = re.compile(
    r"\b(?:not|instead of|rather than|а не|вместо|born in|grew up in|raised in|studied in|"
    r"trained in|educated in|learned .{0,20}in|worked .{0,20}in|"
    r"(?:came|come|comes|imported|brought|bought|rented|deliver(?:y|ies)|experience) from|(?:made|built|produced) in|"
    r"(?:to|over|against|beat|beating|defeated|defeating) (?:an?|the|his|her) \w+ from|"
    r"native of|originally from|left for|(?:flights?|routes|moved|fled|emigrated|deported) to|"
    r"like|unlike|than|than in|as in|such as|compared (?:with|to)|similar .{0,20}in|including|followed by|ahead of|"
    r"behind|through|past|via|as far as|outside|except|besides|apart from|called|example of|"
    r"(?:secretariat|headquarters|headquartered|based|offices?) in|experience of|confused with .{0,30}in)$"
)
_ASIDE_SENTENCE = re.compile(
    r"\b(?:years ago|decades ago|earlier|previously|formerly|in the (?:1[89]|20)\d0s|similar|likewise|elsewhere|"
    r"other countries|neighboring countries|ranks?|ranking|index|table and|followed by|should not be confused|born in|"
    r"grew up|by comparison|for comparison|in contrast|unlike|as well|too|"
    r"обсуждается|раньше|ранее|в отличие|например|сравнен\w+|бурын|мурда|ilgari|пештар)\b"
)
_VENUE = re.compile(
    r"\b(?:won|wins|gold|silver|bronze|medals?|final|grand slam|tournament|championships?|cup|beat|defeated|summit of|"
    r"forum|conference|exhibition|fair|festival)\b"
)
_JOINTS = words("and or и да мен ва va жана")
_ROW_OPENERS = words(
    "in near of from to between and around at outside via for across through as with by like than"
)


def mentions_of(story: Story) -> list[Mention]:
    """Every mention of a country or of the region, from left to right, with its factor."""
    mentions = list(_read(story))
    _weigh_rows(story, mentions)
    _weigh_denied(mentions)
    if _BIRD.search(story.text):
        mentions = [each for each in mentions if story.text[each.start : each.end] != "Turkey"]
    return mentions


def _weigh_denied(mentions: list[Mention]) -> None:
    """A country of which the title says that it is not the one is nowhere in the story more than an aside."""
    in_title: dict[str, float] = {}
    for mention in mentions:
        if mention.sentence == 0:
            in_title[mention.code] = max(in_title.get(mention.code, 0.0), mention.factor)
    for mention in mentions:
        if in_title.get(mention.code) == _ASIDE:
            mention.factor = min(mention.factor, _ASIDE)


def _read(story: Story) -> Iterator[Mention]:
    for found in story.found:
        kind = found.term.kind
        if kind not in COUNTRY_KINDS and kind not in _OTHER_KINDS:
            continue
        if not found.term.code and kind != "elsewhere":
            continue  # a mask: it has done its work by standing where a shorter name would have been found
        if found.term.doubtful and not is_believed(story, found):
            continue
        yield Mention(found.term.code, kind, found.start, found.end, found.sentence, _factor(story, found))


def _factor(story: Story, found: Found) -> float:
    kind, sentence = found.term.kind, found.sentence
    if kind in ("people", "place", "capital") and _is_no_state(story, found):
        return 0.0
    before = " ".join(story.words_before(found, 5))
    if sentence == 0:
        return _ASIDE if _NOT_IT.search(before) else 1.0
    if _ASIDE_BEFORE.search(before):
        return _ASIDE
    if sentence > 1:
        line = story.sentence(sentence).lower()
        if _ASIDE_SENTENCE.search(line):
            return 0.4
        if kind in ("capital", "place", "name") and before.endswith((" in", " at")) and _VENUE.search(line):
            return 0.5
    return 1.0


def _is_no_state(story: Story, found: Found) -> bool:
    """Whether the word names a language, an ethnic group or a ware."""
    after = story.words_after(found, 1)
    following = after[0].lower() if after else ""
    if following in _WARES:
        return True
    if found.term.kind != "people":
        return False
    before = story.words_before(found, 1)
    if following in _LANGUAGE_NEXT or _LANGUAGE_BEFORE.intersection(before):
        return True
    if found.term.written in _PEOPLES:
        return bool(_ABROAD_BEFORE.intersection(before)) or following in ("of", "living", "abroad")
    # "in Tajik, the home language": after "in" an adjective that nothing follows is a language
    return before in (["in"], ["of"], ["from"]) and (not following or following in _PHRASE_ENDS)


def _weigh_rows(story: Story, mentions: list[Mention]) -> None:
    """Three countries or more in a row are a list; one that is not the subject of its sentence only mentions them."""
    row: list[Mention] = []
    for mention in mentions:
        if row and mention.sentence == row[-1].sentence and _touch(story, row[-1], mention):
            row.append(mention)
        else:
            _weigh_row(story, row)
            row = [mention]
    _weigh_row(story, row)


def _weigh_row(story: Story, row: list[Mention]) -> None:
    if len({member.code or story.text[member.start : member.end] for member in row}) < 3:
        return
    opened = bool(_ROW_OPENERS.intersection(story.words_before(row[0], 1)))
    if row[0].sentence > 1 or (row[0].sentence == 1 and opened):
        for member in row:
            member.factor = min(member.factor, 0.3)


def _touch(story: Story, left: Mention, right: Mention) -> bool:
    between = story.text[left.end : right.start].lower().split()
    return not between or (len(between) == 1 and between[0] in _JOINTS)
