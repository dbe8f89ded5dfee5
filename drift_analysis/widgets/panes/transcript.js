/* One conversation, message by message. Every text becomes a text node, never markup. */

const DRIFT = "https://app.drift.com/";
const KINDS = { contact: "contact", bot: "bot", human: "human", unknown: "user" };

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function pills(className, texts) {
  const list = element("div", className);
  list.append(...texts.map((text) => element("span", "drift-pill", text)));
  return list;
}

function bubble(message, colors) {
  const node = element("li", `drift-bubble drift-from-${message.kind}`);
  node.style.borderLeftColor = colors[message.kind];
  node.classList.toggle("drift-aside", message.aside !== null);
  node.classList.toggle("drift-deleted", message.is_deleted);
  const head = element("div", "drift-bubble-head");
  head.append(element("span", "drift-who", message.who));
  if (message.who.toLowerCase() !== KINDS[message.kind]) {
    head.append(element("span", "drift-kind", KINDS[message.kind]));
  }
  head.append(element("span", "drift-time", message.time));
  for (const mark of [message.aside, message.fate]) {
    if (mark !== null) head.append(element("span", "drift-fate", mark));
  }
  node.append(head);
  if (message.text === null) node.append(element("p", "drift-text drift-none", "no text"));
  else node.append(element("p", "drift-text", message.text));
  if (message.buttons.length) node.append(pills("drift-buttons", message.buttons));
  if (message.files.length) node.append(pills("drift-files", message.files));
  return node;
}

function thread(messages, colors) {
  const list = element("ol", "drift-thread");
  let day = null;
  for (const message of messages) {
    if (message.day !== day) list.append(element("li", "drift-day", message.day));
    day = message.day;
    list.append(bubble(message, colors));
  }
  return list;
}

function factLine(facts, zone) {
  const texts = [facts.status.replace("_", " "), `${facts.started} ${zone}`, facts.playbook];
  return element("p", "drift-facts", texts.join(" · "));
}

function head(facts, zone) {
  const node = element("header", "drift-head");
  const title = element("div", "drift-title", `Conversation ${facts.id}`);
  title.setAttribute("role", "heading");
  title.setAttribute("aria-level", "3");
  const line = element("div", "drift-title-line");
  line.append(title);
  if (facts.link.startsWith(DRIFT)) {
    const link = element("a", "drift-link", "Open in Drift");
    link.href = facts.link;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    line.append(link);
  }
  node.append(line, factLine(facts, zone));
  return node;
}

/* The life of the conversation beside its messages: each status, and what says so. */
function life(history, colors) {
  const node = element("details", "drift-life");
  node.append(element("summary", "", `Status history (${history.length})`));
  const list = element("ol", "drift-stretches");
  for (const { status, since, lasted, evidence, possible } of history) {
    const item = element("li");
    const mark = element("span", "drift-mark");
    mark.style.backgroundColor = colors[status];
    const proof = possible ? `${evidence}; could also be ${possible}` : evidence;
    item.append(mark, element("span", "drift-who", status.replace("_", " ")));
    item.append(element("span", "", `since ${since}, ${lasted}`));
    item.append(element("span", "drift-proof", proof));
    list.append(item);
  }
  node.append(list);
  return node;
}

function revealSwitch(model) {
  const label = element("label", "drift-reveal");
  const box = element("input");
  box.type = "checkbox";
  box.addEventListener("change", () => {
    model.set("reveal", box.checked);
    model.save_changes();
  });
  const follow = () => (box.checked = model.get("reveal"));
  model.on("change:reveal", follow);
  follow();
  label.append(box, element("span", "", "Show e-mail addresses and phone numbers"));
  return label;
}

function render({ model, el }) {
  const top = element("div");
  const body = element("div", "drift-body");
  body.tabIndex = 0;
  body.setAttribute("role", "log");
  body.setAttribute("aria-label", "Messages");

  const draw = () => {
    const facts = model.get("facts");
    const history = model.get("history");
    const above = facts.id ? [head(facts, model.get("zone"))] : [];
    if (history.length) above.push(life(history, model.get("status_colors")));
    const isOpen = top.querySelector(".drift-life")?.open ?? true;
    top.replaceChildren(...above);
    for (const one of top.querySelectorAll(".drift-life")) one.open = isOpen;
    const parts = [];
    if (model.get("note")) parts.push(element("p", "drift-note", model.get("note")));
    const messages = model.get("bubbles");
    if (messages.length) parts.push(thread(messages, model.get("colors")));
    body.replaceChildren(...parts);
  };
  model.on("change:facts change:history change:bubbles change:note change:zone", draw);
  model.on("change:facts", () => (body.scrollTop = 0));
  draw();

  el.classList.add("drift-transcript");
  el.dataset.lmSuppressShortcuts = "true"; // JupyterLab would take the arrow keys for itself
  el.append(top, body, revealSwitch(model));
}

export default { render };
