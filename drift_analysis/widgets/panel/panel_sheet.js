/* A heading, sentences and a table. Every text becomes a text node, never markup. */

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 180;

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function shape(tag, attributes) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

/* A dot and its interval on the axis of the column; the text beside it says the same. */
function interval({ at, lo, hi, hollow }, { low, high, zero }) {
  const place = (value) => 6 + ((value - low) / (high - low)) * (WIDTH - 12);
  const svg = shape("svg", { viewBox: `0 0 ${WIDTH} 18`, class: "drift-interval", "aria-hidden": "true" });
  if (zero !== undefined && zero !== null) {
    svg.append(shape("line", { x1: place(zero), x2: place(zero), y1: 0, y2: 18, class: "drift-zero" }));
  }
  svg.append(shape("line", { x1: place(lo), x2: place(hi), y1: 9, y2: 9, class: "drift-reach" }));
  const look = hollow ? "drift-dot drift-hollow" : "drift-dot";
  svg.append(shape("circle", { cx: place(at), cy: 9, r: 4.5, class: look }));
  return svg;
}

function fill(node, cell, column) {
  if (typeof cell === "string") {
    node.append(element("span", "", cell));
    return;
  }
  if (Number.isFinite(cell.at) && Number.isFinite(cell.lo) && Number.isFinite(cell.hi)) {
    node.append(interval(cell, column));
  }
  node.append(element("span", "drift-said", cell.text));
}

function tableRow({ key, cells }, columns, choose) {
  const node = element("tr");
  cells.forEach((cell, place) => {
    const column = columns[place];
    const box = element(place === 0 ? "th" : "td", `drift-${column.kind}`);
    if (place === 0) box.scope = "row";
    if (place === 0 && key) {
      const button = element("button", "drift-open");
      button.type = "button";
      fill(button, cell, column);
      button.addEventListener("click", (event) => {
        event.stopPropagation();
        choose(key);
      });
      box.append(button);
    } else {
      fill(box, cell, column);
    }
    node.append(box);
  });
  if (key) {
    node.dataset.key = key;
    node.addEventListener("click", () => choose(key));
  }
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
  const heading = element("div", "drift-heading");
  heading.setAttribute("role", "heading");
  heading.setAttribute("aria-level", "3");
  const words = element("div", "drift-words");
  words.setAttribute("role", "status");
  const caption = element("caption", "drift-hidden");
  const heads = element("tr");
  const head = element("thead");
  const body = element("tbody");
  const table = element("table");
  head.append(heads);
  table.append(caption, head, body);
  const scroller = element("div", "drift-scroller");
  scroller.append(table);
  const note = element("p", "drift-note");

  const choose = (key) => {
    model.set("selected", model.get("selected") === key ? "" : key);
    model.save_changes();
  };
  const drawWords = () => {
    heading.textContent = caption.textContent = model.get("heading");
    heading.hidden = !model.get("heading");
    words.replaceChildren(...model.get("sentences").map((text) => element("p", "", text)));
    note.textContent = model.get("note");
    note.hidden = !model.get("note");
  };
  const drawSelected = () => {
    const rows = [...body.rows];
    const chosen = rows.find((row) => row.dataset.key && row.dataset.key === model.get("selected"));
    for (const row of rows) {
      row.toggleAttribute("aria-current", false);
      for (const stop of row.querySelectorAll(".drift-open")) stop.tabIndex = -1;
    }
    chosen?.setAttribute("aria-current", "true");
    const stop = (chosen ?? body).querySelector(".drift-open");
    if (stop) stop.tabIndex = 0;
  };
  const drawTable = () => {
    const columns = model.get("columns");
    const rows = model.get("rows");
    heads.replaceChildren(
      ...columns.map(({ title, kind }) => {
        const cell = element("th", `drift-${kind}`, title);
        cell.scope = "col";
        return cell;
      }),
    );
    const held = body.contains(document.activeElement) ? document.activeElement.closest("tr").dataset.key : "";
    body.replaceChildren(...rows.map((row) => tableRow(row, columns, choose)));
    scroller.hidden = rows.length === 0;
    drawSelected();
    if (held) [...body.rows].find((row) => row.dataset.key === held)?.querySelector(".drift-open").focus();
  };

  body.addEventListener("keydown", (event) => walk(event, body));
  model.on("change:heading change:sentences change:note", drawWords);
  model.on("change:columns change:rows", drawTable);
  model.on("change:selected", drawSelected);
  [drawWords, drawTable].forEach((draw) => draw());

  el.classList.add("drift-sheet");
  el.dataset.lmSuppressShortcuts = "true"; // JupyterLab would take the arrow keys for itself
  el.append(heading, words, scroller, note);
}

export default { render };
