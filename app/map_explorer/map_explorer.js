// Draws a map whose quarters have all come at once: the slider and the play button change the
// standing figure in place and ask the server for nothing. Every text comes with the quarters. The
// quarter shown is kept in the address, where the server reads nothing of it.

const PACE = 900; // ms between quarters in play
const STILL = matchMedia("(prefers-reduced-motion: reduce)");
const boxes = new Set();
let library;

const made = (name, className) => {
  const node = document.createElement(name);
  node.className = className;
  return node;
};

// ------------------------------------------------------------------ the quarter in the address

// Where each slider is, and where it started from. Streamlit may write an address that it knows from
// before: only the first map of a visit is asked for by the address, or one that was gone back to.
const places = new Map();

function asked({ key, frames, start }) {
  const found = (period) => frames.findIndex((frame) => frame.period === period);
  const place = places.get(key);
  const given = place ? place.start === start && place.period : new URL(location).searchParams.get(key);
  return found(given) < 0 ? Math.max(0, found(start)) : found(given);
}

function keep() {
  const shown = [...boxes].filter((box) => box.isConnected);
  if (!shown.length) return; // another page by now
  const url = new URL(location);
  for (const [key, { period, start }] of places) {
    const here = shown.some(({ wanted }) => wanted.arrangement === "slider" && wanted.key === key);
    if (here && period !== start) url.searchParams.set(key, period);
    else url.searchParams.delete(key);
  }
  // Streamlit's own entry stays: its state goes with it
  if (url.href !== location.href) history.replaceState(history.state, "", url);
}

let keeping;
function keepSoon() {
  clearTimeout(keeping); // browsers allow so many changes of the address in a time
  keeping = setTimeout(keep, 150);
}

STILL.addEventListener("change", () => boxes.forEach((box) => stop(box)));

addEventListener("popstate", () => {
  places.clear();
  for (const box of boxes) if (box.wanted.arrangement === "slider") turn(box, asked(box.wanted));
});

// ------------------------------------------------------------------ the figure of a quarter

function traces(wanted, frame, geo, { legend, wide }) {
  const { codes, words, parts } = wanted;
  const among = (place) => [...codes.keys()].filter((i) => frame.index[i] === place);
  // a legend keeps its entries: plotly.js leaves out what has no area at all
  const filled = (list) => (list.length ? list : ["-"]);
  const drawn = wanted.traces.map(({ trace, class: place, over, ramp }) => {
    if (over !== undefined) {
      const locations = filled(among(over).flatMap((i) => parts?.[codes[i]] ?? [codes[i]]));
      return { ...trace, locations, z: locations.map(() => 1), geo };
    }
    if (place === undefined) return { ...trace, geo };
    const inside = among(place);
    const locations = filled(inside.map((i) => codes[i]));
    return {
      ...trace,
      locations,
      z: locations.map((_, k) => (ramp ? (frame.z[inside[k]] ?? null) : 1)),
      customdata: inside.map((i) => frame.told.map((column) => words[column[i]])),
      name: frame.names[place],
      showlegend: legend && trace.showlegend,
      showscale: legend && trace.showscale,
      geo,
    };
  });
  return [...drawn, ...wanted.outline.map((trace) => ({ ...trace, geo })), { ...wanted.labels[wide], geo }];
}

// The frame of a map within the figure, as shares of its plot.
const domain = (x, y, width, height) => ({ x: [x, x + width], y: [1 - y - height, 1 - y] });

function figure(box) {
  const { wanted, at } = box;
  const width = box.clientWidth;
  const wide = width >= wanted.widths[1] + 20 ? 1 : 0;
  const grid = wanted.arrangement === "grid";
  const { annotations, t, b } = wanted.lettering[wide][grid ? 0 : at];
  const layout = { ...wanted.layout, width, margin: { l: 0, r: 0, t, b, pad: 0 } };
  const most = Math.max(320, Math.min(640, innerHeight - 450)); // whole on one screen
  let [data, plot] = [[], Math.min(most, Math.max(230, width * wanted.shape))];
  if (grid) {
    const across = Math.min(wanted.frames.length, width < 560 ? 2 : 4);
    const down = Math.ceil(wanted.frames.length / across);
    const head = 20;
    const one = Math.min(420, (width / across) * wanted.shape) + head;
    plot = one * down;
    layout.annotations = [...annotations];
    wanted.frames.forEach((frame, i) => {
      const [x, y] = [(i % across) / across, Math.floor(i / across) / down];
      const name = i ? `geo${i + 1}` : "geo";
      layout[name] = { ...wanted.geo, domain: domain(x, y + head / plot, 1 / across - 0.004, (one - head) / plot) };
      layout.annotations.push({
        text: `<b>${frame.heading}</b>`, font: wanted.heading, showarrow: false, borderpad: 0,
        x, xref: "paper", xanchor: "left", y: 1 - y, yref: "paper", yanchor: "top", xshift: 3,
      });
      const shown = traces(wanted, frame, name, { legend: i === 0, wide: 0 });
      data.push(...(across * 300 > width ? shown.slice(0, -1) : shown)); // no names on small maps
    });
  } else {
    layout.annotations = annotations;
    layout.geo = wanted.geo;
    data = traces(wanted, wanted.frames[at], "geo", { legend: true, wide });
  }
  layout.height = Math.round(t + plot + b);
  layout.legend = { ...wanted.layout.legend, y: -wanted.drop / plot };
  return { data, layout };
}

// One drawing at a time, and after it what has been asked for meanwhile.
function draw(box) {
  box.again = true;
  box.drawing ??= (async () => {
    const Plotly = await library(box.wanted.library);
    while (box.again && box.isConnected) {
      box.again = false;
      const { data, layout } = figure(box);
      const frame = box.wanted.frames[box.at];
      box.style.height = `${layout.height}px`;
      box.ariaLabel = frame.alt;
      // by the same object, or plotly.js would draw from nothing
      Object.assign(box.config.toImageButtonOptions, {
        filename: frame.file,
        width: layout.width,
        height: layout.height,
        scale: 3200 / layout.width,
      });
      await Plotly.react(box, data, layout, box.config);
      box.dataset.period = frame.period;
      if (box.listening) continue;
      box.listening = true;
      box.on("plotly_click", ({ points }) => {
        const code = points.map((point) => point.customdata?.[0]).find(Boolean);
        if (code) box.tell("picked", code);
      });
    }
    box.drawing = undefined;
  })();
  return box.drawing;
}

// ------------------------------------------------------------------ the slider

function turn(box, at) {
  const { frames, key, start } = box.wanted;
  box.at = at;
  places.set(key, { period: frames[at].period, start });
  box.slider.value = at;
  box.slider.setAttribute("aria-valuetext", `${frames[at].label} ${frames[at].alt}`);
  box.shown.textContent = frames[at].label;
  keepSoon();
  return draw(box);
}

function stop(box) {
  clearTimeout(box.timer);
  box.playing = false;
  name(box);
}

function name(box) {
  const { texts } = box.wanted;
  const [sign, text] = STILL.matches
    ? ["⏭", texts.next]
    : box.playing
      ? ["❚❚", texts.pause]
      : ["▶", texts.play];
  box.button.textContent = `${sign} ${text}`;
  box.button.ariaLabel = text;
  box.shown.ariaLive = box.playing ? "off" : "polite";
}

async function step(box) {
  const last = box.wanted.frames.length - 1;
  if (!box.playing || !box.isConnected) return;
  await turn(box, Math.min(last, box.at + 1));
  if (box.at >= last) stop(box);
  else if (box.playing) box.timer = setTimeout(step, PACE, box);
}

function press(box) {
  const last = box.wanted.frames.length - 1;
  if (STILL.matches) {
    turn(box, box.at >= last ? 0 : box.at + 1); // a step for each press, no motion of its own
  } else if (box.playing) {
    stop(box);
  } else {
    box.playing = true;
    name(box);
    const begun = box.at >= last ? turn(box, 0) : Promise.resolve();
    begun.then(() => (box.timer = setTimeout(step, box.at ? 0 : PACE, box)));
  }
}

// ------------------------------------------------------------------ in the page

function begun(parent) {
  const [around, bar] = [made("div", "map-explorer"), made("div", "map-explorer-bar")];
  const box = made("div", "map-explorer-figure");
  box.role = "img";
  box.bar = bar;
  box.button = made("button", "");
  box.button.type = "button";
  box.slider = made("input", "");
  box.slider.type = "range";
  box.shown = made("output", "");
  box.button.addEventListener("click", () => press(box));
  box.slider.addEventListener("input", () => {
    stop(box);
    turn(box, +box.slider.value);
  });
  bar.append(box.button, box.slider, box.shown);
  around.append(bar, box);
  parent.append(around);
  let width;
  new ResizeObserver(() => {
    if (!box.wanted || !box.clientWidth || box.clientWidth === width) return;
    if (width !== undefined) draw(box);
    width = box.clientWidth;
  }).observe(box);
  return box;
}

async function show({ parentElement, data, setTriggerValue }, { unpacked, plotly }) {
  library = plotly;
  const box = parentElement.querySelector(".map-explorer-figure") ?? begun(parentElement);
  box.tell = setTriggerValue;
  const order = (box.order = (box.order ?? 0) + 1);
  // what is this reader's own comes first, led by its length, then what all share
  const shared = 4 + new DataView(data.buffer, data.byteOffset).getUint32(0);
  const own = JSON.parse(new TextDecoder().decode(data.subarray(4, shared)));
  const wanted = { ...(await unpacked(data.subarray(shared))), ...own };
  if (order !== box.order) return; // a newer map has come meanwhile
  const before = box.wanted;
  for (const each of boxes) if (!each.isConnected) boxes.delete(each);
  boxes.add(box);
  box.wanted = wanted;
  box.config = { ...wanted.config, responsive: false };
  const period = before?.frames[box.at]?.period;
  const same = wanted.frames.findIndex((frame) => frame.period === period);
  // Another quarter in the bar moves the slider there; other choices leave it where it is
  if (!before || before.arrangement !== wanted.arrangement || before.key !== wanted.key)
    box.at = asked(wanted);
  else if (before.start !== wanted.start || same < 0) box.at = asked(wanted);
  else box.at = same;
  box.bar.hidden = wanted.arrangement !== "slider" || wanted.frames.length < 2;
  box.slider.min = 0;
  box.slider.max = wanted.frames.length - 1;
  box.slider.ariaLabel = wanted.texts.slider;
  if (before?.frames.length !== wanted.frames.length) stop(box);
  name(box);
  turn(box, box.at);
  keep();
}

export default (component, tools) => {
  show(component, tools);
};
