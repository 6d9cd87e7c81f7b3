// Writing: the text field that grows, the command menu, inline results, reply keyboards.

import { make } from "./bubbles.js";

const $ = (id) => document.getElementById(id);

/** Wire the composer. `actions`: say(text), inline(query), choose(result, query), share(message). */
export function composer(actions) {
  const [form, text, palette] = [$("composer"), $("text"), $("palette")];
  let chat = null;
  let botName = "";
  let options = [];
  let selected = -1;
  let asking = 0;

  const grow = () => {
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight}px`;
    $("send").disabled = !text.value.trim();
  };
  const write = (value) => {
    text.value = value;
    text.focus();
    grow();
    suggest();
  };
  const send = (value) => {
    if (!value.trim()) return;
    actions.say(value.trim());
    write("");
  };

  function offer(list, label) {
    options = list;
    palette.setAttribute("aria-label", label);
    palette.replaceChildren(...list.map((option, index) => {
      const line = make("div", "", make("b", "", option.name), make("span", "", option.about ?? ""));
      line.id = `option-${index}`;
      line.setAttribute("role", "option");
      line.addEventListener("mousedown", (event) => event.preventDefault());
      line.addEventListener("click", () => option.pick());
      line.addEventListener("mousemove", () => select(index));
      return line;
    }));
    palette.hidden = !list.length;
    text.setAttribute("aria-expanded", String(!palette.hidden));
    select(list.length ? 0 : -1);
  }

  function select(index) {
    selected = index;
    [...palette.children].forEach((line, at) => line.setAttribute("aria-selected", String(at === index)));
    palette.children[index]?.scrollIntoView({ block: "nearest" });
    if (index >= 0) text.setAttribute("aria-activedescendant", `option-${index}`);
    else text.removeAttribute("aria-activedescendant");
  }

  function suggest() {
    const value = text.value;
    const typed = value.match(/^\/(\w*)$/);
    const inline = botName && value.match(new RegExp(`^@${botName} ([^]*)$`, "i"));
    if (typed && chat) {
      const found = chat.commands.filter((command) => command.command.startsWith(typed[1].toLowerCase()));
      offer(found.map((command) => ({
        name: `/${command.command}`,
        about: command.description,
        pick: () => send(`/${command.command}`),
        complete: () => write(`/${command.command} `),
      })), "Commands");
    } else if (inline) {
      ask(inline[1]);
    } else {
      offer([], "Commands");
    }
  }

  async function ask(query) {
    const mine = ++asking;
    const answer = await actions.inline(query);
    if (mine !== asking || !answer) return;
    offer(answer.results.map((result) => ({
      name: result.title ?? result.id,
      about: result.description,
      pick: () => { actions.choose(result, query); write(""); },
    })), "Results");
  }

  text.addEventListener("input", () => { grow(); suggest(); });
  text.addEventListener("keydown", (event) => {
    const open = !palette.hidden;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (open && selected >= 0) options[selected].pick();
      else send(text.value);
    } else if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      select((selected + (event.key === "ArrowDown" ? 1 : options.length - 1)) % options.length);
    } else if (open && event.key === "Tab" && options[selected]?.complete) {
      event.preventDefault();
      options[selected].complete();
    } else if (open && event.key === "Escape") {
      event.stopPropagation();
      offer([], "Commands");
    }
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); send(text.value); });
  $("slash").addEventListener("click", () => write(palette.hidden ? "/" : ""));
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches?.("input, textarea, select") || document.querySelector("dialog[open]");
    if (event.key === "/" && !typing) { event.preventDefault(); write("/"); }
  });

  function replyKeys(messages) {
    const message = [...messages].reverse().find((one) => one.keyboard);
    const rows = message?.keyboard.keyboard ?? [];
    const used = message?.keyboard.one_time_keyboard && messages.some((one) => one.mine && one.id > message.id);
    $("reply-keys").hidden = !rows.length || Boolean(used);
    $("reply-keys").replaceChildren(...rows.map((row) => make("div", "", ...row.map((wish) => {
      const button = make("button", "", wish.text);
      button.type = "button";
      button.addEventListener("click", () => (wish.request_chat ? actions.share(message, wish.request_chat) : send(wish.text)));
      return button;
    }))));
  }

  return {
    write,
    /** Another chat is shown, or this one has changed. */
    show(current, username, messages) {
      const another = chat?.id !== current.id;
      [chat, botName] = [current, username];
      form.hidden = !current.you_may_write;
      $("read-only").hidden = current.you_may_write;
      $("read-only").textContent = "Only administrators write in this channel.";
      text.placeholder = current.kind === "channel" ? "Post" : "Message";
      $("slash").hidden = !current.commands.length;
      replyKeys(messages);
      if (another) { text.value = ""; grow(); }
      if (another || !palette.hidden) suggest();
    },
  };
}
