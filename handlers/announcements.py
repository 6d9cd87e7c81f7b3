"""/announce text: shown as it will look, confirmed, then on its way to every chat, with a message that counts.

The text keeps its formatting. It travels by the log of the stories (:mod:`bot.store.announcements`), so limits, order
and crashes are taken care of; who is not reachable within two days has missed it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from bot.briefing import html
from bot.briefing.html import Html
from bot.errors import UserError
from bot.model import Button, Message
from bot.store.announcements import Announcement, State
from handlers.buttons import Announce, DropAnnouncement, WatchAnnouncement, encode
from handlers.request import Edit, Live, Request
from handlers.services import Services
from handlers.wording import old_button

EXAMPLE = "/announce We move to a new server tonight."
FRAME_EVERY_S = 3.0
MOST_FRAMES = 1200
QUIET_FRAMES = 5
"""So many frames without anybody in line and without news: whoever has not got it cannot be reached."""

LONGEST_TEXT = 3500
"""UTF-16 units: room for the line above the preview, and for a channel's signature."""


async def announce(request: Request, services: Services) -> Message:
    """Show the announcement as it will look, and ask."""
    _ = request.tongue.gettext
    text = request.html_args
    if not text:
        raise UserError(_("What shall I announce? For example: {example}").format(example=EXAMPLE))
    if (length := html.visible_length(text)) > LONGEST_TEXT:
        phrase = _("An announcement has {most} characters at most, this one has {count}.")
        raise UserError(phrase.format(most=LONGEST_TEXT, count=length))
    counts = await services.desk.census.counts()
    drafted = await services.desk.announcements.draft(text, counts.reachable)
    return _word(drafted, request)


async def tap_announce(tap: Announce, request: Request, services: Services) -> Live:
    """Send it, and count."""
    await services.desk.announcements.publish(await _known(tap.announcement, request, services))
    return Live(lambda: _frames(tap.announcement, request, services))


async def tap_watch(tap: WatchAnnouncement, request: Request, services: Services) -> Live:
    """Count on, for instance after a restart of ours."""
    await _known(tap.announcement, request, services)
    return Live(lambda: _frames(tap.announcement, request, services))


async def tap_drop(tap: DropAnnouncement, request: Request, services: Services) -> Edit:
    """Do not send it, or send it to nobody else."""
    known = await _known(tap.announcement, request, services)
    return Edit(_word(await services.desk.announcements.withdraw(known), request))


async def _known(announcement_id: str, request: Request, services: Services) -> Announcement:
    found = await services.desk.announcements.get(announcement_id)
    if found is None:
        raise UserError(old_button(request.tongue))
    return found


async def _frames(announcement_id: str, request: Request, services: Services) -> AsyncIterator[Message]:
    """Word how far it has come every few seconds, until it has arrived or was taken back."""
    quiet = 0
    shown: Announcement | None = None
    for _ in range(MOST_FRAMES):
        now = await services.desk.announcements.get(announcement_id)
        if now is None:
            return
        if now != shown:
            quiet = 0
            # Whoever taps "stop" has the message redrawn by that tap.
            if now.state is State.SENDING:
                yield _word(now, request, finished=now.sent >= now.total)
        if now.state is not State.SENDING or now.sent >= now.total:
            return
        shown = now
        backlog = await services.desk.backlog.measure()
        quiet = quiet + 1 if not backlog.due + backlog.in_hand else 0
        if quiet >= QUIET_FRAMES:
            yield _word(now, request, finished=True)
            return
        await asyncio.sleep(FRAME_EVERY_S)


def _word(announcement: Announcement, request: Request, *, finished: bool = False) -> Message:
    state, rows = _state(announcement, request, finished)
    heading = html.joined(" ", (html.text("📣"), html.bold(state)))
    return Message(html.joined("\n\n", (heading, Html(announcement.html))), rows)


def _state(
    announcement: Announcement, request: Request, finished: bool
) -> tuple[Html, tuple[tuple[Button, ...], ...]]:
    """Say where it stands, and what can be done about it."""
    tongue = request.tongue
    _ = tongue.gettext
    total, sent = html.text(tongue.number(announcement.total)), html.text(tongue.number(announcement.sent))
    stop = Button("✖️ " + _("Stop"), data=encode(DropAnnouncement(announcement.id)))
    match announcement.state:
        case State.DRAFT:
            send = Button("📣 " + _("Send it"), data=encode(Announce(announcement.id)))
            drop = Button("✖️ " + _("Do not send"), data=encode(DropAnnouncement(announcement.id)))
            question = tongue.ngettext("To {count} chat?", "To {count} chats?", announcement.total)
            return html.fill(question, count=total), ((send,), (drop,))
        case State.SENDING if finished:
            return html.fill(_("Sent to {sent} of {total}"), sent=sent, total=total), ()
        case State.SENDING:
            watch = Button("🔄 " + _("Count on"), data=encode(WatchAnnouncement(announcement.id)))
            return html.fill(_("On its way: {sent} of {total}"), sent=sent, total=total), ((watch, stop),)
        case State.WITHDRAWN:
            return html.fill(_("Stopped: {sent} of {total} have it"), sent=sent, total=total), ()
