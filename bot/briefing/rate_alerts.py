"""Rate alerts: what people type after ``/alert``, and whom a new fixing concerns. Pure functions.

Two kinds of rule: the day's move reaches some per cents (:class:`~bot.model.RateAlert`), or the rate crosses a
line (:class:`~bot.model.RateThreshold`). A line counts as crossed only by the step from the old fixing to the
new one, so it fires once and is armed again when the rate is back on the other side, with nothing to remember.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from bot.briefing.changes import percent_between, value_as
from bot.briefing.currency_names import CurrencyNames
from bot.model import Quote, RateAlert, RateRule, RateThreshold, Side

USD = "USD"
PRICED_IN_DOLLARS = frozenset({"EUR", "GBP", "AUD", "NZD"})
"""Markets quote these as dollars per unit; of all others they say how many a dollar costs."""

SMALLEST_PERCENT, LARGEST_PERCENT = Decimal("0.1"), Decimal(50)

_PERCENT = re.compile(r"(?:[≥>=]=?\s*)?(\d{1,3}(?:[.,]\d{1,3})?)\s*%")
_THRESHOLD = re.compile(r"([<>≤≥])=?\s*(\d{1,3}(?:[\s,]\d{3})+(?:\.\d{1,8})?|\d{1,12}(?:[.,]\d{1,8})?)")
_OFF = frozenset({"off", "stop", "нет", "выкл"})


class AlertTrouble(enum.StrEnum):
    """Why a rule cannot be understood."""

    UNKNOWN_CURRENCY = "unknown currency"
    NO_RULE = "no rule"  # a currency alone, or words that are neither per cents nor a line
    PERCENT_RANGE = "percent range"  # between SMALLEST_PERCENT and LARGEST_PERCENT
    DOLLAR = "dollar"  # the dollar against itself does not move


@dataclass(frozen=True, slots=True)
class SetRule:
    """Remember this rule; it takes the place of one of its kind and currency."""

    rule: RateRule


@dataclass(frozen=True, slots=True)
class DropRules:
    """Forget the rules of a currency, or all for None."""

    currency: str | None


@dataclass(frozen=True, slots=True)
class ListRules:
    """Show what is set."""


@dataclass(frozen=True, slots=True)
class AlertProblem:
    """``detail`` is the word it is about; ``suggestions`` are codes that may have been meant."""

    trouble: AlertTrouble
    detail: str = ""
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DueAlert:
    """A rule that a fixing has met. ``change_percent`` is the day's move of the rate as people say it."""

    rule: RateRule
    new: Quote
    change_percent: Decimal | None


def read_alert(
    line: str, names: CurrencyNames, language: str = "en"
) -> SetRule | DropRules | ListRules | AlertProblem:
    """Understand the words after ``/alert``: ``KZT 1%``, ``KZT > 510``, ``off``, ``off KZT``, or nothing."""
    words = line.split()
    if not words:
        return ListRules()
    kept = [word for word in words if word.casefold() not in _OFF]
    if len(kept) < len(words):
        return _drop(" ".join(kept), names, language)
    typed = re.match(r"[^\d<>≤≥=%]*", line)
    name = typed[0].strip() if typed else ""
    code = names.find(name, language)
    if code is None:
        return AlertProblem(AlertTrouble.UNKNOWN_CURRENCY, name[:40], names.suggest(name))
    if code == USD:
        return AlertProblem(AlertTrouble.DOLLAR, name[:40])
    return _rule(code, line[len(typed[0]) if typed else 0 :].strip())


def usual_rate(quote: Quote, currency: str) -> Decimal | None:
    """The rate as people say it: 505.05 tenge for a dollar, but 1.08 dollars for a euro."""
    base, against = (currency, USD) if currency in PRICED_IN_DOLLARS else (USD, currency)
    return value_as(quote, base, against)


def due_alert(rules: Iterable[RateRule], old: Quote | None, new: Quote) -> DueAlert | None:
    """The one alert that a chat with these rules gets for a fixing, or None.

    Crossing a line goes before per cents. ``old`` is what people saw before, maybe by another source: a line is
    crossed by that step. The day's move is the one that is shown with ``new``, and a second fixing of the same day
    does not tell it again.
    """
    currency = new.quote if new.base == USD else new.base
    change = _change(old, new, currency)
    due = [
        rule
        for rule in rules
        if rule.currency == currency
        and (_crossed(rule, old, new) if isinstance(rule, RateThreshold) else _moved(rule, old, new))
    ]
    first = min(due, key=lambda rule: isinstance(rule, RateAlert), default=None)
    return DueAlert(first, new, change) if first else None


def _drop(name: str, names: CurrencyNames, language: str) -> DropRules | AlertProblem:
    code = names.find(name, language) if name else None
    if name and code is None:
        return AlertProblem(AlertTrouble.UNKNOWN_CURRENCY, name[:40], names.suggest(name))
    return DropRules(code)


def _rule(code: str, text: str) -> SetRule | AlertProblem:
    if percent := _PERCENT.fullmatch(text):
        value = Decimal(percent[1].replace(",", "."))
        if not SMALLEST_PERCENT <= value <= LARGEST_PERCENT:
            return AlertProblem(AlertTrouble.PERCENT_RANGE, percent[1])
        return SetRule(RateAlert(code, value))
    threshold = _THRESHOLD.fullmatch(text)
    level = _level(threshold[2]) if threshold else Decimal(0)
    if not threshold or level <= 0:
        return AlertProblem(AlertTrouble.NO_RULE, text[:40])
    return SetRule(RateThreshold(code, Side.ABOVE if threshold[1] in ">≥" else Side.BELOW, level))


def _level(printed: str) -> Decimal:
    tight = re.sub(r"\s", "", printed)
    grouped = re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", tight)
    return Decimal(tight.replace(",", "" if grouped else "."))


def _change(old: Quote | None, new: Quote, currency: str) -> Decimal | None:
    """The day's move of the rate as people say it: as the source printed it, else against its fixing before."""
    after = usual_rate(new, currency)
    printed = new.change_percent
    if printed is None:
        before = usual_rate(old, currency) if old and old.source == new.source else None
        return percent_between(before, after) if before is not None and after is not None else None
    if printed <= -100 or after == new.value:
        return printed
    return percent_between(100 + printed, Decimal(100))


def _moved(rule: RateAlert, old: Quote | None, new: Quote) -> bool:
    """Whether the day's move reaches the rule's per cents, and did not before on the same day."""
    change = _change(old, new, rule.currency)
    if change is None or abs(change) < rule.percent:
        return False
    if old is None or old.as_of != new.as_of:
        return True
    told = _change(None, old, rule.currency)
    return told is None or abs(told) < rule.percent


def _crossed(rule: RateThreshold, old: Quote | None, new: Quote) -> bool:
    before = usual_rate(old, rule.currency) if old else None
    after = usual_rate(new, rule.currency)
    if before is None or after is None:
        return False
    if rule.side is Side.ABOVE:
        return before <= rule.level < after
    return before >= rule.level > after
