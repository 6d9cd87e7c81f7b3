"""The views of the settings: one message that redraws itself, an overview and a section for each setting.

Pure functions of the request. Every button carries its whole meaning (:mod:`handlers.buttons`), so any process
can answer any tap; the way back is a button, too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.briefing import html
from bot.briefing.html import Html
from bot.language import N_, Tongue
from bot.model import BriefingPlan, Button, ChatKind, Message, Mode, QuietHours
from bot.settings import LANGUAGES
from handlers.buttons import (
    BriefEveryDay,
    BriefWithoutRates,
    BriefWithRates,
    NoQuiet,
    NoSignature,
    Open,
    Pause,
    PlanBriefing,
    PostAloud,
    PostSilently,
    Resume,
    Section,
    SetLanguage,
    SetMode,
    SetQuiet,
    SetTimezone,
    Show,
    SkipEmptyDays,
    StopBriefing,
    Tap,
    View,
    encode,
)
from handlers.keyboards import Rows, in_catalogue_order, in_rows, ticked
from handlers.reading import EVERY_DAY, WEEKEND, WORKDAYS
from handlers.request import Request
from handlers.services import Services
from handlers.wording import MODES, labels
from handlers.zones import REGION, offset_label, zone_label

BRIEFING_HOURS = (6, 7, 8, 9, 12, 19)
DAY_CHOICES = ((N_("Every day"), EVERY_DAY), (N_("Mon–Fri"), WORKDAYS), (N_("Weekend"), WEEKEND))
QUIET_CHOICES = ((21, 7), (22, 7), (23, 7), (0, 8))


def section(which: Section, request: Request, services: Services) -> Message:
    """Word one view of the settings."""
    match which:
        case Section.ALL:
            return overview(request, services)
        case Section.MODE:
            return mode_section(request)
        case Section.BRIEFING:
            return briefing_section(request, services)
        case Section.QUIET:
            return quiet_section(request)
        case Section.TIMEZONE:
            return timezone_section(request)
        case Section.LANGUAGE:
            return language_section(request, services)
        case Section.POSTS:
            return posts_section(request)


def overview(request: Request, services: Services) -> Message:
    """Everything that can be chosen, as it stands, and the way to each."""
    chat, tongue = request.chat, request.tongue
    _ = tongue.gettext
    followed = labels(in_catalogue_order(chat.follows, services.catalogue), tongue, services.catalogue)
    facts = (
        (_("You follow"), ", ".join(followed) or _("nothing yet")),
        (_("Stories"), _paused(request) if chat.paused else _(MODES[chat.mode])),
        (_("Briefing"), briefing_words(chat.briefing if chat.mode is not Mode.INSTANT else None, tongue)),
        (_("Quiet hours"), quiet_words(chat.quiet, tongue)),
        (_("Time zone"), clock_words(request)),
        (_("Language"), tongue.language_name(chat.language)),
    )
    lines = [
        html.fill("{what}: {how}", what=html.text(what), how=html.bold(html.text(how))) for what, how in facts
    ]
    posts = (_button("📢", _("Posts"), Open(Section.POSTS)),) if chat.kind is ChatKind.CHANNEL else ()
    rows = in_rows(
        (
            _button("✅", _("You follow"), Show(View.SUBSCRIPTIONS)),
            _button("📰", _("Stories"), Open(Section.MODE)),
            _button("☀️", _("Briefing"), Open(Section.BRIEFING)),
            _button("🌙", _("Quiet hours"), Open(Section.QUIET)),
            _button("🕗", _("Time zone"), Open(Section.TIMEZONE)),
            _button("🌐", _("Language"), Open(Section.LANGUAGE)),
            *posts,
        )
    )
    title = " · ".join((_("Settings"), *((request.remote.title,) if request.remote else ())))
    heading = html.joined(" ", (html.text("⚙️"), html.bold(html.isolated(html.one_line(title)))))
    return Message(html.joined("\n\n", (heading, html.joined("\n", lines))), rows)


def mode_section(request: Request) -> Message:
    """How stories come."""
    _ = request.tongue.gettext
    rows = [
        (Button(ticked(_(label), request.chat.mode is mode), data=encode(SetMode(mode))),)
        for mode, label in MODES.items()
    ]
    return _view(request, "📰", _("How would you like your stories?"), html.EMPTY, rows)


def briefing_section(request: Request, services: Services) -> Message:
    """When the briefing comes."""
    tongue, chat = request.tongue, request.chat
    _ = tongue.gettext
    planned = chat.briefing if chat.mode is not Mode.INSTANT else None
    current = chat.briefing or BriefingPlan(services.defaults.briefing_time)
    hours = [
        Button(
            ticked(tongue.time(dt.time(hour)), planned and planned.at == dt.time(hour)),
            data=encode(PlanBriefing(dt.time(hour), current.weekdays)),
        )
        for hour in BRIEFING_HOURS
    ]
    days = [
        Button(
            ticked(_(label), planned and planned.weekdays == weekdays),
            data=encode(PlanBriefing(current.at, weekdays)),
        )
        for label, weekdays in DAY_CHOICES
    ]
    off = Button(ticked(_("No briefing"), not planned), data=encode(StopBriefing()))
    words = html.fill(
        _("Or type any time: {example}"), example=html.code(request.typed("briefing 07:30 mon-fri"))
    )
    tastes = _briefing_tastes(planned, tongue) if planned else ()
    rows = (*in_rows(hours, 3), days[:1], days[1:], *tastes, (off,))
    return _view(request, "☀️", _("When would you like the briefing?"), words, rows)


def _briefing_tastes(plan: BriefingPlan, tongue: Tongue) -> Rows:
    """What is in it, and whether it comes when there is no news: a row each."""
    _ = tongue.gettext
    empty_days = encode(BriefEveryDay() if plan.skip_empty else SkipEmptyDays())
    rates = encode(BriefWithoutRates() if plan.rates else BriefWithRates())
    return (
        (Button(ticked(_("Not on days without news"), plan.skip_empty), data=empty_days),),
        (Button(ticked(_("Exchange rates"), plan.rates), data=rates),),
    )


def quiet_section(request: Request) -> Message:
    """When pushes wait."""
    tongue, chat = request.tongue, request.chat
    _ = tongue.gettext
    spans = [QuietHours(dt.time(start), dt.time(end)) for start, end in QUIET_CHOICES]
    choices = [
        Button(
            ticked(quiet_words(span, tongue), chat.quiet == span), data=encode(SetQuiet(span.start, span.end))
        )
        for span in spans
    ]
    off = Button(ticked(_("No quiet hours"), not chat.quiet), data=encode(NoQuiet()))
    phrase = _("Stories wait until they end. Or type your own: {example}")
    words = html.fill(phrase, example=html.code(request.typed("quiet 22:30-06:45")))
    return _view(request, "🌙", _("When should I keep quiet?"), words, (*in_rows(choices), (off,)))


def timezone_section(request: Request) -> Message:
    """Whose clock counts."""
    tongue = request.tongue
    _ = tongue.gettext
    zones = [
        Button(
            ticked(zone_label(zone, tongue), request.chat.timezone == zone), data=encode(SetTimezone(zone))
        )
        for zone in REGION
    ]
    phrase = _("Now: {clock}. Or type your city: {example}")
    example = html.code(request.typed(f"timezone {zone_label('Asia/Samarkand', tongue)}"))
    words = html.fill(phrase, clock=html.text(clock_words(request)), example=example)
    return _view(request, "🕗", _("What time is it where you are?"), words, in_rows(zones, 3))


def language_section(request: Request, services: Services) -> Message:
    """What we speak; each language by its own name."""
    languages = [
        Button(
            ticked(services.tongues[code].language_name(code), request.chat.language == code),
            data=encode(SetLanguage(code)),
        )
        for code in LANGUAGES
    ]
    return _view(
        request, "🌐", request.tongue.gettext("Choose your language"), html.EMPTY, in_rows(languages)
    )


def posts_section(request: Request) -> Message:
    """How a channel's posts look and sound."""
    chat, _ = request.chat, request.tongue.gettext
    rows = [
        (
            Button(ticked("🔔 " + _("With sound"), not chat.silent), data=encode(PostAloud())),
            Button(ticked("🔕 " + _("Silent"), chat.silent), data=encode(PostSilently())),
        ),
        (Button("▶️ " + _("Resume"), data=encode(Resume())),)
        if chat.paused
        else (Button("⏸ " + _("Pause"), data=encode(Pause())),),
    ]
    if chat.signature:
        rows.insert(1, (Button("✖️ " + _("No signature"), data=encode(NoSignature())),))
    phrase = _("Below each post: {signature}. To change it, type: {example}")
    words = html.fill(
        phrase,
        signature=html.bold(html.isolated(chat.signature or _("nothing"))),
        example=html.code(request.typed("signature Steppe Daily")),
    )
    return _view(request, "📢", _("How should the posts look?"), words, rows)


def briefing_words(plan: BriefingPlan | None, tongue: Tongue) -> str:
    """Say when the briefing comes: "08:00, Mon–Fri"."""
    if plan is None:
        return tongue.gettext("off")
    return f"{tongue.time(plan.at)}, {days_words(plan.weekdays, tongue)}"


def days_words(weekdays: frozenset[int], tongue: Tongue) -> str:
    """Name days of the week, as they stand within a sentence."""
    for label, days in DAY_CHOICES:
        if days == weekdays:
            words = tongue.gettext(label)
            # The two ends of the week are short for names, which English writes with a capital.
            return words if days == WORKDAYS else words[:1].lower() + words[1:]
    return ", ".join(tongue.weekday(day) for day in sorted(weekdays))


def quiet_words(quiet: QuietHours | None, tongue: Tongue) -> str:
    """Say when pushes wait: "22:00–07:00"."""
    return f"{tongue.time(quiet.start)}–{tongue.time(quiet.end)}" if quiet else tongue.gettext("off")


def clock_words(request: Request) -> str:
    """Say where the chat's clock stands: "Almaty, UTC+5, 14:03"."""
    offset = request.now.utcoffset() or dt.timedelta()
    city, time = zone_label(request.chat.timezone, request.tongue), request.tongue.time(request.now.time())
    return ", ".join(dict.fromkeys((city, offset_label(offset), time)))


def _paused(request: Request) -> str:
    _ = request.tongue.gettext
    return _("paused") if request.remote else _("paused, /start resumes")


def _view(request: Request, sign: str, title: str, words: Html, rows: Sequence[Sequence[Button]]) -> Message:
    heading = html.joined(" ", (html.text(sign), html.bold(html.text(title))))
    back = Button("‹ " + request.tongue.gettext("Settings"), data=encode(Open(Section.ALL)))
    keyboard: Rows = (*map(tuple, rows), (back,))
    return Message(html.joined("\n\n", (heading, words)), keyboard)


def _button(sign: str, label: str, tap: Tap) -> Button:
    return Button(f"{sign} {label}", data=encode(tap))
