/* Bars beside the chart, under tabs. Every text becomes a text node, never markup. */

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function bar({ length }) {
  const track = element("span", "drift-track");
  const fill = element("span", "drift-fill");
  fill.style.width = `${Math.max(length, 0.5)}%`;
  track.append(fill);
  return track;
}

/* A dot at the median on a line; an arrow where nine in ten is not reached. */
function stay(row) {
  const track = element("span", "drift-track");
  if (row.from !== null) {
    const line = element("span", "drift-range");
    line.style.left = `${row.from}%`;
    line.style.width = `${(row.to ?? 97) - row.from}%`;
    line.style.color = row.color;
    line.classList.toggle("drift-open-end", row.to === null);
    track.append(line);
  }
  if (row.at !== null) {
    const dot = element("span", "drift-dot");
    dot.style.left = `${row.at}%`;
    dot.style.backgroundColor = row.color;
    track.append(dot);
  }
  return track;
}

function scale(ticks) {
  const node = element("div", "drift-row drift-scale");
  node.setAttribute("aria-hidden", "true");
  const track = element("span", "drift-track");
  for (const { text, at } of ticks) {
    const tick = element("span", "drift-tick", text);
    tick.style.left = `${at}%`;
    track.append(tick);
  }
  node.append(element("span"), track, element("span"));
  return node;
}

function barRow(row, choose) {
  const node = element("button", "drift-row");
  node.type = "button";
  node.title = row.name;
  node.setAttribute("aria-pressed", String(row.is_on));
  const count = `${row.said} ${row.said === "1" ? "conversation" : "conversations"}`;
  node.setAttribute("aria-label", `${row.name}, ${count}: filter by it`);
  node.classList.toggle("drift-apart", row.is_apart);
  node.append(element("span", "drift-label", row.name), bar(row), element("span", "drift-value", row.said));
  node.addEventListener("click", choose);
  return node;
}

function stayRow(row) {
  const node = element("div", "drift-row");
  node.title = row.about;
  const hidden = element("span", "drift-hidden", row.about);
  node.append(element("span", "drift-label", row.name), stay(row), element("span", "drift-value", row.said), hidden);
  return node;
}

let made = 0;

function render({ model, el }) {
  made += 1;
  const place = `drift-breakdown-${made}`;
  const tabs = element("div", "drift-tabs");
  tabs.setAttribute("role", "tablist");
  tabs.setAttribute("aria-label", "Break down by");
  const panel = element("div", "drift-below");
  panel.id = place;
  panel.setAttribute("role", "tabpanel");
  const about = element("p", "drift-about");
  const list = element("ul", "drift-rows");
  const note = element("p", "drift-about");
  panel.append(about, list, note);

  const open = (name) => {
    model.set("tab", name);
    model.save_changes();
  };
  const heads = Object.entries(model.get("titles")).map(([name, title]) => {
    const head = element("button", "drift-tab", title);
    head.type = "button";
    head.id = `${place}-${name}`;
    head.setAttribute("role", "tab");
    head.setAttribute("aria-controls", place);
    head.addEventListener("click", () => open(name));
    tabs.append(head);
    return { name, head };
  });
  const drawTabs = () => {
    for (const { name, head } of heads) {
      const isOn = name === model.get("tab");
      head.setAttribute("aria-selected", String(isOn));
      head.tabIndex = isOn ? 0 : -1;
      if (isOn) panel.setAttribute("aria-labelledby", head.id);
    }
  };
  const drawRows = () => {
    const isIn = list.contains(document.activeElement);
    const here = [...list.children].findIndex((item) => item.contains(document.activeElement));
    const rows = model.get("rows").map((row, number) => {
      const item = element("li");
      item.append("length" in row ? barRow(row, () => model.send({ choose: number })) : stayRow(row));
      return item;
    });
    const ticks = model.get("ticks");
    if (ticks.length) {
      const last = element("li");
      last.append(scale(ticks));
      rows.push(last);
    }
    list.replaceChildren(...rows);
    list.hidden = rows.length === 0;
    if (isIn) list.children[Math.min(here, rows.length - 1)]?.querySelector("button")?.focus();
  };
  const drawTexts = () => {
    about.textContent = model.get("about");
    note.textContent = model.get("note");
  };
  /* One stop for the Tab key: the arrows walk from tab to tab. */
  tabs.addEventListener("keydown", (event) => {
    const here = heads.findIndex(({ head }) => head === event.target);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: heads.length - 1 }[event.key];
    if (here < 0 || to === undefined) return;
    event.preventDefault();
    const { name, head } = heads[(to + heads.length) % heads.length];
    open(name);
    head.focus();
  });
  model.on("change:tab", drawTabs);
  model.on("change:rows change:ticks", drawRows);
  model.on("change:about change:note", drawTexts);
  [drawTabs, drawRows, drawTexts].forEach((draw) => draw());

  el.classList.add("drift-breakdown");
  el.dataset.lmSuppressShortcuts = "true"; // JupyterLab would take the arrow keys for itself
  el.append(tabs, panel);
}

export default { render };
