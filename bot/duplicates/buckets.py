"""On which shelves a telling stands: two that might be the same story share at least one. Pure.

Copies are found by MinHash bands over runs of words (rensa): two texts that share half of their runs share a band
nearly always. Retold stories share few words but names and figures, so each of those is a shelf too.
"""

from __future__ import annotations

from hashlib import blake2b

from rensa import RMinHash

from bot.duplicates.telling import Telling, runs

_BANDS, _ROWS = 8, 3
_SEED = 7
_MOST_NAMES, _MOST_NUMBERS = 14, 6
_SMALLEST_NUMBER = 10.0


def buckets_of(telling: Telling) -> tuple[str, ...]:
    """Short names of the shelves, at most 28 of them."""
    lead = telling.marks_in_lead
    names = sorted(lead.names, key=lambda name: (-len(name), name))[:_MOST_NAMES]
    numbers = sorted((n for n in lead.numbers if n > _SMALLEST_NUMBER), reverse=True)[:_MOST_NUMBERS]
    shelves = [*_bands(telling), *(f"n{name}" for name in names), *(f"#{number:g}" for number in numbers)]
    return tuple(blake2b(shelf.encode(), digest_size=6).hexdigest() for shelf in shelves)


def _bands(telling: Telling) -> list[str]:
    shingles = runs(telling.words) or {telling.title_words}
    sketch = RMinHash(num_perm=_BANDS * _ROWS, seed=_SEED)
    sketch.update([" ".join(shingle) for shingle in shingles])
    digest = sketch.digest()
    return [f"b{at}:{digest[at : at + _ROWS]}" for at in range(0, len(digest), _ROWS)]
