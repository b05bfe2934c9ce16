// Draws the profile of a county from compact JSON: a table whose rows hold a spine and a small trend.
// A click or Enter on a row is told to the page; every text and colour comes with the data.

const MANY = 40; // rows that fit a sheet only in small print
const SVG = "http://www.w3.org/2000/svg";

const made = (name, className = "", text = "") => {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
};

const drawn = (name, attributes) => {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
};

const canvas = (width, height, className) =>
  drawn("svg", { viewBox: `0 0 ${width} ${height}`, class: className, preserveAspectRatio: "none", "aria-hidden": "true" });

// Lengths along a spine are percent, so that it takes whatever room the column has.
function spine(marks, fill) {
  const svg = drawn("svg", { class: "profile-spine", "aria-hidden": "true" });
  if (!marks) return svg;
  const { low, first, middle, third, high, own, region, province } = marks;
  const bar = (a, b, y, height, className) =>
    a === undefined ||
    svg.append(
      drawn("rect", {
        x: `${Math.min(a, b)}%`,
        width: `${Math.max(Math.abs(b - a), 0.6)}%`,
        y,
        height,
        class: className,
      }),
    );
  bar(low, high, 6, 6, "profile-range");
  bar(first, third, 4, 10, "profile-half");
  const tick = (x, className) =>
    x === undefined || svg.append(drawn("line", { x1: `${x}%`, x2: `${x}%`, y1: 2, y2: 16, class: className }));
  tick(middle, "profile-middle");
  tick(province, "profile-province");
  const at = (x, shape) => {
    const place = drawn("svg", { x: `${x}%`, overflow: "visible" });
    place.append(shape);
    svg.append(place);
  };
  if (region !== undefined) at(region, drawn("path", { d: "M0 4L4.5 9L0 14L-4.5 9Z", class: "profile-region" }));
  if (own !== undefined) at(own, drawn("circle", { cx: 0, cy: 9, r: 5.5, fill, class: "profile-own" }));
  return svg;
}

function spark(points) {
  const svg = canvas(100, 100, "profile-spark");
  if (!points.length) return svg;
  const places = points.map(([x, y]) => `${x},${90 - 0.8 * y}`).join(" ");
  svg.append(drawn("polyline", { points: places, "vector-effect": "non-scaling-stroke" }));
  return svg;
}

function legend({ key, looks, region }) {
  const line = made("div", "profile-key");
  const entry = (text, marks, fill) => {
    const part = made("span", "profile-entry");
    if (marks) {
      const svg = spine(marks, fill);
      svg.classList.add("profile-swatch");
      part.append(svg);
    }
    part.append(text);
    line.append(part);
  };
  entry(key.own, { own: 50 }, looks.none.fill);
  entry(key.peers, { low: 5, high: 95 });
  entry(key.half, { first: 15, third: 85 });
  entry(key.middle, { middle: 50 });
  entry(region, { region: 50 });
  entry(key.province, { province: 50 });
  entry(key.better);
  return line;
}

function headed({ heads }) {
  const head = made("thead");
  const row = made("tr");
  for (const [name, text] of Object.entries(heads)) {
    const cell = made("th", `profile-${name}`, text);
    cell.scope = "col";
    row.append(cell);
  }
  head.append(row);
  return head;
}

function rowOf(row, { looks, judged, flag }) {
  const line = made("tr");
  line.dataset.id = row.id;
  line.tabIndex = 0;
  line.title = row.hover;
  const name = made("th", "profile-indicator", row.name);
  name.scope = "row";
  const value = made("td", "profile-value", row.value);
  const sign = made("span", "profile-sign", row.sign);
  sign.style.color = looks[row.look].ink;
  value.append(sign);
  if (row.doubt) {
    const doubt = made("span", "profile-flag", flag);
    doubt.title = row.doubt;
    doubt.role = "img";
    doubt.ariaLabel = row.doubt;
    value.append(doubt);
  }
  const drawing = made("td", "profile-spine-cell");
  drawing.append(spine(row.spine, looks[row.look].fill));
  const trend = made("td", "profile-trend");
  const mark = made("span", "profile-arrow", row.trend);
  if (judged[row.judged]) mark.style.color = judged[row.judged];
  trend.append(spark(row.line), mark);
  line.append(
    name,
    value,
    made("td", "profile-target", row.target),
    made("td", "profile-peers", row.peers),
    made("td", "profile-scope", row.scope),
    drawing,
    trend,
  );
  return line;
}

function bodies(document_) {
  const columns = Object.keys(document_.heads).length;
  return document_.groups.map(({ name, last, rows }) => {
    const body = made("tbody");
    // The name of the dataset stands beside its rows, on a narrow screen above them
    const head = made("tr", "profile-group");
    const above = made("th", "", name);
    above.colSpan = columns;
    above.append(made("span", "profile-last", last));
    head.append(above);
    const beside = made("th", "profile-dataset", name);
    beside.rowSpan = rows.length;
    beside.append(made("div", "profile-last", last));
    for (const cell of [above, beside]) cell.scope = "rowgroup";
    const lines = rows.map((row) => rowOf(row, document_));
    lines[0].prepend(beside);
    body.append(head, ...lines);
    return body;
  });
}

function begun(parent) {
  const box = made("div", "profile");
  const told = (event) => {
    const row = event.target.closest("tr[data-id]");
    if (row) box.tell("opened", row.dataset.id);
  };
  box.addEventListener("click", told);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") told(event);
  });
  parent.append(box);
  return box;
}

async function show({ parentElement, data, setTriggerValue }, unpacked) {
  const box = parentElement.querySelector(".profile") ?? begun(parentElement);
  box.tell = setTriggerValue;
  const turn = (box.turn = (box.turn ?? 0) + 1);
  const wanted = await unpacked(data);
  if (turn !== box.turn) return; // a newer one has come meanwhile
  const many = wanted.groups.flatMap(({ rows }) => rows).length > MANY;
  const table = made("table", many ? "profile-dense" : "");
  table.ariaLabel = wanted.title;
  table.append(headed(wanted), ...bodies(wanted));
  const top = made("div", "profile-top");
  const print = made("button", "profile-print", wanted.print);
  print.type = "button";
  print.addEventListener("click", () => window.print());
  top.append(made("div", "profile-title", wanted.title), print);
  box.replaceChildren(
    top,
    made("div", "profile-muted", wanted.subtitle),
    legend(wanted),
    table,
    ...(wanted.note ? [made("div", "profile-note", wanted.note)] : []),
    made("div", "profile-muted", wanted.footer),
  );
}

export default (component, unpacked) => {
  show(component, unpacked);
};
