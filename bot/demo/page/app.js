// The page: keeps what the server tells (a snapshot, then events), shows the chat list and one conversation.

import { avatar, bubble, clock, make } from "./bubbles.js";
import { composer } from "./composer.js";
import { chatMenu, STATUS } from "./menu.js";
import { listen, post, toast } from "./server.js";

const $ = (id) => document.getElementById(id);
const state = { chats: new Map(), messages: new Map(), unread: new Map(), open: null, topic: null, bot: {}, you: {}, about: "" };
const waiting = new Map();  // taps without an answer: query id → button
let quiet = 0;
const GAP_S = 5 * 60;
const TYPING_S = 5;

const actions = {
  say: (text) => post("say", { chat_id: state.open, text, thread_id: state.topic }),
  inline: (query) => post("inline", { query }),
  choose: (result, query) => post("choose", { chat_id: state.open, result, query }),
  share: (message, wish) => pickChat(wish, (chat) => post("share", { message_id: message.id, shared_chat_id: chat.id })),
  copy: (text) => navigator.clipboard?.writeText(text).then(() => toast("Copied")),
  type: (text) => writing.write(`@${state.bot.username} ${text}`),
  enlarge(url) { $("lightbox").firstElementChild.src = url; $("lightbox").showModal(); },
  show: (id) => $("stream").querySelector(`[data-id="${id}"]`)?.scrollIntoView({ block: "center", behavior: "smooth" }),
  async tap(message, data, button) {
    button.classList.add("busy");
    const told = await post("tap", { chat_id: message.chat_id, message_id: message.id, data });
    if (!told || early.has(told.query_id)) { settle(button, told && early.get(told.query_id)); return; }
    waiting.set(told.query_id, button);
    setTimeout(() => waiting.delete(told.query_id) && button.classList.remove("busy"), 15_000);
  },
};
const early = new Map();  // answers that were faster than the answer to the tap's own request
const writing = composer(actions);

function settle(button, answer) {
  button?.classList.remove("busy");
  if (!answer?.text) return;
  if (!answer.alert) return toast(answer.text);
  $("alert-text").textContent = answer.text;
  $("alert").showModal();
}

function pickChat(wish, pick) {
  const fits = [...state.chats.values()].filter((chat) => (chat.kind === "channel") === wish.chat_is_channel && chat.kind !== "private");
  $("picker-list").replaceChildren(...fits.map((chat) => {
    const button = make("button", "chat-item", avatar(make("span"), chat.title, false), make("b", "", chat.title));
    button.addEventListener("click", () => { $("picker").close(); pick(chat); });
    return make("li", "", button);
  }));
  $("picker").showModal();
}

// ── the list of chats ──────────────────────────────────────────────────────────────────────────────

const inChat = (id) => state.messages.get(id) ?? [];

function drawList() {
  const chats = [...state.chats.values()].sort((a, b) => (inChat(b.id).at(-1)?.date ?? 0) - (inChat(a.id).at(-1)?.date ?? 0) || (b.kind === "private") - (a.kind === "private"));
  $("chats").replaceChildren(...chats.map((chat) => {
    const last = inChat(chat.id).at(-1);
    const words = make("span", "last");
    if (last && chat.kind !== "private" && chat.kind !== "channel" && !last.service) words.append(make("i", "", `${last.mine ? "You" : last.who}: `));
    words.append(last ? last.service || last.text.replaceAll("\n", " ") || "Photo" : "No messages yet");
    const item = make("button", "chat-item", avatar(make("span"), chat.title, chat.kind === "private"), make("b", "", chat.title),
      make("time", "", last ? clock(last.date) : ""), words);
    const unread = state.unread.get(chat.id) ?? 0;
    if (unread) item.append(make("span", "badge", String(unread)));
    item.setAttribute("aria-current", String(chat.id === state.open));
    item.setAttribute("aria-label", `${chat.title}${unread ? `, ${unread} unread` : ""}`);
    item.addEventListener("click", () => openChat(chat.id));
    return make("li", "", item);
  }));
  const total = [...state.unread.values()].reduce((sum, one) => sum + one, 0);
  $("elsewhere").hidden = !total;
  $("elsewhere").textContent = total;
  document.title = `${total ? `(${total}) ` : ""}${state.bot.name ?? "Bot"}, demo`;
}

$("chats").addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...$("chats").querySelectorAll("button")];
  items[(items.indexOf(document.activeElement) + step + items.length) % items.length]?.focus();
});

function openChat(id) {
  state.open = id;
  state.topic = null;
  state.unread.delete(id);
  $("app").dataset.pane = "chat";
  drawList();
  drawChat();
  if (matchMedia("(min-width: 760px)").matches) $("text").focus();
}

// ── one conversation ───────────────────────────────────────────────────────────────────────────────

function drawHead() {
  const chat = state.chats.get(state.open);
  avatar($("head-avatar"), chat.title, chat.kind === "private");
  $("title").textContent = chat.title;
  const about = chat.kind === "private" ? "bot" : `${chat.members} ${chat.kind === "channel" ? "subscribers" : "members"}`;
  $("subtitle").textContent = STATUS[chat.bot_is] ? `${about} · the bot is ${chat.kind === "private" ? STATUS[chat.bot_is] : STATUS.left}` : about;
  $("subtitle").classList.remove("busy");
  $("topics").hidden = !chat.forum;
  const topics = chat.forum ? [{ id: null, name: "General" }, ...chat.topics] : [];
  $("topics").replaceChildren(...topics.map((topic) => {
    const tab = make("button", "", topic.closed ? `${topic.name} 🔒` : topic.name);
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-selected", String(topic.id === state.topic));
    tab.addEventListener("click", () => { state.topic = topic.id; drawChat(); });
    return tab;
  }));
}

const shown = (message) => message.chat_id === state.open && (!state.chats.get(state.open).forum || message.thread_id === state.topic);
const atEnd = () => $("stream").scrollHeight - $("stream").scrollTop - $("stream").clientHeight < 90;
const toEnd = () => { $("stream").scrollTop = $("stream").scrollHeight; };

function drawChat() {
  drawHead();
  const chat = state.chats.get(state.open);
  $("stream").replaceChildren();
  const messages = inChat(state.open).filter(shown);
  messages.forEach((message, index) => append(message, messages[index - 1]));
  if (!messages.length) $("stream").append(welcome(chat));
  writing.show(chat, state.bot.username, messages);
  toEnd();
}

function append(message, before) {
  const day = (one) => new Date(one.date * 1000).toDateString();
  if (!before || day(before) !== day(message)) {
    const today = day(message) === new Date().toDateString();
    const label = new Date(message.date * 1000).toLocaleDateString("en", { day: "numeric", month: "long" });
    $("stream").append(make("div", "day", make("span", "", today ? "Today" : label)));
  }
  const element = draw(message, before);
  $("stream").append(element);
  return element;
}

function draw(message, before) {
  const chat = state.chats.get(message.chat_id);
  const follows = before && !before.service && before.who === message.who && before.mine === message.mine && message.date - before.date < GAP_S;
  return bubble(message, { follows, inGroup: ["group", "supergroup"].includes(chat.kind) }, actions);
}

function welcome(chat) {
  const start = make("button", "", "Start");
  start.addEventListener("click", () => actions.say("/start"));
  const isBot = chat.kind === "private";
  const words = isBot ? state.about || "Press Start, or type / to see what it can do." : "Nothing here yet.";
  return make("div", "welcome", avatar(make("span"), chat.title, isBot), make("h3", "", chat.title), make("p", "", words), ...(isBot ? [start] : []));
}

$("stream").addEventListener("scroll", () => {
  $("to-end").hidden = atEnd();
  if (atEnd()) { $("below").hidden = true; $("below").textContent = ""; }
});
$("to-end").addEventListener("click", () => $("stream").scrollTo({ top: $("stream").scrollHeight, behavior: "smooth" }));
$("back").addEventListener("click", () => { $("app").dataset.pane = "list"; $("chats").querySelector("button")?.focus(); });
$("lightbox").addEventListener("click", () => $("lightbox").close());

$("language").addEventListener("change", (event) => post("language", { language: event.target.value }));

// ── what the server tells ──────────────────────────────────────────────────────────────────────────

const told = {
  snapshot(event) {
    Object.assign(state, { bot: event.bot, you: event.you, about: event.about });
    state.chats = new Map(event.chats.map((chat) => [chat.id, chat]));
    state.messages = new Map();
    for (const message of event.messages) remember(message);
    for (const id of ["mark", "mark-head"]) $(id).textContent = event.notes.label;
    $("note").textContent = event.notes.note;
    $("language").value = event.you.language;
    if (!state.chats.has(state.open)) state.open = event.chats.find((chat) => chat.kind === "private").id;
    drawList();
    drawChat();
  },
  message({ message }) {
    const wasAtEnd = atEnd();
    const before = inChat(message.chat_id).filter(shown).at(-1);
    remember(message);
    if (message.by_bot) stopTyping(message.chat_id);
    if (message.chat_id !== state.open || (document.hidden && !message.mine)) {
      state.unread.set(message.chat_id, (state.unread.get(message.chat_id) ?? 0) + 1);
    }
    drawList();
    if (!shown(message)) return;
    $("stream").querySelector(".welcome")?.remove();
    append(message, before).classList.add("new");
    writing.show(state.chats.get(state.open), state.bot.username, inChat(state.open).filter(shown));
    if (wasAtEnd || message.mine) toEnd();
    else { $("below").hidden = false; $("below").textContent = Number($("below").textContent || 0) + 1; }
  },
  edited({ message }) {
    const list = inChat(message.chat_id);
    list.splice(list.findIndex((one) => one.id === message.id), 1, message);
    drawList();
    const old = shown(message) && $("stream").querySelector(`[data-id="${message.id}"]`);
    if (!old) return;
    const wasAtEnd = atEnd();
    const focused = old.contains(document.activeElement) ? document.activeElement.dataset.data : undefined;
    const visible = list.filter(shown);
    const fresh = draw(message, visible[visible.findIndex((one) => one.id === message.id) - 1]);
    fresh.querySelector(".bubble")?.classList.add("changed");
    old.replaceWith(fresh);
    if (focused) fresh.querySelector(`[data-data="${CSS.escape(focused)}"]`)?.focus();
    if (wasAtEnd) toEnd();
  },
  deleted({ chat_id, message_id }) {
    state.messages.set(chat_id, inChat(chat_id).filter((one) => one.id !== message_id));
    if (chat_id === state.open) $("stream").querySelector(`[data-id="${message_id}"]`)?.remove();
    drawList();
  },
  chat({ chat }) {
    state.chats.set(chat.id, chat);
    drawList();
    if (chat.id === state.open) { drawHead(); writing.show(chat, state.bot.username, inChat(chat.id).filter(shown)); }
  },
  gone({ chat_id }) {
    if (!state.chats.delete(chat_id)) return;
    state.unread.delete(chat_id);
    if (chat_id === state.open) openChat([...state.chats.values()].find((chat) => chat.kind === "private").id);
    else drawList();
  },
  commands({ chats }) {
    for (const chat of chats) told.chat({ chat });
  },
  answer(event) {
    const button = waiting.get(event.query_id);
    waiting.delete(event.query_id);
    if (button) settle(button, event);
    else { early.set(event.query_id, event); setTimeout(() => early.delete(event.query_id), 5000); }
  },
  typing({ chat_id, thread_id }) {
    if (chat_id !== state.open || (state.chats.get(chat_id).forum && (thread_id ?? null) !== state.topic)) return;
    stopTyping(chat_id);
    const wasAtEnd = atEnd();
    $("subtitle").textContent = "typing…";
    $("subtitle").classList.add("busy");
    const dots = make("div", "message alone typing", make("div", "body", make("div", "bubble", make("i"), make("i"), make("i"))));
    dots.setAttribute("aria-hidden", "true");
    $("stream").append(dots);
    if (wasAtEnd) toEnd();
    quiet = setTimeout(() => stopTyping(chat_id), TYPING_S * 1000);
  },
};

function remember(message) {
  const list = inChat(message.chat_id);
  state.messages.set(message.chat_id, [...list, message]);
}

function stopTyping(chatId) {
  clearTimeout(quiet);
  if (chatId !== state.open) return;
  $("stream").querySelector(".typing")?.remove();
  if ($("subtitle").classList.contains("busy")) drawHead();
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && state.unread.delete(state.open)) drawList();
});
chatMenu(() => state.chats.get(state.open));
listen(told, () => { $("subtitle").textContent = "connecting…"; });
