/* A page of conversations as a real table. Every text becomes a text node, never markup. */

const HEADERS = { started: "Started", status: "Status", playbook: "Playbook", tags: "Tags", lasted: "Lasted" };
const FALLING = ["started", "tags", "lasted"]; // of these the greatest values come first at once

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function button(className, text, label, onClick) {
  const node = element("button", className, text);
  node.type = "button";
  node.setAttribute("aria-label", label);
  node.addEventListener("click", onClick);
  return node;
}

function tagChip({ name, color }) {
  const chip = element("span", "drift-tag");
  const dot = element("span", "drift-tag-dot");
  if (/^[0-9a-f]{6}$/i.test(color ?? "")) dot.style.backgroundColor = `#${color}`;
  chip.append(dot, element("span", "", name));
  chip.title = name;
  return chip;
}

function tagsCell(tags) {
  if (tags === null) return element("td", "drift-none", "not known");
  if (tags.length === 0) return element("td", "drift-none", "none");
  const cell = element("td");
  const line = element("div", "drift-tags");
  const [first, ...rest] = tags;
  line.append(tagChip(first));
  if (rest.length) {
    const more = element("span", "drift-more", `+${rest.length}`);
    more.title = rest.map((tag) => tag.name).join(", ");
    line.append(more);
  }
  cell.append(line);
  return cell;
}

function statusCell(status, colors) {
  const cell = element("td", "drift-status");
  const mark = element("span", "drift-mark");
  mark.style.backgroundColor = colors[status];
  cell.append(mark, element("span", "", status.replace("_", " ")));
  return cell;
}

function startedCell(row, select) {
  const label = `Conversation ${row.id}, started ${row.started}, ${row.status}: show transcript`;
  const cell = element("th");
  cell.scope = "row";
  cell.append(button("drift-open", row.started, label, () => select(row.id)));
  return cell;
}

function playbookCell({ playbook, has_playbook }) {
  const cell = element("td", has_playbook ? "drift-playbook" : "drift-none", playbook);
  cell.title = playbook;
  return cell;
}

function tableRow(row, colors, select) {
  const node = element("tr");
  node.dataset.id = row.id;
  const status = statusCell(row.status, colors);
  const lasted = element("td", "drift-lasted", row.lasted);
  node.append(startedCell(row, select), status, playbookCell(row), tagsCell(row.tags), lasted);
  node.addEventListener("click", () => select(row.id));
  return node;
}

/* One stop for the Tab key: the arrows walk through the rows, as in a list. */
function walk(event, body) {
  const stops = [...body.querySelectorAll(".drift-open")];
  const here = stops.indexOf(event.target);
  const last = stops.length - 1;
  const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: last }[event.key];
  if (here < 0 || to === undefined) return;
  event.preventDefault();
  const next = stops[Math.min(Math.max(to, 0), last)];
  stops.forEach((stop) => (stop.tabIndex = stop === next ? 0 : -1));
  next.focus();
}

function render({ model, el }) {
  const summary = element("div", "drift-summary");
  summary.setAttribute("role", "status");
  const advice = element("p", "drift-advice");

  const caption = element("caption", "drift-hidden", "Conversations");
  const heads = element("tr");
  const body = element("tbody");
  const head = element("thead");
  const table = element("table");
  head.append(heads);
  table.append(caption, head, body);
  const scroller = element("div", "drift-scroller");
  scroller.append(table, advice);

  const turn = (step) => {
    model.set("page", Math.min(Math.max(model.get("page") + step, 1), model.get("pages")));
    model.save_changes();
  };
  const select = (id) => {
    model.set("selected", id);
    model.save_changes();
  };
  const back = button("drift-turn", "‹ Back", "Page before", () => turn(-1));
  const onward = button("drift-turn", "Next ›", "Next page", () => turn(1));
  const place = element("span", "drift-place");
  const pager = element("nav", "drift-pager");
  pager.setAttribute("aria-label", "Pages of conversations");
  pager.append(back, place, onward);

  const sortBy = (name) => {
    const isOn = model.get("sort") === name;
    model.set("descending", isOn ? !model.get("descending") : FALLING.includes(name));
    model.set("sort", name);
    model.save_changes();
  };
  const headers = Object.entries(HEADERS).map(([name, title]) => {
    const cell = element("th");
    cell.scope = "col";
    const sort = button("drift-sort", "", `Sort by ${title.toLowerCase()}`, () => sortBy(name));
    cell.append(sort);
    heads.append(cell);
    return { name, title, cell, sort };
  });
  const drawHeads = () => {
    const falling = model.get("descending");
    for (const { name, title, cell, sort } of headers) {
      const isOn = model.get("sort") === name;
      const text = name === "started" ? `${title} (${model.get("zone")})` : title;
      sort.textContent = isOn ? `${text} ${falling ? "↓" : "↑"}` : text;
      cell.setAttribute("aria-sort", isOn ? (falling ? "descending" : "ascending") : "none");
    }
  };
  const drawSelected = () => {
    const rows = [...body.rows];
    const chosen = rows.find((row) => row.dataset.id === model.get("selected"));
    rows.forEach((row) => {
      row.toggleAttribute("aria-current", false);
      row.querySelector(".drift-open").tabIndex = -1;
    });
    chosen?.setAttribute("aria-current", "true");
    const stop = (chosen ?? rows[0])?.querySelector(".drift-open");
    if (stop) stop.tabIndex = 0;
  };
  const drawRows = () => {
    const colors = model.get("colors");
    body.replaceChildren(...model.get("rows").map((row) => tableRow(row, colors, select)));
    table.hidden = body.rows.length === 0;
    drawSelected();
  };
  const drawPager = () => {
    const [page, pages] = [model.get("page"), model.get("pages")];
    place.textContent = `Page ${page.toLocaleString("en")} of ${pages.toLocaleString("en")}`;
    back.disabled = page <= 1;
    onward.disabled = page >= pages;
    pager.hidden = pages <= 1;
  };
  const drawTexts = () => {
    summary.textContent = model.get("summary");
    advice.textContent = model.get("advice");
    advice.hidden = !model.get("advice");
  };

  body.addEventListener("keydown", (event) => walk(event, body));
  model.on("change:zone change:sort change:descending", drawHeads);
  model.on("change:rows", drawRows);
  model.on("change:selected", drawSelected);
  model.on("change:page change:pages", drawPager);
  model.on("change:summary change:advice", drawTexts);
  [drawHeads, drawRows, drawPager, drawTexts].forEach((draw) => draw());

  el.classList.add("drift-table");
  el.dataset.lmSuppressShortcuts = "true"; // JupyterLab would take the arrow keys for itself
  el.append(summary, scroller, pager);
  return followWidth(el);
}

/* Vega looks at the width of its place only when the window changes, but a widget is drawn before
   it has one, and a side bar changes it too. */
function followWidth(el) {
  let width = 0;
  const observer = new ResizeObserver(() => {
    if (el.clientWidth === width) return;
    width = el.clientWidth;
    window.dispatchEvent(new Event("resize"));
  });
  observer.observe(el);
  return () => observer.disconnect();
}

export default { render };
