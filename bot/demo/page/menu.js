// The ⋮ menu of a chat: what you may make of the bot there.

import { make } from "./bubbles.js";
import { post } from "./server.js";

const $ = (id) => document.getElementById(id);

/** How a chat looks where the bot is not heard. */
export const STATUS = { kicked: "stopped", left: "not here" };

function menuItems(chat) {
  const here = !STATUS[chat.bot_is];
  const set = (status) => () => post("membership", { chat_id: chat.id, status });
  if (chat.kind === "private") return here ? [["Stop the bot", set("kicked")]] : [["Restart the bot", set("member")]];
  if (!here) return [["Add the bot", set(chat.kind === "channel" ? "administrator" : "member")]];
  const promote = chat.bot_is === "administrator" ? ["Make it a plain member", set("member")] : ["Make it an administrator", set("administrator")];
  return [...(chat.kind === "channel" ? [] : [promote]), ["Remove the bot", set("kicked")]];
}

function showMenu(open, chat) {
  $("menu").hidden = !open;
  $("more").setAttribute("aria-expanded", String(open));
  if (!open) return;
  $("menu").replaceChildren(...menuItems(chat).map(([label, act]) => {
    const item = make("button", "", label);
    item.setAttribute("role", "menuitem");
    item.addEventListener("click", () => { showMenu(false); act(); });
    return item;
  }));
  $("menu").firstElementChild?.focus();
}

/** Wire the menu; `current` tells which chat is shown. */
export function chatMenu(current) {
  $("more").addEventListener("click", (event) => { event.stopPropagation(); showMenu($("menu").hidden, current()); });
  document.addEventListener("click", (event) => { if (!$("menu").contains(event.target)) showMenu(false); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || $("menu").hidden) return;
    showMenu(false);
    $("more").focus();
  });
}
