"""One story once: whether two tellings tell the same event, and where to look for tellings that might.

A :class:`~bot.duplicates.telling.Telling` is what is remembered of a story for a week. ``buckets`` names the shelves
on which its like would stand; ``decision`` compares two. Pure; the worker asks, the store remembers.
"""
