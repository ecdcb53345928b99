/* Draws the charts. Each chart has its numbers in a JSON block and a table beside it, so nothing is lost without it.
   The library is fetched when the first chart comes near the screen: many look at the top of a page only. */
"use strict";

const LIBRARY = document.currentScript.dataset.library;

/** Returns the colours of the theme that is shown now. */
function palette() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  return { text: colour("quiet"), line: colour("line"), paper: colour("paper"), ink: colour("ink"), value: colour("accent"), pace: colour("yellow") };
}

/** Accepted value by month against the pace line. */
function courseOptions(data, { text, line, paper, ink, value, pace }) {
  return {
    animation: false,
    aria: { enabled: true, description: data.summary },
    grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
    legend: { top: 0, textStyle: { color: text } },
    tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: paper, borderColor: line, textStyle: { color: ink } },
    xAxis: { type: "category", data: data.labels, axisLine: { lineStyle: { color: line } }, axisLabel: { color: text } },
    yAxis: {
      type: "value",
      name: data.unit,
      nameTextStyle: { color: text },
      splitLine: { lineStyle: { color: line } },
      axisLabel: { color: text },
    },
    series: [
      {
        name: "实绩",
        type: "line",
        data: data.values,
        connectNulls: true,
        symbol: "circle",
        symbolSize: 7,
        lineStyle: { width: 3 },
        itemStyle: { color: value },
      },
      {
        name: "序时应达",
        type: "line",
        data: data.pace,
        symbol: "none",
        step: data.stepped ? "end" : false,
        lineStyle: { width: 2, type: "dashed" },
        itemStyle: { color: pace },
      },
    ],
  };
}

const CHARTS = { course: courseOptions };

const drawn = [];

function draw(element) {
  const data = JSON.parse(document.getElementById(element.dataset.source).textContent);
  element.hidden = false;
  const chart = window.echarts.init(element, null, { renderer: "svg" });
  const paint = () => chart.setOption(CHARTS[element.dataset.chart](data, palette()));
  paint();
  drawn.push({ chart, paint });
  new ResizeObserver(() => chart.resize()).observe(element);
  const table = element.parentElement.querySelector(".chart-table");
  if (table) table.removeAttribute("open");
}

/** Draws all again in the colours of now, at once: paper does not wait for the next frame. */
function repaint() {
  drawn.forEach(({ chart, paint }) => {
    paint();
    chart.getZr().flush();
  });
}

let library = null;

/** Fetches the library once; where there is none the tables stay as they are. */
function load() {
  library ??= new Promise((resolve) => {
    const script = document.createElement("script");
    script.src = LIBRARY;
    script.addEventListener("load", resolve);
    document.head.append(script);
  });
  return library;
}

const near = new IntersectionObserver((entries) => {
  entries.filter((entry) => entry.isIntersecting).forEach(({ target }) => {
    near.unobserve(target);
    load().then(() => target.querySelectorAll("[data-chart]").forEach(draw));
  });
}, { rootMargin: "300px" });

document.addEventListener("DOMContentLoaded", () => {
  if (LIBRARY) document.querySelectorAll("[data-chart]").forEach((element) => near.observe(element.parentElement));
});

document.addEventListener("themechange", repaint);

/* Paper is light: the page turns light for as long as it is printed. */
let before;
window.addEventListener("beforeprint", () => {
  before = document.documentElement.dataset.theme;
  document.documentElement.dataset.theme = "light";
  repaint();
});
window.addEventListener("afterprint", () => {
  if (before) document.documentElement.dataset.theme = before;
  else delete document.documentElement.dataset.theme;
  repaint();
});
