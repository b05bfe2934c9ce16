// Draws the table of all indicators from compact JSON; every text and colour comes with it. A click
// or Enter on a cell or on a column's head is told to the page, arrow keys go from cell to cell.

const made = (name, className = "", text = "") => {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
};

const headed = (text, scope, className) => {
  const head = made("th", className, text);
  head.scope = scope;
  return head;
};

const colours = ({ looks }) =>
  looks.map(({ ground, ink }, i) => `.rug .l${i}{background:${ground};color:${ink}}`).join("");

function keyed(document_) {
  const legend = made("div", "rug-legend");
  for (const { heading, entries } of document_.legend) {
    const part = made("span", "rug-key");
    part.append(made("span", "rug-muted", heading));
    for (const [look, sign, text] of entries) {
      const entry = made("span", "rug-entry");
      entry.append(made("span", `rug-swatch l${look}`, sign), text);
      part.append(entry);
    }
    legend.append(part);
  }
  return legend;
}

function topped({ corner, datasets, columns }) {
  const head = made("thead");
  const [groups, names] = [made("tr"), made("tr")];
  const first = headed(corner, "col", "rug-name");
  first.rowSpan = 2;
  groups.append(first);
  for (const { text, span } of datasets) {
    const cell = headed("", "colgroup", "rug-dataset");
    cell.colSpan = span;
    cell.append(made("span", "", text));
    cell.title = text; // it may be cut
    groups.append(cell);
  }
  columns.forEach(({ short, unit, turned }, i) => {
    const cell = headed("", "col", "rug-column");
    cell.append(made("span", "rug-short", short), made("span", "rug-unit", `${unit} ${turned}`));
    if (turned) cell.ariaSort = "other";
    cell.dataset.column = i;
    cell.tabIndex = -1;
    names.append(cell);
  });
  head.append(groups, names);
  return head;
}

function bodied({ sections, columns, looks }) {
  return sections.map(({ heading, rows }) => {
    const body = made("tbody");
    if (heading) {
      const line = made("tr");
      const cell = headed(heading, "rowgroup", "rug-heading");
      const rest = made("td", "rug-heading");
      rest.colSpan = columns.length;
      line.append(cell, rest);
      body.append(line);
    }
    rows.forEach(({ name, chosen, cells }, r) => {
      const line = made("tr", chosen ? "rug-chosen" : "");
      const head = headed(name, "row", "rug-name");
      head.title = name;
      line.append(head);
      line.dataset.row = r;
      cells.forEach(([text, look], i) => {
        const cell = made("td", `l${look}`);
        const { sign } = looks[look];
        if (sign) cell.append(made("span", "rug-sign", sign));
        cell.append(text);
        cell.dataset.column = i;
        cell.tabIndex = -1;
        line.append(cell);
      });
      body.append(line);
    });
    return body;
  });
}

// What a cell or head says in full.
function told(box, cell) {
  const { columns, sections } = box.wanted;
  const column = columns[cell.dataset.column];
  if (cell.tagName === "TH") return [column.full, column.told].join("\n");
  const row = rowOf(box, cell, sections);
  const [text, , hover] = row.cells[cell.dataset.column];
  return [`${row.name}  ${column.full}`, [text, hover].filter(Boolean).join("  ")].join("\n");
}

const rowOf = (box, cell, sections) => {
  const body = [...box.table.tBodies].indexOf(cell.closest("tbody"));
  return sections[body].rows[cell.parentNode.dataset.row];
};

function point(box, cell) {
  box.tip.textContent = told(box, cell);
  cell.ariaLabel = box.tip.textContent;
  box.tip.hidden = false;
  const [at, around, tip] = [cell, box, box.tip].map((node) => node.getBoundingClientRect());
  const left = Math.min(at.left - around.left, around.width - tip.width - 4);
  const above = at.top - around.top - tip.height - 4;
  box.tip.style.left = `${Math.max(0, left)}px`;
  box.tip.style.top = `${above < 0 ? at.bottom - around.top + 4 : above}px`;
}

function open(box, cell) {
  const column = box.wanted.columns[cell.dataset.column].id;
  if (cell.tagName === "TH") box.tell("sorted", column);
  else box.tell("opened", [column, rowOf(box, cell, box.wanted.sections).code].join("/"));
}

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

function press(box, event, cell) {
  if (event.key === "Enter" || event.key === " ") open(box, cell);
  else if (event.key in STEPS) {
    const [down, right] = STEPS[event.key];
    const lines = [...box.table.rows].filter((line) => line.querySelector("[data-column]"));
    const line = lines[lines.indexOf(cell.parentNode) + down];
    const next = line?.querySelector(`[data-column="${+cell.dataset.column + right}"]`);
    next?.focus();
    next?.scrollIntoView({ block: "nearest", inline: "nearest" });
  } else return;
  event.preventDefault();
}

function begun(parent) {
  const box = made("div", "rug");
  box.style_ = made("style");
  box.scroll = made("div", "rug-scroll");
  box.tip = made("div", "rug-tip");
  box.tip.hidden = true;
  const found = (event) => event.target.closest?.("[data-column]");
  const on = (name, act) =>
    box.scroll.addEventListener(name, (event) => found(event) && act(found(event), event));
  on("click", (cell) => open(box, cell));
  on("keydown", (cell, event) => press(box, event, cell));
  on("mouseover", (cell) => point(box, cell));
  on("focusin", (cell) => {
    const before = box.table.querySelector('[tabindex="0"]');
    if (before) before.tabIndex = -1; // one cell is reached with the tab key, the last one used
    cell.tabIndex = 0;
    point(box, cell);
  });
  for (const name of ["mouseleave", "focusout", "scroll"])
    box.scroll.addEventListener(name, () => (box.tip.hidden = true));
  parent.append(box);
  return box;
}

async function show({ parentElement, data, setTriggerValue }, unpacked) {
  const box = parentElement.querySelector(".rug") ?? begun(parentElement);
  box.tell = setTriggerValue;
  const turn = (box.turn = (box.turn ?? 0) + 1);
  const wanted = await unpacked(data);
  if (turn !== box.turn) return; // a newer table has come meanwhile
  box.wanted = wanted;
  box.tip.hidden = true;
  box.style_.textContent = colours(wanted);
  box.table = made("table", wanted.heads);
  box.table.append(topped(wanted), ...bodied(wanted));
  box.table.ariaLabel = wanted.title;
  const start = box.table.querySelector("td[data-column]");
  if (start) start.tabIndex = 0;
  box.scroll.replaceChildren(box.table);
  box.replaceChildren(
    box.style_,
    made("div", "rug-title", wanted.title),
    made("div", "rug-muted", wanted.subtitle),
    keyed(wanted),
    box.scroll,
    ...(wanted.note ? [made("div", "rug-note", wanted.note)] : []),
    made("div", "rug-muted", wanted.footer),
    box.tip,
  );
}

export default (component, unpacked) => {
  show(component, unpacked);
};
