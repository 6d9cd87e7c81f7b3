"""How a country's name stands in its sentence: as the actor, or aside.

An adjective may name a language or a carpet instead of a state; a country may be where something came from, where
somebody was born, or what another one is compared with. ``mentions`` asks for the factor that is left of its worth.
"""

from __future__ import annotations

import re

from bot.tagging.reading import Story, words
from bot.tagging.vocabulary import Found

ASIDE = 0.25

# Before these an adjective names a language or a people, not the state.
_LANGUAGE_NEXT = words(
    "language languages alphabet script speakers speaker speaking subtitles surtitles translation dialect poetry "
    "literature cuisine weaving diaspora minority minorities community communities herders herding families identity "
    "folklore origin descent roots born eagle drama theater theatre song songs dance dances music "
    "язык языке языка языком языков тили тілі tili диаспора"
)
_WARES = words(
    "carpet carpets rug rugs robe robes embroidery melon melons silk ceramics pottery kilim kilims knife knives "
    "ikat suzani suzanis textile textiles miniature miniatures "
    "plov pilaf yurt yurts dishes tea restaurant restaurants cafe cafes teahouse bakery bread noodles dumplings"
)
_MAKES = words("made built manufactured designed style branded assembled")
_LANGUAGE_BEFORE = words("ethnic ethnically speak speaks spoke speaking into mostly")
PEOPLES = words("Kazakhs Uzbeks Tajiks Turkmens Kyrgyz Uyghurs Russians Mongols Azeris")
_ABROAD_BEFORE = words("afghan chinese mongolian russian iranian turkish local minority")
_PHRASE_ENDS = words("and or the were was is are at number only alone but")

_NOT_IT = re.compile(
    r"\b(?:not|unlike|instead of|rather than|born in|native of|raised in|grew up in|originally from|а не|вместо)$"
)

# After these a country is where something comes from or goes, or what it is compared with.
_ASIDE_BEFORE = re.compile(
    r"\b(?:not|instead of|rather than|а не|вместо|born in|grew up in|raised in|studied in|"
    r"(?:lives|lived|resides|retired|honeymooned|vacationed) in|(?:modeled|modelled) on|inspired by|copied from|"
    r"(?:design(?:s|ed)?|architects?|couple|guests?|delegates?|observers?) from|"
    r"trained in|educated in|learned .{0,20}in|worked .{0,20}in|"
    r"(?:came|come|comes|arrived|imported|brought|bought|ordered|rented|shipped|returned|deliver(?:y|ies)|experience|"
    r"equipment|machine(?:s|ry)?|turbines?|buses|trams|wagons|trains|locomotives?|doses|vaccines?|drugs|medicines?|parts|"
    r"panels|drones?|scanners?|cameras?|engineers?|consultants?|specialists?) from|"
    r"(?:made|built|produced|manufactured|assembled|printed) in|graduat\w+ (?:from|in)|"
    r"(?:to|over|against|beat|beating|defeated|defeating) (?:an?|the|his|her) \w+ from|"
    r"(?:beat|beating|defeated|defeating) (?:an?|two|three)|"
    r"native of|originally from|left for|(?:flights?|routes|moved|fled|emigrated|deported) to|"
    r"like|unlike|than|than in|as in|such as|compared (?:with|to)|similar .{0,20}in|including|followed by|ahead of|"
    r"behind|through|past|via|as far as|outside|except|besides|apart from|called|example of|"
    r"родил\w+ в|род(?:ом|илась|ился) из|урожен\w+|выход\w+ из|(?:привез|достав|куп|импорт)\w* (?:из|в)|учил\w+ в|"
    r"как и? ?в|в отличие от|по сравнению с|например в|помимо|кроме|"
    r"(?:secretariat|headquarters|headquartered|based|offices?) in|experience of|confused with .{0,30}in)$"
)
_TURNS = tuple(
    words(
        "not of than in on by from a an two three for to like as with including behind through past via outside except "
        "besides called не вместо в из от с и помимо кроме а я ы у е ь ец цы ок ом"
    )
)
"""With what the words before an aside end; to look at the end is cheaper than to look for each of them."""

_FRONTIER_ENDS = (" with", " to", " from", "bordering", " с", " от")
_FRONTIER = re.compile(
    r"\b(?:border (?:with|to)|bordering|(?:kilometers|miles|far) from|границ\w+ с|недалеко от)$"
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


def factor_of(story: Story, found: Found) -> float:
    """What a mention is worth by the words around it: 1 for an actor, 0 for no state at all."""
    kind, sentence = found.term.kind, found.sentence
    if kind in ("people", "place", "capital") and _is_no_state(story, found):
        return 0.0
    before = " ".join(story.words_before(found, 5))
    if sentence == 0:
        return ASIDE if _NOT_IT.search(before) else 1.0
    if before.endswith(_TURNS) and _ASIDE_BEFORE.search(before):
        return ASIDE
    if before.endswith(_FRONTIER_ENDS) and _FRONTIER.search(before):
        return 0.6
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
    if following in _WARES or following in _MAKES:
        return True
    if found.term.kind != "people":
        return False
    before = story.words_before(found, 1)
    if following in _LANGUAGE_NEXT or _LANGUAGE_BEFORE.intersection(before):
        return True
    if found.term.written in PEOPLES:
        return bool(_ABROAD_BEFORE.intersection(before)) or following in ("of", "living", "abroad")
    # "in Tajik, the home language": after "in" an adjective that nothing follows is a language
    return before in (["in"], ["of"], ["from"]) and (not following or following in _PHRASE_ENDS)
