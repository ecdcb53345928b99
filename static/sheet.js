/* The monthly sheet saves itself, row by row, and keeps what could not be sent in this browser. Without it the form has a button. */
"use strict";

const PAUSE = 700;     // milliseconds without a key before a row is sent
const AGAIN = 10_000;  // milliseconds until a lost connection is tried anew

const valueOf = (field) => (field.type === "checkbox" ? (field.checked ? "on" : "") : field.value);

function put(field, value) {
  if (field.type === "checkbox") field.checked = value === "on";
  else field.value = value;
}

/** What is saved together: the inputs of one target, or the texts of one task, each with a hidden input of what was there before. */
class Unit {
  constructor(box, kind) {
    this.box = box;
    this.id = `${kind}-${box.dataset.row || box.dataset.part}`;
    this.fields = [...box.querySelectorAll(`[name^="${kind}-"]`)].filter((field) => field.type !== "hidden");
    this.before = new Map(this.fields.map((field) => [field, field.form.elements[`was-${this.nameOfBefore(field, kind)}`]]));
    this.refused = false;  // whether what was sent last was not stored: what stood before is sent as well, to be told that it is right
  }

  nameOfBefore(field, kind) {
    return kind === "entry" ? field.name.slice("entry-".length) : field.name;
  }

  get typed() {
    return Object.fromEntries(this.fields.map((field) => [field.name, valueOf(field)]));
  }

  get seen() {
    return Object.fromEntries([...this.before].map(([field, hidden]) => [field.name, hidden.value]));
  }

  get changed() {
    return this.fields.some((field) => valueOf(field) !== this.before.get(field).value);
  }

  /** Says whether a row can be stored as it is: half a ratio waits for its other half. */
  get whole() {
    const halves = this.fields.filter((field) => /-(numerator|denominator)$/.test(field.name));
    return halves.length < 2 || (halves[0].value === "") === (halves[1].value === "");
  }

  addTo(data) {
    for (const [name, value] of Object.entries(this.typed)) {
      if (value !== "" || !name.endsWith("zero_report")) data.append(name, value);
    }
    for (const [, hidden] of this.before) data.append(hidden.name, hidden.value);
  }

  /** Takes over what the server has stored. An input that was changed while the message was under way keeps what is typed. */
  takeOver(before, sent) {
    for (const [field, hidden] of this.before) {
      if (!(hidden.name in before)) continue;
      const untouched = valueOf(field) === sent[field.name];
      hidden.value = before[hidden.name];
      if (untouched) put(field, before[hidden.name]);
    }
  }
}

class SelfSaving {
  constructor(form) {
    this.form = form;
    this.state = form.querySelector("[data-state]");
    this.units = new Map();
    form.querySelectorAll("[data-row]").forEach((row) => this.add(new Unit(row, "entry")));
    form.querySelectorAll("[data-part]").forEach((part) => this.add(new Unit(part, "text")));
    this.waiting = new Set();
    this.sending = null;
    this.restore();
  }

  add(unit) {
    if (unit.fields.length) this.units.set(unit.id, unit);
  }

  unitOf(field) {
    return [...this.units.values()].find((unit) => unit.fields.includes(field));
  }

  /** Remembers a changed unit, here and in this browser, and sends it after a pause. */
  note(unit) {
    if (unit.changed || unit.refused) this.waiting.add(unit);
    else this.waiting.delete(unit);
    this.keep();
    this.tell(this.waiting.size ? "正在填写…" : "");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), PAUSE);
  }

  keep() {
    const kept = [...this.waiting].map((unit) => [unit.id, { typed: unit.typed, seen: unit.seen }]);
    if (kept.length) localStorage.setItem(this.form.dataset.key, JSON.stringify(kept));
    else localStorage.removeItem(this.form.dataset.key);
  }

  /** Puts back what an earlier visit could not send, with what its writer had before him, so that conflicts are found. */
  restore() {
    for (const [id, copy] of JSON.parse(localStorage.getItem(this.form.dataset.key) || "[]")) {
      const unit = this.units.get(id);
      if (!unit) continue;
      for (const [field, hidden] of unit.before) {
        if (!(field.name in copy.typed) || copy.typed[field.name] === copy.seen[field.name]) continue;
        put(field, copy.typed[field.name]);
        hidden.value = copy.seen[field.name];
      }
      if (unit.changed) this.waiting.add(unit);
    }
    this.keep();
    if (this.waiting.size) this.send();
  }

  /** Sends what waits and can be stored, one message at a time; returns whether nothing waits any more. */
  async send() {
    if (this.sending) await this.sending;
    const units = [...this.waiting].filter((unit) => unit.whole);
    if (!units.length) return !this.waiting.size;
    this.sending = this.post(units).finally(() => {
      this.sending = null;
    });
    await this.sending;
    return !this.waiting.size;
  }

  async post(units) {
    const data = new FormData();
    for (const name of ["csrfmiddlewaretoken", "unit", "period"]) data.append(name, this.form.elements[name].value);
    const sent = new Map(units.map((unit) => [unit, unit.typed]));
    units.forEach((unit) => unit.addTo(data));
    this.tell("正在保存…");
    let response;
    try {
      response = await fetch(this.form.action, { method: "POST", body: data, headers: { Accept: "application/json" }, redirect: "manual" });
    } catch {
      this.later("网络中断，已存在本机，联网后自动补存");
      return;
    }
    if (!response.headers.get("Content-Type")?.includes("json")) {
      const signedOut = response.type === "opaqueredirect" || response.status === 403;
      if (signedOut) this.tell("登录已失效，内容已存在本机，请重新登录后打开本页");
      else this.later("服务暂时不可用，已存在本机，稍后自动补存");
      return;
    }
    this.answer(await response.json(), sent);
  }

  later(words) {
    this.tell(words);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), AGAIN);
  }

  answer(told, sent) {
    for (const [unit, typed] of sent) {
      const [kind, pk] = unit.id.split("-");
      const found = kind === "entry" ? told.rows[pk] : told.parts[pk];
      if (found) this.settle(unit, kind, found, typed);
      else this.waiting.delete(unit);
    }
    for (const [pk, part] of Object.entries(told.parts)) showPart(this.form.querySelector(`[data-part="${pk}"]`), part);
    this.form.querySelector("[data-open-count]").textContent = this.form.querySelectorAll("[data-open]").length;
    this.keep();
    const asked = this.form.querySelector(".sheet-conflict");
    this.tell(this.waiting.size ? "有内容未保存" : asked ? "有他人修改过的内容，请核对标出的格" : `已保存 ${new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" })}`);
  }

  settle(unit, kind, found, typed) {
    if (kind === "entry") {
      showMark(unit.box.querySelector("[data-mark]"), found.mark);
      unit.box.toggleAttribute("data-open", found.open);
    }
    const problems = kind === "entry" ? found.problems : errorsOf(found);
    const stored = kind === "entry" ? found.stored : !problems.length && !found.refused;
    showProblems(unit, problems);
    unit.refused = !stored;
    if (stored) unit.takeOver(found.before, typed);
    if (stored && !unit.changed) this.waiting.delete(unit);
    for (const [name, conflict] of Object.entries(found.conflicts)) this.offer(unit, name, conflict, typed);
  }

  /** Shows a cell that somebody else had changed: the stored value stands, one's own can be put in its place. */
  offer(unit, name, stored, typed) {
    const field = unit.fields.find((one) => one.name.endsWith(`-${name}`));
    const mine = typed[field.name];
    const note = document.createElement("p");
    note.className = "sheet-conflict";
    note.append(`您填写时他人已改为“${stored || "空"}”，您填的是“${mine || "空"}”。`);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm";
    button.textContent = "改用我填的";
    button.addEventListener("click", () => {
      put(field, mine);
      note.remove();
      this.note(unit);
      field.focus();
    });
    note.append(button);
    hintOf(field).append(note);
  }

  tell(words) {
    this.state.textContent = words;
  }
}

function hintOf(field) {
  return document.getElementById(field.getAttribute("aria-describedby"));
}

function errorsOf(part) {
  return Object.entries(part.errors).flatMap(([name, texts]) => texts.map((text) => ({ name, level: "error", text })));
}

function showProblems(unit, problems) {
  for (const field of unit.fields) {
    hintOf(field).replaceChildren();
    field.removeAttribute("aria-invalid");
    field.classList.remove("is-invalid");
  }
  for (const { name, level, text } of problems) {
    const field = unit.fields.find((one) => one.name.endsWith(`-${name}`)) || unit.fields[0];
    const line = document.createElement("p");
    line.className = level === "error" ? "field-error" : "field-warning";
    line.textContent = text;
    hintOf(field).append(line);
    if (level === "error") {
      field.setAttribute("aria-invalid", "true");
      field.classList.add("is-invalid");
    }
  }
}

function showMark(place, mark) {
  const sign = place.querySelector(".sign");
  sign.className = `sign sign-${mark.tone}`;
  sign.querySelector("path").setAttribute("d", mark.path);
  sign.querySelector(".sign-word").textContent = mark.word;
}

function showPart(box, part) {
  showMark(box.querySelector("[data-part-mark]"), part.mark);
  const report = box.querySelector("[data-report]");
  report.hidden = !part.report;
  if (part.report) report.href = part.report;
  const refused = box.querySelector("[data-part-refused]");
  refused.textContent = part.refused;
  refused.hidden = !part.refused;
}

/** The inputs that the arrows walk through: the numbers, from top to bottom. */
function walk(form, from, step) {
  const ratio = from.name.endsWith("-denominator");
  const rows = [...form.querySelectorAll("[data-row]")].filter((row) => row.querySelector(".amount"));
  const next = rows[rows.indexOf(from.closest("[data-row]")) + step];
  if (!next) return false;
  const amounts = next.querySelectorAll(".amount");
  const field = amounts[ratio ? amounts.length - 1 : 0];
  field.focus();
  field.select();
  return true;
}

/** "=" repeats the last accepted numbers; a limit with 0 is a zero report. */
function fillByKey(event, field) {
  if (event.key !== "=") return false;
  const last = field.closest(".sheet-inputs").dataset;
  const names = Object.keys(last).filter((name) => name.startsWith("last"));
  if (!names.length) return false;
  for (const name of names) {
    const input = field.closest("[data-row]").querySelector(`[name$="-${name.slice(4).toLowerCase()}"]:not([type="hidden"])`);
    if (input) input.value = last[name];
  }
  return true;
}

function joinZero(field) {
  const tick = field.closest("[data-ceiling]")?.querySelector('[type="checkbox"]');
  if (!tick) return;
  if (field === tick) {
    const value = field.closest("[data-row]").querySelector(".amount");
    if (value && tick.checked) value.value = "0";
  } else if (field.matches(".amount")) {
    tick.checked = field.value !== "" && readAmount(field.value) === 0;
  }
}

/** Spreads a column that was copied from a spreadsheet over the inputs from here downwards. */
function pasteColumn(form, event, saving) {
  const lines = event.clipboardData.getData("text").replace(/[\r\n]+$/, "").split(/\r?\n/);
  if (lines.length < 2) return;
  event.preventDefault();
  let field = event.target;
  for (const line of lines) {
    field.value = line.split("\t")[0].trim();
    joinZero(field);
    saving.note(saving.unitOf(field));
    if (!walk(form, field, 1)) break;
    field = document.activeElement;
  }
}

/** Takes the history of a cell away again and goes back to where it was asked for. */
function closePast(place) {
  place.replaceChildren();
  document.querySelector(`[hx-target="#${place.id}"]`).focus();
}

function watch(form) {
  const saving = new SelfSaving(form);
  form.addEventListener("input", (event) => {
    const unit = saving.unitOf(event.target);
    if (!unit) return;
    joinZero(event.target);
    saving.note(unit);
  });
  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.matches(".amount") || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowDown: 1, Enter: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      walk(form, field, step);
    } else if (fillByKey(event, field)) {
      event.preventDefault();
      saving.note(saving.unitOf(field));
    }
  });
  form.addEventListener("paste", (event) => {
    if (event.target.matches(".amount")) pasteColumn(form, event, saving);
  });
  form.addEventListener("click", (event) => {
    const close = event.target.closest("[data-close-past]");
    if (close) closePast(close.closest("td"));
    const button = event.target.closest("[data-carry]");
    if (!button) return;
    const text = button.closest("[data-part]").querySelector('textarea[name$="-narrative"]');
    text.value = button.dataset.carry;
    text.focus();
    saving.note(saving.unitOf(text));
  });
  form.addEventListener("submit", (event) => {
    if (saving.flushed || !saving.waiting.size) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    saving.send().then(() => {
      saving.flushed = true;
      delete form.dataset.sent;
      form.requestSubmit(button);
    });
  }, true);
  window.addEventListener("online", () => saving.send());
  form.querySelector("[aria-invalid]")?.focus();
}

const sheet = document.getElementById("sheet");
if (sheet) watch(sheet);
