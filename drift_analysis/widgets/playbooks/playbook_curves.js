/* Falling step curves with bands, and how many are left. Every text becomes a text node. */

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, ROW] = [440, 210, 46, 14, 8, 15];
const DASHES = ["", "6 3"];

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function shape(tag, attributes, text) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

const x = (at) => LEFT + at * (WIDTH - LEFT - RIGHT);
const y = (share) => TOP + (1 - share) * HEIGHT;

function steps(points, column) {
  const parts = [];
  let last = null;
  for (const point of points) {
    if (point[column] === null) continue;
    if (last === null) parts.push(`M${x(point[0])},${y(point[column])}`);
    else parts.push(`H${x(point[0])}V${y(point[column])}`);
    last = point;
  }
  return parts.join("");
}

function band(points) {
  const known = points.filter((point) => point[2] !== null && point[3] !== null);
  if (known.length < 2) return "";
  const corners = [];
  known.forEach(([at, , low], place) => {
    if (place) corners.push([x(at), y(known[place - 1][2])]);
    corners.push([x(at), y(low)]);
  });
  const back = [];
  known.forEach(([at, , , high], place) => {
    if (place) back.push([x(at), y(known[place - 1][3])]);
    back.push([x(at), y(high)]);
  });
  return `M${[...corners, ...back.reverse()].map((each) => each.join(",")).join("L")}Z`;
}

function axes(svg, ticks) {
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    const kind = share === 0.5 ? "drift-line drift-half" : "drift-line";
    svg.append(shape("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(share), y2: y(share), class: kind }));
    svg.append(shape("text", { x: LEFT - 6, y: y(share) + 4, "text-anchor": "end" }, `${share * 100} %`));
  }
  for (const { at, text } of ticks) {
    svg.append(shape("text", { x: x(at), y: TOP + HEIGHT + 16, "text-anchor": "middle" }, text));
  }
}

function picture({ heading, sentence, ticks, series }) {
  const figure = element("figure", "drift-curves-one");
  const title = element("div", "drift-heading", heading);
  title.setAttribute("role", "heading");
  title.setAttribute("aria-level", "4");
  const foot = TOP + HEIGHT + 24;
  const height = foot + ROW * (series.length + 1) + 4;
  const svg = shape("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": `${heading}. ${sentence}` });
  axes(svg, ticks);
  series.forEach(({ color, points, half }, place) => {
    svg.append(shape("path", { d: band(points), fill: color, opacity: 0.18 }));
    svg.append(
      shape("path", { d: steps(points, 1), fill: "none", stroke: color, "stroke-width": 2, "stroke-dasharray": DASHES[place] }),
    );
    if (half !== null) svg.append(shape("circle", { cx: x(half), cy: y(0.5), r: 4.5, fill: color }));
  });
  svg.append(shape("text", { x: 0, y: foot + ROW - 3, class: "drift-quiet" }, "Still on:"));
  series.forEach(({ color }, place) => {
    const at = foot + ROW * (place + 2) - 3;
    svg.append(shape("line", { x1: 4, x2: 24, y1: at - 4, y2: at - 4, stroke: color, "stroke-width": 2.5, "stroke-dasharray": DASHES[place] }));
    for (const tick of ticks) {
      svg.append(shape("text", { x: x(tick.at), y: at, "text-anchor": "middle", class: "drift-quiet" }, tick.left[place]));
    }
  });
  const key = element("div", "drift-key");
  series.forEach(({ name, color }, place) => {
    const one = element("span", "drift-key-one");
    const mark = shape("svg", { viewBox: "0 0 26 10", class: "drift-key-mark", "aria-hidden": "true" });
    mark.append(shape("line", { x1: 1, x2: 25, y1: 5, y2: 5, stroke: color, "stroke-width": 3, "stroke-dasharray": DASHES[place] }));
    one.append(mark, element("span", "", name));
    key.append(one);
  });
  figure.append(title);
  if (series.length) figure.append(key, svg);
  figure.append(element("figcaption", "", sentence));
  return figure;
}

function render({ model, el }) {
  const draw = () => el.replaceChildren(...model.get("panels").map(picture));
  model.on("change:panels", draw);
  draw();
  el.classList.add("drift-curves");
}

export default { render };
