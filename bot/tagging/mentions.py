"""Every mention of a country in a story, with the factor of its worth that its place among the others leaves it.

What its own sentence makes of it say ``asides``; here it is weighed against the rest: one of a row of countries, the
place where others meet or compete, the one that the title denies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.tagging.asides import ASIDE, PEOPLES, factor_of
from bot.tagging.doubts import is_believed
from bot.tagging.reading import Story, words

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


_VENUES = ("capital", "place", "name")
_LIVING = (["in"], ["of"], ["from"], ["living", "in"], ["of", "the"], ["in", "the"])
_AT = (["in"], ["at"], ["в"])
_CONTEST = re.compile(
    r"\b(?:w[io]ns?|gold|silver|bronze|medals?|final|semifinal|tournament|championships?|olympiad|marathon|cup|beats?|"
    r"defeat(?:s|ed)|lo(?:ses|st)|draws?|drew|завоевал\w*|победил\w*|чемпионат\w*|турнир\w*|медал\w*|финал\w*)\b"
)
_MEETING = re.compile(
    r"\b(?:meets?|met|talks|talked|sign(?:s|ed)?|agree[ds]?|встретил\w*|подписал\w*|переговор\w*)\b"
)
_BIRD = re.compile(r" turkeys?\b")
_JOINTS = words("and or и да мен ва va жана")
_ROW_OPENERS = words(
    "in near of from to between and around at outside via for across through as with by like than"
)


def mentions_of(story: Story) -> list[Mention]:
    """Every mention of a country or of the region, from left to right, with its factor."""
    mentions = list(_read(story))
    _weigh_rows(story, mentions)
    _weigh_denied(mentions)
    _weigh_venues(story, mentions)
    _weigh_peoples(story, mentions)
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
        if in_title.get(mention.code) == ASIDE:
            mention.factor = min(mention.factor, ASIDE)


def _weigh_venues(story: Story, mentions: list[Mention]) -> None:
    """Where others meet, or where an athlete of another country wins, is only the place."""
    for place in mentions:
        if place.sentence > 1 or place.kind not in _VENUES or story.words_before(place, 1)[-1:] not in _AT:
            continue
        told = [
            each
            for each in mentions
            if each.sentence <= 1 and each.code and each.kind != "place" and each.factor > ASIDE
        ]
        guests = {each.code for each in told if each.code != place.code and each.kind in STATES}
        is_host = any(
            each.code == place.code and each is not place and each.kind != "capital" for each in told
        )
        line = story.sentence(place.sentence).lower()
        if not is_host and (
            (guests and _CONTEST.search(line)) or (len(guests) > 1 and _MEETING.search(line))
        ):
            place.factor = min(place.factor, ASIDE)


def _weigh_peoples(story: Story, mentions: list[Mention]) -> None:
    """The Kazakhs of one country, and the Moscow of another, are that country's."""
    for people, home in pairwise(mentions):
        between = story.text[people.end : home.start].split()
        if not between and home.code == "US" and people.code != "US" and people.sentence == home.sentence:
            people.factor = 0.0  # "Moscow, Idaho"
        if (
            between in _LIVING
            and people.code != home.code
            and story.text[people.start : people.end] in PEOPLES
        ):
            people.factor = 0.0


def _read(story: Story) -> Iterator[Mention]:
    for found in story.found:
        kind = found.term.kind
        if kind not in COUNTRY_KINDS and kind not in _OTHER_KINDS:
            continue
        if not found.term.code and kind != "elsewhere":
            continue  # a mask: it has done its work by standing where a shorter name would have been found
        if found.term.doubtful and not is_believed(story, found):
            continue
        yield Mention(found.term.code, kind, found.start, found.end, found.sentence, factor_of(story, found))


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
