"""The names of all keys, with what they hold and how long they live. Nothing else in the project spells a key.

A hash tag (``{…}``) puts every key that one script touches into one slot of a Cluster. There are nine families:

=============================  ====================================================  ==========================
key                            value                                                 lifetime
=============================  ====================================================  ==========================
``{a}:log``                    stream of pushed articles; id = position in ms        trimmed to the retention
``{a}:article:<id>``           an article, packed                                    the retention
``{a}:alias:<hash>``           identity or link of an article → its id               the retention
``{a}:telling:<id>``           how its source tells it, to know it from others again  seven days
``{a}:shelf:<hash>``           ids of articles that share a name, number or phrase   seven days
``{a}:edition``                how many articles were ever stored                    lasts
``{a}:latest:<tag>``           article ids by publication time (``*``: all)          trimmed to the retention
``{a}:fanout:<position>``      shards that a fan-out has finished                    one day
``{a}:set-aside``              messages given up, for operators                      a month
``{a}:announcement:<id>``      an operator's announcement and how far it came        a week
``{n}:active|sent:<day>``      who asked (HyperLogLog); how many messages went out   ten days
``{r}:newest``                 currency and source → its last word, packed           lasts
``{r}:revision``               grows with every change of the rates                  lasts
``{r}:moves``                  stream of the rates that moved, old and new value     the newest 20,000
``{r}:history:<c>:<s>:<m>``    day → rate of a currency by a source, for a month     RETENTION_DAYS, 400 at least
``{r}:held``                   rates that the outlier guard holds back               two weeks
``{r}:rules:<currency>``       tags of alert rules, by when they were last set       as long as anybody has them
``{r}:backfill:<s>:<day>``     how far a back-fill of a source came                  one day
``{r}:picture:<content>``      Telegram's file_id of a chart that was sent           two days
``{s}:due|leases|attempts``    the schedule of the sources                           lasts
``{s}:state:<source>``         validators, last success, errors of a source          90 days after a poll
``{s}:hub:<source>``           what was agreed with its hub (WebSub)                 30 days
``{s}:hub-id:<id>``            which source a hub means by that address              30 days
``{s}:turn:<host>``            until when requests to a host are booked              that long
``{u}:due|leases``             the schedule of lanes (chats) with updates to handle  while updates wait
``{u}:tries``                  lane → how often its first update was taken           until it is handled
``{u}:lane:<lane>``            a lane's updates, as Telegram sent them               until they are handled
``{u}:seen:<block>``           a bit for each update id that was queued              two days
``{p}:poller``                 which bot process polls Telegram                      some seconds
``{p}:webhook-secret``         the secret that all bots share                        lasts
``{m}:processes``              process → its latest note, packed                     one day
``{m}:minute:<n>``             what was done in that minute, by kind                 two hours
``{m}:troubles``               the newest troubles in words, packed                  three days
``{l}:bot|push|chat:<chat>``   times of the last permits                             two windows
``{l}:paused``                 set while operators have stopped all pushes           until they resume
``{l}:hold``, ``:hold:<chat>`` until when Telegram wants silence                     that long
``{l}:refused``                the chat that Telegram refused last                   ten seconds
``{c<n>}:chats:<b>``           address → settings, packed; a bucket of a shard       lasts (while subscribed)
``{c<n>}:cursors:<b>``         address → log position up to which it was served      lasts (while subscribed)
``{c<n>}:f|ft:<b>:<tag>``      chats (topics of forums) that get its stories at once lasts (while subscribed)
``{c<n>}:fb|ftb:<tag>``        which buckets have such followers at all              lasts (while subscribed)
``{c<n>}:due|leases``          the schedule of the shard's chats, by due time in ms  entries leave when served
``{c<n>}:held|attempts``       not before when; how often it went wrong              entries leave when served
``{c<n>}:gone``                chats that Telegram refuses, by when it began (ms)     forgotten after 30 days
=============================  ====================================================  ==========================

Why shards and buckets: a *shard* is the unit of work (one slot, one script call), few enough to look at all of
them; a *bucket* is the unit of memory, many enough that Redis keeps its hashes and sets in the compact encodings
(listpack and integer set) with a million chats: 8 bytes a follow instead of 56.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from bot.model import Address, Tag

SHARDS = 32
BUCKETS = 512
"""Both are part of the stored format: changing either means exporting and importing all chats."""

EVERYTHING = Tag("*")
"""The pseudo tag under which every article is listed."""


class Home(NamedTuple):
    """Where the keys of a chat live."""

    shard: int
    bucket: int


def home(address: Address) -> Home:
    """The shard and bucket of a chat; all topics of a group live together."""
    rest, shard = divmod(address.chat_id, SHARDS)
    return Home(shard, rest % BUCKETS)


class ScheduleKeys(NamedTuple):
    """The four keys of one schedule; see :mod:`bot.store.schedule`."""

    due: str
    leases: str
    held: str
    attempts: str

    @classmethod
    def tagged(cls, tag: str) -> ScheduleKeys:
        """The keys of the schedule that lives under the hash tag ``tag``."""
        return cls(*(f"{{{tag}}}:{name}" for name in cls._fields))


def chat_schedule(shard: int) -> ScheduleKeys:
    """The schedule of the chats of a shard."""
    return ScheduleKeys.tagged(f"c{shard}")


def gone(shard: int) -> str:
    """The chats of a shard that Telegram refuses, by the time since when (ms)."""
    return f"{{c{shard}}}:gone"


def records(at: Home) -> str:
    """Settings of the chats of a bucket."""
    return f"{{c{at.shard}}}:chats:{at.bucket}"


def cursors(at: Home) -> str:
    """Cursors of the chats of a bucket."""
    return f"{{c{at.shard}}}:cursors:{at.bucket}"


class FollowerKeys(NamedTuple):
    """Where one kind of followers of one tag is kept in a shard."""

    shard: int
    tag: Tag
    kind: Literal["f", "ft"]

    def members(self, bucket: int) -> str:
        """The followers in a bucket."""
        return f"{{c{self.shard}}}:{self.kind}:{bucket}:{self.tag}"

    @property
    def buckets(self) -> str:
        """The numbers of the buckets that have any."""
        return f"{{c{self.shard}}}:{self.kind}b:{self.tag}"


def followers(shard: int, tag: Tag) -> FollowerKeys:
    """Plain chats that get stories of ``tag`` at once: integers only, so that the sets stay compact."""
    return FollowerKeys(shard, tag, "f")


def topic_followers(shard: int, tag: Tag) -> FollowerKeys:
    """Topics of forum groups that do."""
    return FollowerKeys(shard, tag, "ft")


def followers_like(address: Address, tag: Tag) -> FollowerKeys:
    """The keys under which ``address`` itself follows ``tag``."""
    kept = followers if address.thread_id is None else topic_followers
    return kept(home(address).shard, tag)


LOG = "{a}:log"


def article(article_id: str) -> str:
    """The article itself."""
    return f"{{a}}:article:{article_id}"


def alias(identity: str) -> str:
    """Under which id an identity was stored."""
    return f"{{a}}:alias:{identity}"


def telling(article_id: str) -> str:
    """How the source of an article tells it."""
    return f"{{a}}:telling:{article_id}"


def shelf(name: str) -> str:
    """The articles of the week that stand on one shelf (see :mod:`bot.duplicates.buckets`)."""
    return f"{{a}}:shelf:{name}"


EDITION = "{a}:edition"


def latest(tag: Tag) -> str:
    """Article ids of a tag by publication time."""
    return f"{{a}}:latest:{tag}"


def fanout_progress(position: int) -> str:
    """How far the fan-out up to this log position has come."""
    return f"{{a}}:fanout:{position}"


FANOUT_GROUP = "senders"

SET_ASIDE = "{a}:set-aside"


def announcement(announcement_id: str) -> str:
    """An operator's announcement: its text, its state, how many chats have it."""
    return f"{{a}}:announcement:{announcement_id}"


def active_chats(day: str) -> str:
    """The chats that asked something on a day, as a HyperLogLog."""
    return f"{{n}}:active:{day}"


def sent_messages(day: str) -> str:
    """How many messages went out on a day."""
    return f"{{n}}:sent:{day}"


RATES = "{r}:newest"
RATES_REVISION = "{r}:revision"
RATE_MOVES = "{r}:moves"
RATE_MOVES_GROUP = "alerts"
HELD_RATES = "{r}:held"


def rate_history(currency: str, source: str, day: date) -> str:
    """The history of a currency by a source in the month of ``day``."""
    return f"{{r}}:history:{currency}:{source}:{day:%Y-%m}"


def alert_rules(currency: str) -> str:
    """The rules that chats have about a currency."""
    return f"{{r}}:rules:{currency}"


def backfill_mark(source: str, first: date) -> str:
    """How far the back-fill of a source from ``first`` on came."""
    return f"{{r}}:backfill:{source}:{first.isoformat()}"


def picture(content_key: str) -> str:
    """The file_id of a picture, by what is on it."""
    return f"{{r}}:picture:{content_key}"


SOURCE_SCHEDULE = ScheduleKeys.tagged("s")


def source_state(name: str) -> str:
    """What the worker remembers of a source."""
    return f"{{s}}:state:{name}"


def hub_subscription(name: str) -> str:
    """What was agreed with the hub of a source."""
    return f"{{s}}:hub:{name}"


def hub_subscriber(subscription_id: str) -> str:
    """The source that a hub means by this id."""
    return f"{{s}}:hub-id:{subscription_id}"


def turn(host: str) -> str:
    """Until when turns at a host are booked."""
    return f"{{s}}:turn:{host}"


UPDATES_SCHEDULE = ScheduleKeys.tagged("u")
UPDATES_TRIES = "{u}:tries"


def lane_updates(lane: str) -> str:
    """What waits in a lane."""
    return f"{{u}}:lane:{lane}"


def updates_seen(block: int) -> str:
    """Which updates of a block of ids were queued."""
    return f"{{u}}:seen:{block}"


PROCESSES = "{m}:processes"
TROUBLES = "{m}:troubles"


def minute(number: int) -> str:
    """The sums of a minute of Unix time."""
    return f"{{m}}:minute:{number}"


POLLER_LEASE = "{p}:poller"
WEBHOOK_SECRET = "{p}:webhook-secret"

BOT_PERMITS = "{l}:bot"
PUSH_PERMITS = "{l}:push"
BOT_HOLD = "{l}:hold"
PUSHES_PAUSED = "{l}:paused"
REFUSED_CHAT = "{l}:refused"


def chat_permits(chat_id: int) -> str:
    """When the last permits of a chat were given."""
    return f"{{l}}:chat:{chat_id}"


def chat_hold(chat_id: int) -> str:
    """Set while Telegram wants us to leave a chat alone."""
    return f"{{l}}:hold:{chat_id}"
