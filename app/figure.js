// Draws a Plotly figure in place: the next figure updates the one that stands there, and one that is
// off the screen waits until it comes into view. A click on a county is told to the page.

let library;

export const plotly = (url) =>
  (library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(url, document.baseURI);
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => reject(new Error(script.src));
    document.head.append(script);
  }));

const inView = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      target.inView = isIntersecting;
      if (isIntersecting) draw(target);
    }
  },
  { rootMargin: "200px" },
);

// What is printed must be drawn, seen or not.
addEventListener("beforeprint", () => document.querySelectorAll(".figure").forEach(draw));

async function draw(box) {
  const { wanted } = box;
  if (box.shown === wanted) return;
  box.shown = wanted;
  const Plotly = await plotly(wanted.library);
  if (box.wanted !== wanted) return;
  const { data, layout } = wanted.figure;
  await Plotly.react(box, data, { ...layout, autosize: true }, { ...wanted.config, responsive: true });
  if (box.listening) return;
  box.listening = true;
  box.on("plotly_click", ({ points }) => {
    const code = points.map((point) => point.customdata?.[0]).find(Boolean);
    if (code) box.tell("picked", code);
  });
}

export const unpacked = (data) =>
  new Response(new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"))).json();

async function show({ parentElement, data, setTriggerValue }) {
  let box = parentElement.querySelector(".figure");
  if (!box) {
    box = document.createElement("div");
    box.className = "figure";
    box.role = "img";
    parentElement.append(box);
  }
  box.tell = setTriggerValue;
  const turn = (box.turn = (box.turn ?? 0) + 1);
  const wanted = await unpacked(data);
  if (turn !== box.turn) return; // a newer figure has come meanwhile
  box.wanted = wanted;
  box.ariaLabel = box.wanted.alt;
  box.style.height = `${box.wanted.figure.layout.height}px`;
  if (box.inView === undefined) inView.observe(box);
  else if (box.inView) draw(box);
}

export default (component) => {
  show(component);
};
