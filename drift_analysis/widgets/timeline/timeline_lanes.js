/* Conversations as lanes of statuses over time. Every text becomes a text node, never markup. */

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

const said = (status) => status.replace("_", " ");
const percent = (part) => `${part * 100}%`;

function bar({ from, to, status, certain, text }, colors, tell) {
  const node = element("span", "drift-bar-one");
  node.classList.toggle("drift-uncertain", !certain);
  node.classList.toggle("drift-closed", status === "closed");
  node.style.left = percent(from);
  node.style.width = `max(2px, ${percent(to - from)})`;
  node.style.setProperty("--drift-color", colors[status]);
  node.addEventListener("mouseenter", () => tell(text));
  node.title = text;
  return node;
}

function mark({ at, kind }, colors) {
  const node = element("span", `drift-mark-one drift-by-${kind}`);
  node.style.left = percent(at);
  node.style.setProperty("--drift-color", colors[kind]);
  return node;
}

/* A lane is one button: Enter opens it, left and right go through its stretches. */
function lane(one, { colors, authors, tell, choose }) {
  const node = element("button", "drift-lane");
  node.type = "button";
  node.dataset.id = one.id;
  const last = one.bars.length ? one.bars[one.bars.length - 1].text : said(one.status);
  const stretches = `${one.bars.length} ${one.bars.length === 1 ? "stretch" : "stretches"}`;
  const about = `Conversation ${one.id}, started ${one.started}, ${stretches}`;
  node.setAttribute("aria-label", `${about}. Last: ${last}`);
  const name = element("span", "drift-lane-name", one.id);
  const plot = element("span", "drift-lane-plot");
  plot.append(...one.bars.map((each) => bar(each, colors, (text) => tell(`${one.id}: ${text}`))));
  plot.append(...one.marks.map((each) => mark(each, authors)));
  const end = element("span", "drift-lane-end");
  if (one.open) {
    const arrow = element("span", "drift-arrow", "▷");
    end.append(arrow, element("span", "", one.more));
    end.title = one.more ? `goes on; ${one.more} is not drawn` : "goes on";
  }
  node.append(name, plot, end);
  let place = one.bars.length - 1;
  const show = () => {
    const shown = one.bars[place];
    plot.querySelectorAll(".drift-bar-one").forEach((each, n) => each.classList.toggle("drift-looked-at", n === place));
    if (shown) tell(`${one.id}: ${shown.text}`);
  };
  node.addEventListener("focus", () => node.matches(":focus-visible") && show());
  node.addEventListener("blur", () => plot.querySelectorAll(".drift-looked-at").forEach((each) => each.classList.remove("drift-looked-at")));
  node.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    place = Math.min(Math.max(place + step, 0), one.bars.length - 1);
    show();
  });
  node.addEventListener("click", () => choose(one.id));
  return node;
}

/* One stop for the Tab key: up and down walk through the lanes, as in a list. */
function walk(event, body) {
  const stops = [...body.querySelectorAll(".drift-lane")];
  const here = stops.indexOf(event.target);
  const last = stops.length - 1;
  const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: last }[event.key];
  if (here < 0 || to === undefined) return;
  event.preventDefault();
  const next = stops[Math.min(Math.max(to, 0), last)];
  stops.forEach((stop) => (stop.tabIndex = stop === next ? 0 : -1));
  next.focus();
}

function key(name, className, color) {
  const node = element("span", "drift-key-one");
  const swatch = element("span", `drift-swatch ${className}`);
  swatch.setAttribute("aria-hidden", "true");
  if (color) swatch.style.setProperty("--drift-color", color);
  node.append(swatch, element("span", "", name));
  return node;
}

function turnButton(text, label, onClick) {
  const node = element("button", "drift-turn", text);
  node.type = "button";
  node.setAttribute("aria-label", label);
  node.addEventListener("click", onClick);
  return node;
}

function render({ model, el }) {
  const keys = element("div", "drift-keys");
  const body = element("div", "drift-lanes-body");
  body.setAttribute("role", "group");
  body.setAttribute("aria-label", "Conversations, one lane each");
  const axis = element("div", "drift-axis");
  axis.setAttribute("aria-hidden", "true");
  const info = element("p", "drift-info");
  info.setAttribute("role", "status");
  const tell = (text) => (info.textContent = text);

  const turn = (step) => {
    model.set("page", Math.min(Math.max(model.get("page") + step, 1), model.get("pages")));
    model.save_changes();
  };
  const choose = (id) => {
    model.set("selected", model.get("selected") === id ? "" : id);
    model.save_changes();
  };
  const back = turnButton("‹ Back", "Page before", () => turn(-1));
  const onward = turnButton("Next ›", "Next page", () => turn(1));
  const place = element("span", "drift-place");
  const pager = element("nav", "drift-pager");
  pager.setAttribute("aria-label", "Pages of conversations");
  pager.append(back, place, onward);

  const drawSelected = () => {
    const stops = [...body.querySelectorAll(".drift-lane")];
    const chosen = stops.find((stop) => stop.dataset.id === model.get("selected"));
    stops.forEach((stop) => {
      stop.setAttribute("aria-pressed", stop === chosen);
      stop.tabIndex = stop === (chosen ?? stops[0]) ? 0 : -1;
    });
  };
  const drawLanes = () => {
    const lanes = model.get("lanes");
    const colors = model.get("colors");
    const authors = model.get("author_colors");
    const held = body.contains(document.activeElement) ? document.activeElement.dataset.id : "";
    body.replaceChildren(...lanes.map((one) => lane(one, { colors, authors, tell, choose })));
    const used = Object.keys(colors).filter((status) => lanes.some((one) => one.bars.some((each) => each.status === status)));
    const wrote = Object.keys(authors).filter((kind) => lanes.some((one) => one.marks.some((each) => each.kind === kind)));
    keys.replaceChildren(
      ...used.map((status) => key(said(status), status === "closed" ? "drift-closed" : "", colors[status])),
      ...(lanes.some((one) => one.bars.some((each) => !each.certain)) ? [key("another status cannot be excluded", "drift-uncertain")] : []),
      ...(lanes.some((one) => one.open) ? [key(lanes.some((one) => one.more) ? "goes on; + says how long, not drawn" : "goes on", "drift-goes-on")] : []),
      ...wrote.map((kind) => key(`${kind} wrote`, `drift-by-${kind}`, authors[kind])),
    );
    axis.replaceChildren(
      ...model.get("ticks").map(({ at, text }) => {
        const tick = element("span", "drift-tick", text);
        tick.style.left = percent(at);
        return tick;
      }),
    );
    tell(lanes.length ? "Point at a stretch, or use the arrow keys, to read what it rests on; a click opens the conversation." : "");
    drawSelected();
    if (held) [...body.children].find((stop) => stop.dataset.id === held)?.focus();
  };
  const drawPager = () => {
    const [page, pages] = [model.get("page"), model.get("pages")];
    place.textContent = `Page ${page.toLocaleString("en")} of ${pages.toLocaleString("en")} · times in ${model.get("zone")}`;
    back.disabled = page <= 1;
    onward.disabled = page >= pages;
  };

  body.addEventListener("keydown", (event) => walk(event, body));
  model.on("change:lanes change:ticks", drawLanes);
  model.on("change:selected", drawSelected);
  model.on("change:page change:pages change:zone", drawPager);
  [drawLanes, drawPager].forEach((draw) => draw());

  el.classList.add("drift-lanes");
  el.dataset.lmSuppressShortcuts = "true"; // JupyterLab would take the arrow keys for itself
  el.append(keys, body, axis, info, pager);
}

export default { render };
