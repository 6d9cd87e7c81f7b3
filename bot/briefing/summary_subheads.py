"""Headings that lost their line and stand at the head of a sentence: "Key Points Uzbekistan will cut the duty".

Pages without markup melt them in. They show by their capitals: a heading in title case is followed by a word
with a capital that has no business in the middle of a sentence ("Banks Object The association…"), it asks what
no sentence asks ("Why It Matters…"), or is one of the usual ones. Where a text shows several of those, any run of
capitals at the head of a sentence is suspect.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_CAPITAL = re.compile(r"[“\"(]?[A-ZА-ЯЁ]")
_SMALL = re.compile("a|an|and|as|at|but|by|for|from|in|into|of|on|or|over|the|to|with|vs")
_STARTS = re.compile(
    "A|About|After|All|Almost|Although|Among|An|Any|As|At|Before|Between|Both|But|By|Each|Every|Few|For|From|"
    "He|Her|His|However|If|In|It|Its|Many|More|Most|Nearly|Neither|No|Nobody|None|Not|Now|Of|On|Once|One|"
    "Only|Other|Our|Over|Several|She|Since|So|Some|Such|That|The|Their|Then|There|These|They|This|Those|"
    "Three|Though|Through|To|Two|Under|Until|We|What|When|Where|Whether|Which|While|Who|With|Within|Without|"
    "Yet|You|Your"
)
"""Words that begin sentences; with a capital in the middle of one, they begin the next."""

_QUESTIONS = re.compile("What|Why|How|Who|Where|When")
_RANKS = re.compile(
    "President|Prime|Minister|Foreign|Deputy|Vice|Former|First|King|Queen|Prince|General|Governor|Mayor|"
    "Senator|Chief|Professor|Doctor|Judge|Ambassador|Secretary|Director|Chairman|Akim|Analyst|Mr|Mrs|Ms|Dr|"
    "Saint|South|North|East|West|New|Great|United"
)
_USUAL = re.compile(
    r"(?:(?:Key|Main) (?:Points?|Takeaways?|Facts?|Findings?|Figures)|At a Glance|"
    r"In (?:Brief|Short|Numbers|Detail|Focus)|Over[Vv]iew|Background|Context|Summary|Abstract|"
    r"Executive Summary|Introduction|Highlights|Details|Outlook|"
    r"Analysis|Conclusion|Takeaways?|Timeline|Timetable|Next Steps|"
    r"Quick (?:Facts|Read|Take)|Fast Facts|Top Line|The Basics|The Big Picture|The Bottom Line|The Essentials|The Gist|"
    r"The (?:Deal|News|Facts|Plan|Story|Details|Context|Numbers|Background|Decision|Project|Agreement|Issue|Case|Law|"
    r"Bill|Figures|Price|Problem|Dispute|Backdrop|Idea|Offer|Change|Reform|Rule|Cost|Route|Contract|Announcement))[:.]?\s+(?=[“\"]?[A-Z0-9])"
)
_LONGEST_HEADING = 7
_ENOUGH_SHOWN = 2


class Subheads:
    """Finds the headings in the sentences of one text."""

    def __init__(self, title: str, sentences: Sequence[str]) -> None:
        self._all = f"{title} {' '.join(sentences)}"
        self._first = next(iter(sentences), "")
        self._melted = sum(_surely(sentence.split()) > 0 for sentence in sentences) >= _ENOUGH_SHOWN

    def without(self, sentence: str) -> str:
        """The sentence itself. Empty for a heading and nothing else."""
        if usual := _USUAL.match(sentence):
            return sentence[usual.end() :]
        words = sentence.split()
        if start := _surely(words):
            return " ".join(words[start:])
        if self._melted and (start := self._maybe(words)):
            # The first sentence is worth a guess, of the others there are enough.
            return " ".join(words[start:]) if sentence == self._first else ""
        return sentence

    def _maybe(self, words: Sequence[str]) -> int:
        """Where the sentence begins if the capitals at its head are a heading, as others in this text are."""
        start = _capitals(words) - 1
        if start < 1 or _STARTS.fullmatch(words[0]) or not _CAPITAL.match(words[start - 1]):
            return 0
        if any(_RANKS.fullmatch(word.strip('“",')) for word in words[:start]) or self._occurs_elsewhere(
            words[:2]
        ):
            return 0
        while start > 1 and self._occurs_elsewhere(words[start - 1 : start + 1]):
            start -= 1
        return start

    def _occurs_elsewhere(self, words: Sequence[str]) -> bool:
        """Whether these words stand together a second time: then they are a name."""
        return self._all.count(" ".join(words).removesuffix("’s")) > 1


def _surely(words: Sequence[str]) -> int:
    """Where the sentence begins if a heading stands before it beyond doubt; 0 if none does."""
    run = _capitals(words)
    for at in range(run - 1, 0, -1):
        name = at == 1 and _STARTS.fullmatch(words[0])  # "The Three Peaks resort"
        if _STARTS.fullmatch(words[at]) and _CAPITAL.match(words[at - 1]) and not name:
            return at
    if run > 2 and _QUESTIONS.fullmatch(words[0]) and not _STARTS.fullmatch(words[1]):
        return run - 1
    return 0


def _capitals(words: Sequence[str]) -> int:
    """How many words at the head are in title case, the small ones between them included."""
    run = 0
    for number, word in enumerate(words[: _LONGEST_HEADING + 3]):
        if _CAPITAL.match(word):
            run = number + 1
        elif not _SMALL.fullmatch(word):
            break
        if word[-1] in ',;:)”"':
            break
    return run
