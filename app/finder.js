// A field that finds counties, indicators and pages as one types, and a button that copies a link to
// what is seen. The list is fetched once; what is picked is told to the page.

const MOST = 8;
const lists = {};

const listOf = ({ entries, index }) =>
  entries ?? (lists[index] ??= fetch(new URL(index, document.baseURI)).then((answer) => answer.json()));

const plain = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

// 0 for an entry written just so, more for a worse fit
function fit(entry, wanted) {
  let best = Infinity;
  entry.keys.forEach((key, place) => {
    if (key === wanted) best = Math.min(best, 0);
    else if (key.startsWith(wanted)) best = Math.min(best, 1);
    else if (wanted.length > 1 && key.includes(wanted)) best = Math.min(best, 2 + place / 100);
  });
  return best;
}

export function found(entries, text) {
  const wanted = plain(text);
  if (!wanted) return [];
  return entries
    .map((entry, place) => ({ entry, place, fit: fit(entry, wanted) }))
    .filter((one) => one.fit < Infinity)
    .sort((a, b) => a.fit - b.fit || a.place - b.place)
    .slice(0, MOST)
    .map((one) => one.entry);
}

const made = (name, className = "", text = "") => {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
};

function choose(box, place) {
  box.at = place;
  [...box.list.children].forEach((item, i) => {
    item.ariaSelected = String(i === place);
    if (i === place) item.scrollIntoView({ block: "nearest" });
  });
  box.field.setAttribute("aria-activedescendant", place < 0 ? "" : `finder-${place}`);
}

async function listed(box) {
  const { texts } = box.wanted;
  const text = box.field.value;
  const entries = await listOf(box.wanted);
  if (text !== box.field.value) return; // typed on meanwhile
  box.found = found(entries, text);
  box.list.replaceChildren(
    ...box.found.map((entry, place) => {
      const item = made("li");
      item.id = `finder-${place}`;
      item.role = "option";
      const name = made("span", "finder-name", entry.name);
      const note = [texts[entry.kind], entry.note].filter(Boolean).join(" · ");
      item.append(name, made("span", "finder-note", note));
      item.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        pick(box, entry);
      });
      return item;
    }),
  );
  if (plain(text) && !box.found.length) box.list.append(made("li", "finder-none", texts.none));
  open(box, Boolean(plain(text)));
  choose(box, box.found.length ? 0 : -1);
}

function open(box, wanted) {
  box.list.hidden = !wanted;
  box.field.ariaExpanded = String(wanted);
}

function pick(box, entry) {
  if (!entry) return;
  box.field.value = "";
  open(box, false);
  box.field.blur();
  box.tell("picked", `${entry.kind}/${entry.id}`);
}

function pressed(box, event) {
  if (event.isComposing) return; // Enter ends a word of an input method
  const count = box.found?.length ?? 0;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && count) choose(box, (box.at + step + count) % count);
  else if (event.key === "Enter") pick(box, box.found?.[box.at]);
  else if (event.key === "Escape") {
    box.field.value = "";
    open(box, false);
  } else return;
  event.preventDefault();
}

// The address with all that is chosen; what a page has put there without the server goes before it.
function address({ link }) {
  const url = new URL(location.href);
  const query = new URLSearchParams(link);
  url.searchParams.forEach((value, key) => query.set(key, value));
  url.search = query;
  return url.href;
}

async function copied(box) {
  const { texts } = box.wanted;
  const url = address(box.wanted);
  let done = false;
  if (navigator.clipboard && isSecureContext) {
    done = await navigator.clipboard.writeText(url).then(() => true, () => false);
  }
  if (!done) {
    // plain http on an intranet has no clipboard of its own
    const text = made("textarea", "finder-hidden", url);
    document.body.append(text);
    text.select();
    done = document.execCommand("copy");
    text.remove();
  }
  if (done) {
    box.told.textContent = texts.copied;
    box.told.hidden = false;
    clearTimeout(box.timer);
    box.timer = setTimeout(() => (box.told.hidden = true), 2500);
  } else prompt(texts.by_hand, url);
}

function begun(parent) {
  const box = made("div", "finder");
  box.search = made("div", "finder-search");
  box.search.role = "search";
  box.field = made("input", "finder-field");
  Object.assign(box.field, { type: "search", autocomplete: "off", spellcheck: false });
  box.field.role = "combobox";
  box.field.ariaExpanded = "false";
  box.field.setAttribute("aria-controls", "finder-list");
  box.field.ariaAutoComplete = "list";
  box.list = made("ul", "finder-list");
  box.list.id = "finder-list";
  box.list.role = "listbox";
  box.list.hidden = true;
  box.field.addEventListener("input", () => listed(box));
  box.field.addEventListener("focus", () => listOf(box.wanted));
  box.field.addEventListener("blur", () => open(box, false));
  box.field.addEventListener("keydown", (event) => pressed(box, event));
  box.search.append(box.field, box.list);
  box.copy = made("button", "finder-copy");
  box.copy.type = "button";
  box.copy.innerHTML =
    '<svg viewBox="0 0 24 24" width="16" height="16" aria-hidden="true" fill="none" ' +
    'stroke="currentColor" stroke-width="2" stroke-linecap="round"><path d="M10 13a5 5 0 0 0 7.5.5l3-3a5 5 0 0 0-7-7l-1.7 1.7"/>' +
    '<path d="M14 11a5 5 0 0 0-7.5-.5l-3 3a5 5 0 0 0 7 7l1.7-1.7"/></svg>';
  box.copy.append(made("span", "finder-word"));
  box.copy.addEventListener("click", () => copied(box));
  box.told = made("div", "finder-told");
  box.told.role = "status";
  box.told.hidden = true;
  box.append(box.search, box.copy, box.told);
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, [contenteditable=true], [role=combobox]");
    if (event.key === "/" && !typing && box.isConnected) {
      event.preventDefault();
      box.field.focus();
    }
  });
  parent.append(box);
  return box;
}

// A server that was started again knows nothing of the page until it runs, and what is chosen first
// would be lost: the page is run as soon as the connection is back, and takes no click before.
const QUIET = 5000; // ms after which nothing is waited for
let watched;

function watch(app, again) {
  if (!app || watched === app) return;
  watched = app;
  const marks = document.documentElement.dataset;
  let ran = false, waiting;
  const back = () => {
    delete marks.away;
    clearTimeout(waiting);
    waiting = undefined;
  };
  new MutationObserver(() => {
    const running = app.dataset.testScriptState !== "notRunning";
    if (app.dataset.testConnectionState !== "CONNECTED") {
      back();
      marks.away = "";
      ran = false;
    } else if ("away" in marks) {
      if (!waiting) {
        waiting = setTimeout(back, QUIET);
        again();
      }
      ran ||= running;
      if (ran && !running) back();
    }
  }).observe(app, {
    attributeFilter: ["data-test-connection-state", "data-test-script-state"],
  });
}

export default ({ parentElement, data, setTriggerValue }) => {
  const box = parentElement.querySelector(".finder") ?? begun(parentElement);
  watch(document.querySelector("[data-testid=stApp]"), () => {
    document.querySelector(".finder")?.tell("returned", true);
  });
  box.wanted = data;
  box.tell = setTriggerValue;
  box.field.placeholder = data.texts.prompt;
  box.field.ariaLabel = data.texts.label;
  box.list.ariaLabel = data.texts.label;
  box.copy.title = data.texts.copy;
  box.copy.ariaLabel = data.texts.copy;
  box.copy.querySelector(".finder-word").textContent = data.texts.copy;
};
