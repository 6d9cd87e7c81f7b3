"""/stats, /sources, /pause, /resume: for operators, in private; to everybody else they are unknown words."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence

from bot.briefing import html
from bot.briefing.html import Html
from bot.briefing.rates_table import presentable
from bot.language import N_, Tongue
from bot.model import ChatKind, Message, Tag
from bot.store.held_rates import HeldRate
from bot.store.source_reports import SourceReport
from handlers.request import Request
from handlers.services import Services
from handlers.wording import labels

MOST_TAGS = 10
MOST_SET_ASIDE = 3
MOST_HELD = 5
LONGEST_CAUSE = 120

KINDS = {
    ChatKind.PRIVATE: N_("private"),
    ChatKind.GROUP: N_("groups"),
    ChatKind.SUPERGROUP: N_("supergroups"),
    ChatKind.CHANNEL: N_("channels"),
}


async def stats(request: Request, services: Services) -> Message:
    """Show the numbers."""
    desk, tongue = services.desk, request.tongue
    _ = tongue.gettext
    counts, backlog = await desk.census.counts(), await desk.backlog.measure()
    slowest = max(await desk.sources.all(), key=lambda report: report.state.took_s, default=None)
    facts = (
        (_("Chats"), f"{tongue.number(counts.total)} ({_kinds(counts.kinds, tongue)})"),
        (_("Languages"), _shares(counts.languages, tongue)),
        (_("Active within 7 days"), tongue.number(await desk.activity.active())),
        (_("Followers"), _followers(counts.followers, tongue, services)),
        (_("Sent today"), tongue.number(await desk.sent.today())),
        (_("Waiting now"), _waiting(backlog.due + backlog.in_hand, backlog.oldest_s, tongue)),
        (_("Slowest source"), _slowest(slowest, tongue)),
        (_("Set aside"), await _set_aside(request, services)),
    )
    lines = [_line(what, how) for what, how in facts if how]
    if await desk.pushes.paused():
        lines.append(html.text("⏸ " + _("All pushes are stopped. /resume lets them go on.")))
    return Message(html.joined("\n\n", (_heading("📊", _("Numbers")), html.joined("\n", lines))))


async def sources(request: Request, services: Services) -> Message:
    """Show how each source is doing, those in trouble first."""
    _ = request.tongue.gettext
    reports = sorted(await services.desk.sources.all(), key=lambda report: not report.state.last_error)
    blocks = [_source(report, request) for report in reports]
    if not blocks:
        return Message(html.text(_("No source has been polled yet.")))
    if held := await services.desk.held_rates.all():
        blocks.insert(0, _held(held, request))
    heading = _heading("🗞", _("Sources"))
    return Message(html.fitting(blocks, lambda shown, _hidden: html.joined("\n\n", (heading, *shown))))


async def pause(request: Request, services: Services) -> Message:
    """Stop all pushes; nothing is lost."""
    await services.desk.pushes.pause()
    phrase = request.tongue.gettext(
        "All pushes are stopped; answers go on. What comes meanwhile waits. /resume lets them go on."
    )
    return Message(html.text("⏸ " + phrase))


async def resume(request: Request, services: Services) -> Message:
    """Let pushes go on."""
    await services.desk.pushes.resume()
    return Message(html.text("▶️ " + request.tongue.gettext("Pushes go on.")))


def _heading(sign: str, title: str) -> Html:
    return html.joined(" ", (html.text(sign), html.bold(html.text(title))))


def _line(what: str, how: str) -> Html:
    return html.fill("{what}: {how}", what=html.text(what), how=html.bold(html.text(how)))


def _kinds(kinds: Counter[str], tongue: Tongue) -> str:
    named = ((tongue.gettext(phrase), kinds[kind.value]) for kind, phrase in KINDS.items())
    return ", ".join(f"{name} {tongue.number(number)}" for name, number in named if number)


def _shares(counter: Counter[str], tongue: Tongue) -> str:
    return ", ".join(f"{name} {tongue.number(number)}" for name, number in counter.most_common())


def _followers(followers: Counter[Tag], tongue: Tongue, services: Services) -> str:
    most = followers.most_common(MOST_TAGS)
    named = zip(labels((tag for tag, _ in most), tongue, services.catalogue), most, strict=True)
    return ", ".join(f"{label} {tongue.number(number)}" for label, (_, number) in named)


def _waiting(chats: int, oldest_s: float, tongue: Tongue) -> str:
    number = tongue.number(chats)
    if not chats or oldest_s < 1:
        return number
    since = tongue.gettext("the first for {seconds} s").format(seconds=round(oldest_s))
    return f"{number} ({since})"


def _slowest(report: SourceReport | None, tongue: Tongue) -> str:
    if report is None or not report.state.took_s:
        return ""
    took = tongue.gettext("{seconds} s").format(seconds=report.state.took_s)
    return f"{html.one_line(report.name)} ({took})"


async def _set_aside(request: Request, services: Services) -> str:
    newest = await services.desk.set_aside.newest(MOST_SET_ASIDE)
    causes: Iterable[str] = dict.fromkeys(html.shortened(html.one_line(aside.cause), 80) for aside in newest)
    return "; ".join(causes)


def _source(report: SourceReport, request: Request) -> Html:
    state, tongue = report.state, request.tongue
    _ = tongue.gettext
    sign = "🔴" if state.last_error else "🟢"
    worked = _("has not worked yet")
    if state.last_success:
        worked = _("worked {when}").format(when=tongue.age(state.last_success, request.now))
    facts = [worked] if state.ended else [worked, _next_poll(report, request)]
    if state.items:
        facts.append(tongue.ngettext("{count} item", "{count} items", state.items).format(count=state.items))
    error = html.shortened(html.one_line(state.last_error), LONGEST_CAUSE)
    return html.joined(
        "\n",
        (
            html.joined(" ", (html.text(sign), html.bold(html.isolated(html.one_line(report.name))))),
            html.text(", ".join(facts)),
            html.italic(html.isolated(error)) if error else html.EMPTY,
        ),
    )


def _held(held: Sequence[HeldRate], request: Request) -> Html:
    """The rates that nobody has confirmed yet."""
    tongue = request.tongue
    phrase = tongue.gettext("{rate}, {source}, {date}: {percent} away from {other}")
    lines = [
        phrase.format(
            rate=f"1 {rate.quote.base} = {tongue.number(presentable(rate.quote.value))} {rate.quote.quote}",
            source=html.one_line(rate.quote.source),
            date=tongue.date(rate.quote.as_of),
            percent=tongue.percent(round(abs(rate.moved_percent), 1)),
            other=html.one_line(rate.compared_with.source),
        )
        for rate in held[:MOST_HELD]
    ]
    heading = _heading("⚠️", tongue.gettext("Rates held back"))
    return html.joined("\n", (heading, *map(html.isolated, lines)))


def _next_poll(report: SourceReport, request: Request) -> str:
    _ = request.tongue.gettext
    if report.next_poll is None:
        return _("is being polled")
    wait_s = max(dt.timedelta(), report.next_poll - request.now).total_seconds()
    return _("next poll in {minutes} min").format(minutes=request.tongue.number(round(wait_s / 60)))
