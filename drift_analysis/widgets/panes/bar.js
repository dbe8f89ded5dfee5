/* What is on, and what can be done with it. Every text becomes a text node, never markup. */

const SAVES = { chart: "Chart (PNG)", csv: "Rows (CSV)", parquet: "Rows (Parquet)", ids: "Ids" };

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function button(text, label, onClick) {
  const node = element("button", "drift-do", text);
  node.type = "button";
  node.setAttribute("aria-label", label);
  node.addEventListener("click", onClick);
  return node;
}

function menu(label, onChoose) {
  const node = element("select", "drift-menu");
  node.setAttribute("aria-label", label);
  node.addEventListener("change", () => {
    if (node.value) onChoose(node.value);
    node.value = "";
  });
  return node;
}

function fill(node, first, choices) {
  const options = [["", first], ...choices].map(([value, text]) => {
    const option = element("option", "", text);
    option.value = value;
    return option;
  });
  node.replaceChildren(...options);
}

function chip({ name, text, without }, ask) {
  const node = element("span", "drift-chip");
  const more = without.toLocaleString("en");
  node.append(element("span", "", text), element("span", "drift-without", `${more} without`));
  node.append(button("×", `Turn off ${text}; ${more} without it`, () => ask("off", name)));
  return node;
}

/* Where the clipboard is not to be had, the code is selected, so that a key copies it. */
async function copy(text, place) {
  try {
    await navigator.clipboard.writeText(text);
    return "The code was copied.";
  } catch {
    place.parentElement.open = true;
    const range = document.createRange();
    range.selectNodeContents(place);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    return "The code is selected: copy it with Ctrl+C.";
  }
}

function render({ model, el }) {
  const ask = (what, which = "") => model.send({ do: what, what: which });
  const chips = element("div", "drift-chips");
  chips.setAttribute("aria-label", "Filters that are on");
  chips.setAttribute("role", "group");
  const undo = button("Undo", "Undo the last change", () => ask("undo"));

  const views = menu("Show a saved view", (name) => ask("show", name));
  const name = element("input", "drift-name");
  name.placeholder = "Name of the view";
  name.setAttribute("aria-label", "Name of the view");
  const keep = button("Save view", "Save this view under the name", () => {
    if (name.value.trim()) ask("keep", name.value.trim());
    name.value = "";
  });
  name.addEventListener("keydown", (event) => event.key === "Enter" && keep.click());

  const saves = menu("Save to a file", (what) => ask("save", what));
  fill(saves, "Save …", Object.entries(SAVES));

  const said = element("span", "drift-said");
  said.setAttribute("role", "status");
  const details = element("details", "drift-code");
  const code = element("pre");
  code.tabIndex = 0;
  details.append(element("summary", "", "Code of this view"), code);
  const copied = button("Copy as code", "Copy the code of this view", async () => {
    said.textContent = await copy(model.get("code"), code);
  });

  const drawChips = () => {
    const none = element("span", "drift-quiet", "No filter is on.");
    const on = model.get("chips").map((one) => chip(one, ask));
    chips.replaceChildren(...(on.length ? on : [none]));
  };
  const drawViews = () => {
    const names = model.get("views");
    fill(views, names.length ? "Views …" : "No views yet", names.map((one) => [one, one]));
    views.disabled = names.length === 0;
  };
  const draw = () => {
    undo.disabled = !model.get("can_undo");
    code.textContent = model.get("code");
    said.textContent = model.get("said");
  };
  model.on("change:chips", drawChips);
  model.on("change:views", drawViews);
  model.on("change:can_undo change:code change:said", draw);
  [drawChips, drawViews, draw].forEach((each) => each());

  const line = element("div", "drift-line");
  line.append(undo, views, name, keep, copied, saves, said);
  el.classList.add("drift-bar");
  el.dataset.lmSuppressShortcuts = "true"; // JupyterLab would take the keys for itself
  el.append(chips, line, details);
}

export default { render };
