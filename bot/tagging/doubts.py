"""Names that are also something else: a town and a girl (Mary), a president and every fifth neighbor (Karimov).

The vocabulary marks them as doubtful; here is asked whether the words around one, or the rest of the story, speak for
it. ``mentions`` leaves out what is not believed.
"""

from __future__ import annotations

from bot.tagging.reading import Story, words
from bot.tagging.vocabulary import Found

_NO_FIRST_NAMES = words(
    "president minister premier leader mr chancellor vice secretary ambassador президент министр премьер "
    "the and but when while after before as if for in on at by from with since that although why how what "
    "и но когда после как если по"
)
"""After these a surname that many bear is, or may be, that of a head of state or of a minister."""

_PLACE_NEXT = tuple(
    words(
        "region province city district velayat area valley oblast mountains airport desert market town village county "
        "railway station област район город аймак қала облыс аудан ауыл шаар айыл shahr viloyat tuman qishlo шаҳ "
        "вилоят туман ноҳия şäher welaýat etrap"
    )
)
_PLACE_BEFORE = words(
    "in near of from to between and around at outside via for across through toward towards reach reaches reached "
    "в во из под до через около близ у городе город села селе область районе шаҳри вилояти ноҳияи деҳаи"
)


def is_believed(story: Story, found: Found) -> bool:
    """Whether a word that is also something else is what the vocabulary says, here."""
    if found.term.kind == "leader":
        return not _is_somebody_else(story, found)
    if found.term.shouted:  # "Oakland, CA"
        return story.is_name_before(found) and story.words_before(found, 1) != ["asia"]
    return _is_surely_a_place(story, found)


def _is_somebody_else(story: Story, found: Found) -> bool:
    """ "Denis Karimov": a surname after a first name that is not the leader's, here or anywhere in the story."""
    surname = found.term.written
    namesakes = [other for other in story.found if other.term.written == surname and other.sentence > 0]
    return any(
        story.is_name_before(other) and not _NO_FIRST_NAMES.intersection(story.words_before(other, 1))
        for other in namesakes
    )


def _is_surely_a_place(story: Story, found: Found) -> bool:
    """ "in Mary", "Mary province"; not "Mary Holloway"."""
    after = story.words_after(found, 1)
    if after and after[0].lower().startswith(_PLACE_NEXT):
        return True
    followed_by_name = bool(after) and after[0][0].isupper()
    return bool(_PLACE_BEFORE.intersection(story.words_before(found, 1))) and not followed_by_name
