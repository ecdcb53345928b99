/* Draws the charts. Each chart has its numbers in a JSON block and a table beside it, so nothing is lost without it. */
"use strict";

const INK = "#5c6875";
const LINE = "#e3e8ee";

/** Accepted value by month against the pace line. */
function courseOptions(data) {
  return {
    animation: false,
    aria: { enabled: true, description: data.summary },
    grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
    legend: { top: 0, textStyle: { color: INK } },
    tooltip: { trigger: "axis", renderMode: "richText" },
    xAxis: { type: "category", data: data.labels, axisLine: { lineStyle: { color: LINE } }, axisLabel: { color: INK } },
    yAxis: {
      type: "value",
      name: data.unit,
      nameTextStyle: { color: INK },
      splitLine: { lineStyle: { color: LINE } },
      axisLabel: { color: INK },
    },
    series: [
      {
        name: "实绩",
        type: "line",
        data: data.values,
        connectNulls: true,
        symbolSize: 7,
        lineStyle: { width: 3 },
        itemStyle: { color: "#1f5fa8" },
      },
      {
        name: "序时应达",
        type: "line",
        data: data.pace,
        symbol: "none",
        step: data.stepped ? "end" : false,
        lineStyle: { width: 2, type: "dashed" },
        itemStyle: { color: "#a06f00" },
      },
    ],
  };
}

const CHARTS = { course: courseOptions };

function draw(element) {
  const data = JSON.parse(document.getElementById(element.dataset.source).textContent);
  element.hidden = false;
  const chart = window.echarts.init(element, null, { renderer: "svg" });
  chart.setOption(CHARTS[element.dataset.chart](data));
  new ResizeObserver(() => chart.resize()).observe(element);
  const table = element.parentElement.querySelector(".chart-table");
  if (table) table.removeAttribute("open");
}

document.addEventListener("DOMContentLoaded", () => {
  if (window.echarts) document.querySelectorAll("[data-chart]").forEach(draw);
});
