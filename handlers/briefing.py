"""/briefing: now; /briefing 08:00 [days]: every day, or on these, at this local time; /briefing off."""

from __future__ import annotations

import asyncio

from bot.briefing import html
from bot.briefing.digest import WINDOW
from bot.briefing.edition import Edition
from bot.errors import UserError
from bot.model import BriefingPlan, Button, Message
from handlers import choices
from handlers.buttons import (
    BriefEveryDay,
    BriefWithoutRates,
    BriefWithRates,
    PlanBriefing,
    SendSection,
    SendView,
    SkipEmptyDays,
    StopBriefing,
    encode,
)
from handlers.digest import Briefings
from handlers.reading import EVERY_DAY, meant_time, read_days, read_time
from handlers.request import Edit, Request, change_chat
from handlers.rest import STORIES_PER_TAG
from handlers.sections import briefing_section, briefing_words, section
from handlers.services import Services
from handlers.subscriptions import view
from handlers.wording import as_typed, is_off

EXAMPLE = "/briefing 08:00 mon-fri"


async def briefing(request: Request, services: Services) -> Message:
    """Give the briefing now, plan it, or stop it."""
    if not request.args:
        return await _briefing_now(request, services)
    if is_off(request.args, request.tongue):
        return Message(html.text(_stopped(await _stop(request, services))))
    first, _, rest = request.args.partition(" ")
    at = read_time(first)
    if at is None:
        return _no_time(first, rest, request)
    plan = BriefingPlan(at, _read_days(rest, request))
    return Message(html.text(_planned(await _plan(plan, request, services))))


async def tap_plan(tap: PlanBriefing, request: Request, services: Services) -> Edit:
    """Plan by tapping."""
    request = await _plan(BriefingPlan(tap.at, tap.weekdays), request, services)
    return Edit(briefing_section(request, services), _planned(request))


async def tap_stop(_tap: StopBriefing, request: Request, services: Services) -> Edit:
    """Stop by tapping."""
    request = await _stop(request, services)
    return Edit(briefing_section(request, services), _stopped(request))


async def tap_empty_days(tap: SkipEmptyDays | BriefEveryDay, request: Request, services: Services) -> Edit:
    """Choose what comes on days without news."""
    skip = isinstance(tap, SkipEmptyDays)
    request = await change_chat(request, services, lambda chat, _now: choices.skip_empty_days(chat, skip))
    return Edit(briefing_section(request, services))


async def tap_rates(tap: BriefWithRates | BriefWithoutRates, request: Request, services: Services) -> Edit:
    """Choose whether exchange rates stand below it."""
    shown = isinstance(tap, BriefWithRates)
    request = await change_chat(request, services, lambda chat, _now: choices.show_rates(chat, shown))
    return Edit(briefing_section(request, services))


async def send_section(tap: SendSection, request: Request, services: Services) -> Message:
    """Send a section of the settings below the briefing, which stays as it is."""
    return section(tap.section, request, services)


async def send_view(tap: SendView, request: Request, services: Services) -> Message:
    """Send a follow keyboard below the briefing."""
    return view(tap.view, request, services)


async def _briefing_now(request: Request, services: Services) -> Message:
    chat, since = request.chat, request.now - WINDOW
    articles, quotes = await asyncio.gather(
        services.articles.about(chat.follows, since, request.now, STORIES_PER_TAG), services.rates.latest()
    )
    choice = Edition(articles).choose(chat.follows, since, request.now)
    credits = await services.rates.credits()
    return Briefings(services.tongues, services.catalogue).write(chat, choice, quotes, request.now, credits)


async def _plan(plan: BriefingPlan, request: Request, services: Services) -> Request:
    return await change_chat(
        request, services, lambda chat, _end: choices.plan_briefing(chat, plan, request.now)
    )


async def _stop(request: Request, services: Services) -> Request:
    return await change_chat(request, services, lambda chat, _now: choices.stop_briefing(chat))


def _planned(request: Request) -> str:
    when = briefing_words(request.chat.briefing, request.tongue)
    return request.tongue.gettext("Your briefing comes at {when}.").format(when=when)


def _stopped(request: Request) -> str:
    _ = request.tongue.gettext
    if request.chat.mode.pushes:
        return _("No more briefings. Each new story still comes as it appears.")
    return _("No more briefings, and no stories either: /mode instant brings each as it appears.")


def _read_days(words: str, request: Request) -> frozenset[int]:
    days = read_days(words, request.tongue) if words.strip() else EVERY_DAY
    if days is None:
        phrase = request.tongue.gettext("I can’t read “{words}” as days. For example: {example}")
        raise UserError(phrase.format(words=as_typed(words), example=EXAMPLE))
    return days


def _no_time(typed: str, days: str, request: Request) -> Message:
    """Say what a time looks like, and offer the one that was probably meant."""
    phrase = request.tongue.gettext("I can’t read “{word}” as a time. For example: {example}")
    line = html.text(phrase.format(word=as_typed(typed), example=EXAMPLE))
    meant = meant_time(typed)
    weekdays = read_days(days, request.tongue) if days.strip() else EVERY_DAY
    if meant is None or weekdays is None:
        return Message(line)
    label = briefing_words(BriefingPlan(meant, weekdays), request.tongue)
    return Message(line, ((Button(f"☀️ {label}", data=encode(PlanBriefing(meant, weekdays))),),))
