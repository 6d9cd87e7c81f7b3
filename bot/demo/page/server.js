// Talking to the server: what you do goes out by `post`, what happens comes in by `listen`.

import { make } from "./bubbles.js";

/** A line that floats over the conversation for a moment. */
export function toast(text) {
  const element = make("div", "toast", text);
  document.getElementById("toasts").append(element);
  setTimeout(() => element.remove(), 2500 + 40 * text.length);
}

/** Do something; null (and a toast) if the server says no. */
export async function post(action, wish) {
  try {
    const answer = await fetch(`page/${action}`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(wish),
    });
    const told = await answer.json();
    if (told.error) toast(told.error);
    return told.error ? null : told;
  } catch {
    toast("The demo does not answer. Is it still running?");
    return null;
  }
}

/** Every event goes to the function of `told` that has its kind. The browser reconnects by itself. */
export function listen(told, lost) {
  const events = new EventSource("page/events");
  events.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    told[event.kind]?.(event);
  };
  events.onerror = lost;
}
