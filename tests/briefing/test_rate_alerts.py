"""Alerts: reading rules, and whom a new fixing concerns."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.briefing.currency_names import CurrencyNames
from bot.briefing.rate_alerts import (
    AlertProblem,
    AlertTrouble,
    DropRules,
    ListRules,
    SetRule,
    due_alert,
    read_alert,
)
from bot.catalogue import load_catalogue
from bot.model import Quote, RateAlert, RateThreshold, Side

NAMES = CurrencyNames(load_catalogue())
ONE_PERCENT = RateAlert("KZT", Decimal(1))
ABOVE_510 = RateThreshold("KZT", Side.ABOVE, Decimal(510))


def tenge(value: str) -> Quote:
    return Quote("USD", "KZT", Decimal(value), date(2026, 5, 22), "A bank")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("", ListRules()),
        ("off", DropRules(None)),
        ("OFF kzt", DropRules("KZT")),
        ("тенге off", DropRules("KZT")),
        ("KZT 1%", SetRule(ONE_PERCENT)),
        ("kzt 1 %", SetRule(ONE_PERCENT)),
        ("kzt > 0,5%", SetRule(RateAlert("KZT", Decimal("0.5")))),
        ("KZT > 510", SetRule(ABOVE_510)),
        ("KZT>=510", SetRule(ABOVE_510)),
        ("UZS > 12 500", SetRule(RateThreshold("UZS", Side.ABOVE, Decimal(12500)))),
        ("UZS > 12,500.5", SetRule(RateThreshold("UZS", Side.ABOVE, Decimal("12500.5")))),
        ("EUR < 1,05", SetRule(RateThreshold("EUR", Side.BELOW, Decimal("1.05")))),
        ("KZT", AlertProblem(AlertTrouble.NO_RULE)),
        ("KZT soon", AlertProblem(AlertTrouble.UNKNOWN_CURRENCY, "KZT soon")),
        ("KZT > 0", AlertProblem(AlertTrouble.NO_RULE, "> 0")),
        ("KZT 1% 2%", AlertProblem(AlertTrouble.NO_RULE, "1% 2%")),
        ("KZT 0%", AlertProblem(AlertTrouble.PERCENT_RANGE, "0")),
        ("KZT 99%", AlertProblem(AlertTrouble.PERCENT_RANGE, "99")),
        ("USD 1%", AlertProblem(AlertTrouble.DOLLAR, "USD")),
    ],
)
def test_what_people_type(line: str, answer: object) -> None:
    read = read_alert(line, NAMES)
    if isinstance(read, AlertProblem) and isinstance(answer, AlertProblem):
        assert (read.trouble, read.detail) == (answer.trouble, answer.detail)
    else:
        assert read == answer


@given(st.text(max_size=100))
def test_no_line_is_too_strange(line: str) -> None:
    assert read_alert(line, NAMES) is not None


def test_per_cents_are_met_by_a_move_in_either_direction() -> None:
    assert due_alert([ONE_PERCENT], tenge("500"), tenge("504.9")) is None
    up = due_alert([ONE_PERCENT], tenge("500"), tenge("505"))
    assert up is not None
    assert up.change_percent == Decimal(1)
    assert due_alert([ONE_PERCENT], tenge("500"), tenge("495")) is not None


def test_another_currencys_rule_is_not_met() -> None:
    assert due_alert([RateAlert("UZS", Decimal(1))], tenge("500"), tenge("600")) is None


def test_a_line_fires_once_and_is_armed_again_on_the_other_side() -> None:
    days = ["505", "509", "511", "515", "512", "508", "513"]
    fired = [new for old, new in pairwise(days) if due_alert([ABOVE_510], tenge(old), tenge(new))]
    assert fired == ["511", "513"]


def test_a_line_below_and_a_pair_that_is_told_the_other_way_round() -> None:
    below = RateThreshold("EUR", Side.BELOW, Decimal("1.05"))
    day = date(2026, 5, 22)
    old = Quote("EUR", "USD", Decimal("1.06"), day, "ECB")
    new = Quote("USD", "EUR", Decimal("0.96"), day, "ECB")  # 1.0417 dollars for a euro
    alert = due_alert([below], old, new)
    assert alert is not None
    assert alert.change_percent is not None
    assert round(alert.change_percent, 2) == Decimal("-1.73")


def test_a_fixing_gives_a_chat_one_alert_and_the_line_comes_first() -> None:
    alert = due_alert([ONE_PERCENT, ABOVE_510], tenge("500"), tenge("520"))
    assert alert is not None
    assert alert.rule == ABOVE_510


def test_a_first_fixing_counts_by_the_change_that_the_bank_printed() -> None:
    printed = Quote("USD", "KZT", Decimal(500), date(2026, 5, 22), "A bank", Decimal("-1.5"))
    assert due_alert([ONE_PERCENT], None, printed) is not None
    assert due_alert([ABOVE_510], None, printed) is None
    assert due_alert([ONE_PERCENT], None, tenge("500")) is None


def dated(value: str, day: int, change: str | None = None, source: str = "A bank") -> Quote:
    printed = None if change is None else Decimal(change)
    return Quote("USD", "KZT", Decimal(value), date(2026, 5, day), source, printed)


def test_a_second_fixing_of_the_same_day_does_not_tell_the_days_move_again() -> None:
    assert due_alert([ONE_PERCENT], dated("500", 21, "0"), dated("506", 22, "1.2")) is not None
    assert due_alert([ONE_PERCENT], dated("506", 22, "1.2"), dated("507", 22, "1.4")) is None
    assert due_alert([ONE_PERCENT], dated("502", 22, "0.4"), dated("507", 22, "1.4")) is not None


def test_a_change_of_the_source_is_no_move_of_the_rate_but_may_cross_a_line() -> None:
    old, new = dated("505", 21, None, "Ticker"), dated("512", 22, None, "A bank")
    assert due_alert([ONE_PERCENT], old, new) is None
    assert due_alert([ABOVE_510], old, new) is not None
