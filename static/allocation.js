/* The break-down bench: the sum as one types, a tick for each number, a pasted column. Without it the page tells after each button. */
"use strict";

/** A number as people write it, without the digits that binary fractions leave behind. */
const written = (number) => String(Math.round(number * 10_000) / 10_000);

function tellSum(form) {
  const whole = Number(form.dataset.whole);
  const sum = [...form.querySelectorAll(".amount")].reduce((total, field) => total + (readAmount(field.value) || 0), 0);
  const left = whole - sum;
  form.querySelector("[data-sum]").textContent = written(sum);
  const words = Math.abs(left) < 0.000_05 ? "正好分完" : left > 0 ? `还差 ${written(left)}` : `超出 ${written(-left)}`;
  form.querySelector("[data-left]").textContent = words;
}

const tickOf = (field) => field.closest("tr").querySelector('[type="checkbox"]');

/** A number is a share; a share that is taken away has no number. */
function join(field) {
  if (field.matches(".amount") && field.value.trim()) tickOf(field).checked = true;
  if (field.type === "checkbox" && !field.checked) {
    const amount = field.closest("tr").querySelector(".amount");
    if (amount) amount.value = "";
  }
}

/** Spreads a column that was copied from a spreadsheet over the inputs from here downwards. */
function spreadColumn(form, event) {
  const lines = event.clipboardData.getData("text").replace(/[\r\n]+$/, "").split(/\r?\n/);
  if (lines.length < 2) return;
  event.preventDefault();
  const fields = [...form.querySelectorAll(".amount")];
  const from = fields.indexOf(event.target);
  lines.slice(0, fields.length - from).forEach((line, step) => {
    fields[from + step].value = line.split("\t")[0].trim();
    join(fields[from + step]);
  });
  event.target.dispatchEvent(new Event("input", { bubbles: true }));
}

const bench = document.querySelector("form.allocation");
if (bench) {
  bench.addEventListener("input", (event) => {
    join(event.target);
    if (bench.dataset.whole) tellSum(bench);
  });
  bench.addEventListener("paste", (event) => {
    if (event.target.matches(".amount")) spreadColumn(bench, event);
  });
}
