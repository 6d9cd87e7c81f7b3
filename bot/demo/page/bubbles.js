// A message as the server tells it becomes a bubble. Text is always set as text, never as markup.

const SAFE_LINK = /^(https?:|mailto:|tel:|tg:)/i;

/** An element with a class and children (strings become text). */
export function make(tag, className = "", ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** A hue that belongs to a name. */
export function hueOf(name) {
  let hash = 7;
  for (const letter of name) hash = (hash * 31 + letter.codePointAt(0)) % 9973;
  return (hash * 47) % 360;
}

/** A rounded picture with initials; the bot has one of its own. */
export function avatar(element, name, ofBot) {
  element.className = `avatar${element.classList.contains("small") ? " small" : ""}${ofBot ? " of-bot" : ""}`;
  element.style.setProperty("--hue", hueOf(name));
  element.textContent = ofBot ? "" : name.split(/\s+/).slice(0, 2).map((word) => [...word][0] ?? "").join("");
  return element;
}

export const clock = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });

// Entities are sorted by offset, the longer first, so that each one's children follow it.
function formatted(text, entities, actions) {
  let next = 0;
  const read = (start, end) => {
    const nodes = [];
    let at = start;
    while (next < entities.length && entities[next].offset < end) {
      const entity = entities[next++];
      const stop = Math.min(entity.offset + entity.length, end);
      if (entity.offset < at) continue;
      if (entity.offset > at) nodes.push(text.slice(at, entity.offset));
      nodes.push(wrap(entity, text.slice(entity.offset, stop), read(entity.offset, stop), actions));
      at = stop;
    }
    if (at < end) nodes.push(text.slice(at, end));
    return nodes;
  };
  return tidyBlocks(read(0, text.length));
}

const PLAIN = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code" };

function wrap(entity, words, children, actions) {
  if (PLAIN[entity.type]) return make(PLAIN[entity.type], "", ...children);
  switch (entity.type) {
    case "text_link": return link(entity.url, children);
    case "url": return link(words, children);
    case "pre": {
      const pre = make("pre", "", ...children);
      if (entity.language) pre.dataset.language = entity.language;
      return pre;
    }
    case "blockquote": return make("blockquote", "", make("div", "", ...children));
    case "expandable_blockquote": return foldable(children);
    case "spoiler": return spoiler(children);
    case "bot_command": {
      const command = make("button", "command", ...children);
      command.type = "button";
      command.addEventListener("click", () => actions.say(words));
      return command;
    }
    case "mention": case "hashtag": return make("span", "mention", ...children);
    default: return make("span", "", ...children);
  }
}

function link(url, children) {
  const full = /^[a-z]+:/i.test(url) ? url : `https://${url}`;
  if (!SAFE_LINK.test(full)) return make("span", "", ...children);
  const element = make("a", "", ...children);
  Object.assign(element, { href: full, target: "_blank", rel: "noopener noreferrer" });
  return element;
}

function foldable(children) {
  const quote = make("blockquote", "folded", make("div", "", ...children));
  const button = make("button", "unfold");
  button.type = "button";
  const tell = (folded) => {
    button.setAttribute("aria-label", folded ? "Show more" : "Show less");
    button.setAttribute("aria-expanded", String(!folded));
  };
  tell(true);
  button.addEventListener("click", () => tell(quote.classList.toggle("folded")));
  quote.append(button);
  return quote;
}

function spoiler(children) {
  const element = make("span", "spoiler", ...children);
  Object.assign(element, { tabIndex: 0, role: "button" });
  element.setAttribute("aria-label", "Hidden text");
  const open = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    element.classList.add("open");
    element.removeAttribute("aria-label");
  };
  element.addEventListener("click", open, { once: true });
  element.addEventListener("keydown", open);
  return element;
}

// A block makes its own line: the newline that the text has before and after it would be a second one.
const isBlock = (node) => node instanceof HTMLElement && ["PRE", "BLOCKQUOTE"].includes(node.tagName);

function tidyBlocks(nodes) {
  return nodes.map((node, index) => {
    if (typeof node !== "string") return node;
    let text = node;
    if (isBlock(nodes[index + 1]) && text.endsWith("\n")) text = text.slice(0, -1);
    if (isBlock(nodes[index - 1]) && text.startsWith("\n")) text = text.slice(1);
    return text;
  });
}

function card(told) {
  const element = make("a", "card");
  Object.assign(element, { href: told.url, target: "_blank", rel: "noopener noreferrer" });
  element.style.setProperty("--hue", hueOf(told.host));
  const words = make("div", "card-words", make("div", "card-host", told.host), make("div", "card-title", told.title));
  if (told.description) words.append(make("div", "card-text", told.description));
  const emblem = make("div", "card-emblem", told.emblem || [...told.host][0].toUpperCase());
  emblem.setAttribute("aria-hidden", "true");
  element.append(words, emblem);
  return element;
}

function keys(message, actions) {
  const block = make("div", "keys");
  for (const row of message.buttons) {
    block.append(make("div", "", ...row.map((button) => key(message, button, actions))));
  }
  return block;
}

function key(message, button, actions) {
  const element = make(button.url ? "a" : "button", `key${button.url ? " outside" : ""}`, make("span", "", button.text));
  element.title = button.text;
  if (button.url) {
    Object.assign(element, { href: SAFE_LINK.test(button.url) ? button.url : "#", target: "_blank", rel: "noopener noreferrer" });
    return element;
  }
  element.type = "button";
  element.dataset.data = button.callback_data ?? "";
  element.addEventListener("click", () => {
    if (button.callback_data !== undefined) actions.tap(message, button.callback_data, element);
    else if (button.copy_text) actions.copy(button.copy_text.text);
    else actions.type(button.switch_inline_query_current_chat ?? button.switch_inline_query ?? "");
  });
  return element;
}

function photo(told, actions) {
  const image = make("img");
  Object.assign(image, { src: told.url, width: told.width, height: told.height, alt: "Picture", loading: "lazy" });
  const button = make("button", "photo", image);
  button.type = "button";
  button.addEventListener("click", () => actions.enlarge(told.url));
  return button;
}

function meta(message) {
  const element = make("span", "meta");
  if (message.edited) element.append(make("span", "", "edited"));
  element.append(make("time", "", clock(message.date)));
  if (message.mine) {
    element.insertAdjacentHTML("beforeend", '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="m3 13 4.5 4.5L17 8M12.5 17.5 22 8"/></svg>');
  }
  return element;
}

function words(message, actions) {
  const nodes = formatted(message.text, message.entities, actions);
  const ends = !(message.card && !message.card.above) && !isBlock(nodes.at(-1));
  const element = make("div", `text${ends ? " last" : ""}`, ...nodes);
  if (ends) {
    const twin = meta(message);
    twin.setAttribute("aria-hidden", "true");
    element.append(twin);
  }
  return element;
}

/** The element of a message. `actions`: say, tap, copy, type, enlarge, show. */
export function bubble(message, { follows, inGroup }, actions) {
  if (message.service) {
    const line = make("div", "service", make("span", "", message.service));
    line.dataset.id = message.id;
    return line;
  }
  const showsFace = inGroup && !message.mine;
  const inner = make("div", `bubble${message.photo ? " has-photo" : ""}`);
  if (showsFace && !follows) {
    const who = make("div", "who", message.who);
    who.style.setProperty("--hue", message.by_bot ? 172 : hueOf(message.who));
    inner.append(who);
  }
  if (message.reply_to) {
    const quoted = make("button", "quoted", make("b", "", message.reply_to.who), make("span", "", message.reply_to.text));
    quoted.type = "button";
    quoted.addEventListener("click", () => actions.show(message.reply_to.id));
    inner.append(quoted);
  }
  if (message.photo) inner.append(photo(message.photo, actions));
  if (message.card?.above) inner.append(card(message.card));
  if (message.text) inner.append(words(message, actions));
  if (message.card && !message.card.above) inner.append(card(message.card));
  inner.append(meta(message));

  const body = make("div", "body", inner);
  if (message.buttons.length) body.append(keys(message, actions));
  const element = make("article", ["message", message.mine && "mine", follows && "follows", !showsFace && "alone",
    (message.card || message.photo) && "wide"].filter(Boolean).join(" "));
  if (showsFace) element.append(make("div", "face", avatar(make("span", "small"), message.who, message.by_bot)));
  element.append(body);
  element.dataset.id = message.id;
  element.setAttribute("aria-label", `${message.mine ? "You" : message.who}, ${clock(message.date)}`);
  return element;
}
