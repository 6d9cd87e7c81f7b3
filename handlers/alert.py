"""/alert KZT 1%, /alert KZT > 510, /alert off [CODE], /alert: hear of a rate when it moves.

A rule is a choice of the chat like any other; :mod:`bot.roles.alert_desk` finds whom a new fixing concerns.
"""

from __future__ import annotations

from decimal import Decimal

from bot.briefing import html
from bot.briefing.alert_card import rule_words
from bot.briefing.rate_alerts import (
    AlertProblem,
    AlertTrouble,
    DropRules,
    ListRules,
    SetRule,
    read_alert,
)
from bot.errors import UserError
from bot.language import N_, capitalised
from bot.model import Button, Message, RateAlert, RateRule
from handlers import choices
from handlers.buttons import DropAlerts, OfferAlert, SetAlert, encode
from handlers.keyboards import in_rows
from handlers.request import Edit, Request, change_chat
from handlers.services import Services
from handlers.wording import as_typed

EXAMPLE, EXAMPLE_OF_A_LINE = "/alert KZT 1%", "/alert KZT > 510"
OFFERED = (Decimal("0.5"), Decimal(1), Decimal(2), Decimal(5))
MOST_RULES = 30
"""More than anybody watches; it keeps a chat's settings small."""

_PROBLEMS = {
    AlertTrouble.UNKNOWN_CURRENCY: N_("I know no currency called “{detail}”. For example: {example}"),
    AlertTrouble.NO_RULE: N_("Tell me when: {example}, or {other}"),
    AlertTrouble.PERCENT_RANGE: N_("I watch for moves between 0.1% and 50%. For example: {example}"),
    AlertTrouble.DOLLAR: N_("The dollar does not move against itself. For example: {example}"),
}


async def alert(request: Request, services: Services) -> Message:
    """Set, drop or list rules."""
    asked = read_alert(request.args, services.currency_names, request.tongue.code)
    match asked:
        case ListRules():
            return rules_view(request)
        case DropRules(currency):
            return rules_view(await _drop(currency, request, services))
        case SetRule(rule):
            request = await _set(rule, request, services)
            phrase = request.tongue.gettext("I’ll tell you. {rule}")
            return rules_view(request, phrase.format(rule=rule_words(rule, request.tongue)))
        case problem:
            raise UserError(_problem(problem, request))


async def offer_alert(tap: OfferAlert, request: Request, services: Services) -> Message:
    """Ask how far a rate should move, as a message of its own; from below the rates."""
    name = capitalised(services.catalogue.currency_name(tap.code, request.tongue.code))
    title = f"🔔 {name}"
    question = request.tongue.gettext("Tell you when it moves within a day by…")
    other = request.tongue.gettext("Or a line: {example}").format(example=f"/alert {tap.code} > 510")
    buttons = [
        Button(request.tongue.percent(percent), data=encode(SetAlert(tap.code, percent)))
        for percent in OFFERED
    ]
    lines = (html.bold(html.text(title)), html.text(question), html.text(other))
    return Message(html.joined("\n", lines), in_rows(buttons, 4))


async def tap_set(tap: SetAlert, request: Request, services: Services) -> Edit:
    """Choose by tapping."""
    rule = RateAlert(tap.code, tap.percent)
    request = await _set(rule, request, services)
    phrase = request.tongue.gettext("I’ll tell you. {rule}")
    words = phrase.format(rule=rule_words(rule, request.tongue))
    return Edit(rules_view(request, words), words)


async def tap_drop(tap: DropAlerts, request: Request, services: Services) -> Edit:
    """Drop what is set about a currency."""
    return Edit(rules_view(await _drop(tap.code, request, services)))


def rules_view(request: Request, said: str = "") -> Message:
    """What is set, with a button to drop each currency's rules."""
    _ = request.tongue.gettext
    rules = sorted(request.chat.alerts, key=lambda rule: rule.currency)
    hint = _("For example: {example}, or {other}").format(example=EXAMPLE, other=EXAMPLE_OF_A_LINE)
    if not rules:
        return Message(html.joined("\n", (html.text("🔕 " + _("No rate alerts are set.")), html.text(hint))))
    codes = dict.fromkeys(rule.currency for rule in rules)
    drop = [Button(f"✖️ {code}", data=encode(DropAlerts(code))) for code in codes]
    heading = html.joined(" ", (html.text("🔔"), html.bold(html.text(_("Rate alerts")))))
    lines = html.joined("\n", (html.text(rule_words(rule, request.tongue)) for rule in rules))
    return Message(
        html.joined("\n\n", (html.text(said), heading, lines) if said else (heading, lines)), in_rows(drop, 4)
    )


async def _set(rule: RateRule, request: Request, services: Services) -> Request:
    if len(request.chat.alerts) >= MOST_RULES:
        phrase = request.tongue.gettext("That is too many alerts. {off} takes them all back.")
        raise UserError(phrase.format(off="/alert off"))
    return await change_chat(request, services, lambda chat, now: choices.set_alert(chat, rule, now))


async def _drop(currency: str | None, request: Request, services: Services) -> Request:
    return await change_chat(request, services, lambda chat, _now: choices.drop_alerts(chat, currency))


def _problem(problem: AlertProblem, request: Request) -> str:
    _ = request.tongue.gettext
    if problem.trouble is AlertTrouble.UNKNOWN_CURRENCY and problem.suggestions:
        phrase = _("I know no currency called “{detail}”. Did you mean {codes}? For example: {example}")
    else:
        phrase = _(_PROBLEMS[problem.trouble])
    return phrase.format(
        detail=as_typed(problem.detail),
        codes=", ".join(problem.suggestions),
        example=EXAMPLE,
        other=EXAMPLE_OF_A_LINE,
    )
