/* Draws what /status.json says, again every few seconds while somebody looks. Text goes in as text, never as markup. */
"use strict";
const EVERY_MS = 5000;
const SVG = "http://www.w3.org/2000/svg";
const byId = (id) => document.getElementById(id);

function element(tag, className, ...content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

function shape(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function bars(chart) {
  const width = 300, height = 56, step = width / chart.values.length;
  const most = Math.max(1, ...chart.values);
  const drawing = shape("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", role: "img",
    "aria-label": `${chart.title}: ${chart.total} in the last hour, at most ${most} a minute` });
  drawing.append(shape("line", { class: "base", x1: 0, y1: height, x2: width, y2: height }));
  chart.values.forEach((value, i) => {
    if (!value) return;
    const tall = Math.max(2, (height - 2) * value / most);
    const latest = i === chart.values.length - 1 ? " latest" : "";
    drawing.append(shape("rect", { class: `bar${latest}`, x: i * step + step * .14, y: height - tall,
      width: step * .72, height: tall, rx: 1 }));
  });
  return drawing;
}

function chartCard(chart) {
  const most = Math.max(0, ...chart.values);
  return element("figure", "chart",
    element("h3", "", chart.title),
    element("div", "total", chart.total, element("span", "peak", most ? `up to ${most.toLocaleString("en")} a minute` : "")),
    bars(chart),
    element("div", "axis", element("span", "", "1 h ago"), element("span", "", "now")));
}

function fact({ title, value, words }) {
  return element("div", "", element("dt", "", title), element("dd", "value", value), element("dd", "words", words));
}

function row(state, what, how) {
  const made = element("li", "", element("span", "dot"), element("span", "what", what), element("span", "how", how));
  made.dataset.state = state;
  return made;
}

function nothing(words) { return element("li", "nothing", words); }

function draw(status) {
  byId("verdict").dataset.level = status.level;
  byId("sentence").textContent = status.sentence;
  document.title = `${{ well: "✓", strained: "!", ill: "✗" }[status.level]} Briefing Bot`;
  byId("reasons").replaceChildren(...status.reasons.map((reason) => element("li", "", reason)));
  byId("charts").replaceChildren(...status.charts.map(chartCard));
  byId("facts").replaceChildren(...status.facts.map(fact));
  byId("sources").replaceChildren(...(status.sources.length
    ? status.sources.map((source) => row(source.state, source.name, source.words)) : [nothing("none known yet")]));
  byId("troubles").replaceChildren(...(status.troubles.length
    ? status.troubles.map((trouble) => row(trouble.grave ? "grave" : "warning", trouble.words, trouble.when))
    : [nothing("none in the last days")]));
  byId("processes").textContent = status.processes.join(" · ");
  byId("version").textContent = `version ${status.version}`;
  byId("at").textContent = `as of ${new Date(status.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" })}`;
}

async function refresh() {
  if (document.hidden) return;
  try {
    const answer = await fetch("status.json", { signal: AbortSignal.timeout(4000) });
    if (!answer.ok) throw new Error(answer.statusText);
    draw(await answer.json());
    document.body.classList.remove("stale");
  } catch {
    document.body.classList.add("stale");
    byId("sentence").textContent = "This process does not answer.";
    byId("verdict").dataset.level = "ill";
    byId("reasons").replaceChildren(element("li", "", "What is shown below is what it said last."));
  }
}

draw(JSON.parse(byId("now").textContent));
setInterval(refresh, EVERY_MS);
document.addEventListener("visibilitychange", refresh);
