/* The report page: live percentages, zero reports, unsaved changes, shortcuts. Everything works without it. */
"use strict";

/** Rounds to one place, but never up to a full 100: "100%" would say that it is reached. */
function shownPercent(numerator, denominator) {
  if (numerator === null || denominator === null) return "—";
  if (denominator === 0) return "不适用";
  const percent = (100 * numerator) / denominator;
  const rounded = Math.round(percent * 10) / 10;
  return `${percent < 100 && rounded >= 100 ? 99.9 : rounded}%`;
}

function showPercent(card) {
  const amount = (name) => readAmount(card.querySelector(`[name$="-${name}"]`).value);
  card.querySelector("[data-percent]").value = shownPercent(amount("numerator"), amount("denominator"));
}

/** A ticked zero report states the zero; another number unticks it. */
function joinZeroReport(tick) {
  const value = tick.form.elements[tick.name.replace("zero_report", "value")];
  if (!value) return;  // computed from a register: nothing is typed
  tick.addEventListener("change", () => {
    if (tick.checked) value.value = "0";
    else if (readAmount(value.value) === 0) value.value = "";
  });
  value.addEventListener("input", () => {
    if (value.value !== "" && readAmount(value.value) !== 0) tick.checked = false;
  });
}

/** Puts the last accepted numbers into the inputs of the card. */
function repeatLast(button) {
  const card = button.closest(".target-card");
  for (const [name, number] of Object.entries(button.dataset)) {
    if (name !== "repeat") card.querySelector(`[name$="-${name}"]`).value = number;
  }
  card.querySelector(".amount").dispatchEvent(new Event("input", { bubbles: true }));
}

/** What is typed in the form, without the token, the files and the version. */
function typedIn(form) {
  const fields = [...form.elements].filter(
    (field) => field.name && !["hidden", "file", "submit"].includes(field.type) && field.name !== "evidence_target",
  );
  return Object.fromEntries(fields.map((field) => [field.name, field.type === "checkbox" ? field.checked : field.value]));
}

function putBack(form, typed) {
  for (const [name, value] of Object.entries(typed)) {
    const field = form.elements[name];
    if (!field) continue;
    if (field.type === "checkbox") field.checked = value;
    else field.value = value;
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Keeps a copy in this tab while there are unsaved changes, and offers it after a broken connection or sign-out. */
class Keeper {
  constructor(form) {
    this.form = form;
    this.key = `report-${form.dataset.report}-${form.dataset.user}`;
    this.clean = JSON.stringify(typedIn(form));
    this.leaving = false;
  }

  get dirty() {
    return JSON.stringify(typedIn(this.form)) !== this.clean;
  }

  keep() {
    if (!this.dirty) return;
    const copy = { at: Date.now(), version: this.form.dataset.version, typed: typedIn(this.form) };
    sessionStorage.setItem(this.key, JSON.stringify(copy));
  }

  forget() {
    sessionStorage.removeItem(this.key);
  }

  /** Offers the copy unless it has been saved: a save raises the version. */
  offer(box) {
    const copy = JSON.parse(sessionStorage.getItem(this.key) || "null");
    if (!copy) return;
    const saved = Number(this.form.dataset.version) > Number(copy.version);
    if (saved || JSON.stringify(copy.typed) === this.clean) {
      this.forget();
      return;
    }
    box.querySelector("[data-restore-time]").textContent = new Date(copy.at).toLocaleTimeString("zh-CN");
    box.hidden = false;
    box.querySelector("[data-restore]").addEventListener("click", () => {
      putBack(this.form, copy.typed);
      box.hidden = true;
    });
    box.querySelector("[data-forget]").addEventListener("click", () => {
      this.forget();
      box.hidden = true;
    });
  }
}

function watchForm(form) {
  const keeper = new Keeper(form);
  const sign = form.querySelector("[data-dirty]");
  const typedBefore = Boolean(document.getElementById("conflict-title") || document.getElementById("mistakes-title"));
  if (!typedBefore) keeper.offer(document.getElementById("restore"));
  form.addEventListener("input", () => {
    sign.hidden = !keeper.dirty;
    keeper.keep();
    form.querySelectorAll("[data-ratio]").forEach(showPercent);
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-repeat]");
    if (button) repeatLast(button);
  });
  form.addEventListener("submit", (event) => {
    keeper.leaving = true;
    setTimeout(() => {
      if (event.defaultPrevented) keeper.leaving = false;  // a question was answered with no
    });
  });
  window.addEventListener("beforeunload", (event) => {
    if (keeper.dirty && !keeper.leaving) event.preventDefault();
  });
  window.addEventListener("pageshow", () => {
    keeper.leaving = false;
  });
  form.querySelectorAll("[data-ratio]").forEach(showPercent);
  form.querySelectorAll('[name$="-zero_report"]').forEach(joinZeroReport);
  form.querySelector("[aria-invalid]")?.focus();
}

/** A: the approve button, R: the reason of a return, N: the next report. Never while something is typed. */
function listenForShortcuts() {
  const places = { a: "approve", r: "reason", n: "next-report" };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const place = document.getElementById(places[event.key.toLowerCase()] || "");
    if (!place) return;
    event.preventDefault();
    if (place.matches("a")) place.click();
    else place.focus();
  });
}

/** In the queue the arrows walk over the reports that are listed, wherever the focus is outside a field; Enter opens a link by itself. */
function walkTheQueue() {
  document.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const links = [...document.querySelectorAll("#table tbody td:first-child a")];
    const next = links[links.indexOf(document.activeElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}

const reportForm = document.getElementById("report-form");
if (reportForm) watchForm(reportForm);
if (document.getElementById("approve")) listenForShortcuts();
if (document.getElementById("review-queue")) walkTheQueue();
