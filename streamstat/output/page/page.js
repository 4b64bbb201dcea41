"use strict";
// Texts of the log reach the page by `textContent` alone.
const data = JSON.parse(document.getElementById("data").textContent);
const dark = matchMedia("(prefers-color-scheme: dark)");

function tip(handler, event, item, value) {
  document.querySelectorAll(".tip").forEach((old) => old.remove());
  if (value === null || value === undefined || value === "") return;
  const box = document.createElement("div"), table = document.createElement("table");
  box.className = "tip";
  box.setAttribute("role", "tooltip");
  for (const [name, text] of Object.entries(value)) {
    const row = table.insertRow();
    row.insertCell().textContent = name;
    row.insertCell().textContent = text;
  }
  box.append(table);
  document.body.append(box);
  const { width, height } = box.getBoundingClientRect();
  box.style.left = `${Math.max(4, Math.min(event.clientX + 14, innerWidth - width - 4))}px`;
  box.style.top = `${event.clientY + 14 + height > innerHeight ? event.clientY - height - 10 : event.clientY + 14}px`;
}

function fitted(spec, width) {
  const narrow = width < 560, made = structuredClone(spec);
  const legend = { orient: "bottom", columns: Math.max(1, Math.floor(width / 190)), labelLimit: narrow ? 130 : 160 };
  made.config = { ...(dark.matches ? data.dark : data.light) };
  made.config.legend = { ...made.config.legend, ...legend };
  if (narrow) made.config.axis = { ...made.config.axis, labelLimit: 90 };
  if (narrow && made.encoding.y.axis && made.encoding.y.axis.labelLimit) made.encoding.y.axis.labelLimit = 90;
  return made;
}

async function draw(figure, spec) {
  const place = figure.querySelector(".chart");
  const options = { mode: "vega-lite", actions: false, renderer: "svg", ast: true, tooltip: tip };
  figure.drawn?.finalize();
  figure.drawn = await vegaEmbed(place, fitted(spec, place.clientWidth), options);
  figure.dataset.drawn = dark.matches ? "dark" : "light";
}

// Zooms by a factor about the middle, or moves by a part of what is seen; no arguments: all of it again.
function look(figure, factor, part = 0) {
  const view = figure.drawn.view;
  if (factor === undefined) return view.signal("zoom_t", null).runAsync();
  const [lo, hi] = view.scale("x").domain().map(Number);
  const middle = (lo + hi) / 2 + part * (hi - lo), half = ((hi - lo) / 2) * factor;
  return view.signal("zoom_t", [middle - half, middle + half]).runAsync();
}
const STEPS = { in: [0.5], out: [2], earlier: [1, -0.25], later: [1, 0.25], all: [] };

function order(table, column, header) {
  const up = header.getAttribute("aria-sort") !== "ascending", body = table.tBodies[0];
  const isNumber = header.dataset.kind === "number";
  const key = (row) => row.cells[column].textContent;
  const keyed = [...body.rows].map((row) => [isNumber ? Number(key(row)) : key(row), key(row) === "", row]);
  const compare = isNumber ? (a, b) => a - b : (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  // What is empty stays at the end, whichever way.
  keyed.sort((a, b) => a[1] - b[1] || (up ? 1 : -1) * compare(a[0], b[0]) || a[2].dataset.n - b[2].dataset.n);
  body.append(...keyed.map((each) => each[2]));
  for (const each of table.tHead.rows[0].cells) each.setAttribute("aria-sort", "none");
  header.setAttribute("aria-sort", up ? "ascending" : "descending");
}

function search(table, words, count) {
  let shown = 0;
  for (const row of table.tBodies[0].rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
    shown += !row.hidden;
  }
  count.textContent = words.length ? `${shown.toLocaleString("en")} found` : "";
}

const table = document.getElementById("table"), field = document.getElementById("search");
if (table) {
  [...table.tBodies[0].rows].forEach((row, n) => (row.dataset.n = n));
  [...table.tHead.rows[0].cells].forEach((header, column) => {
    header.querySelector("button").addEventListener("click", () => order(table, column, header));
  });
  const count = document.getElementById("found");
  field.addEventListener("input", () => search(table, field.value.toLowerCase().split(/\s+/).filter(Boolean), count));
}

const figures = [...document.querySelectorAll("figure")];
const drawAll = () => Promise.all(figures.map((figure, i) => draw(figure, data.charts[i])));
for (const figure of figures) {
  for (const button of figure.querySelectorAll("button")) {
    button.addEventListener("click", () => look(figure, ...STEPS[button.dataset.step]));
  }
}
drawAll();
dark.addEventListener("change", drawAll);
