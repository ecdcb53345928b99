/* Small conveniences. Every page works without them. */
"use strict";

document.documentElement.classList.add("js");

/** Reads a number as the server does: full-width digits and thousands separators are understood. */
function readAmount(text) {
  const narrow = text.replace(/[！-～]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/\s/g, "");
  if (!/^[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?$/.test(narrow)) return null;
  return Number(narrow.replaceAll(",", ""));
}

/** Opens and closes the navigation on narrow screens. */
function toggleNavigation(button) {
  const open = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(open));
  document.body.classList.toggle("nav-open", open);
}

/** Says something where screen readers listen. */
function announce(text) {
  const region = document.getElementById("messages");
  if (!region) return;
  const note = document.createElement("div");
  note.className = "note note-error";
  note.textContent = text;
  region.replaceChildren(note);
  region.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  const toggle = event.target.closest(".nav-toggle");
  if (toggle) toggleNavigation(toggle);
  if (event.target.closest("[data-print]")) window.print();
  document.querySelectorAll("details.user-menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  });
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll("details.user-menu[open]").forEach((menu) => {
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  });
});

/* A second click on the same button sends nothing; coming back to the page makes it work again. A button with data-again hands
   out a file and leaves the page as it is. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = event.submitter && event.submitter.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  if (form.method !== "post" || event.defaultPrevented || (event.submitter && "again" in event.submitter.dataset)) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});

/* Ctrl+Enter in a form saves it the quick way, where it has one. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  event.target.closest("form")?.querySelector("[data-quick]")?.click();
});

/* Leaving a form that is marked so asks first, once something was typed that is not saved. */
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-guard]");
  if (form) form.dataset.unsaved = "";
});

window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-guard][data-unsaved]:not([data-sent])")) event.preventDefault();
});

window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (status === 401 || status === 403) window.location.reload();
  else announce(status === 400 ? "筛选条件无法识别，请修改后重试。" : "服务暂时不可用，请稍后重试。");
});

document.addEventListener("htmx:sendError", () => announce("网络连接中断，请检查后重试。"));

/* A button beside a text to take along copies it. Where the browser does not allow that, the text is chosen, ready for Ctrl+C. */
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  const told = document.querySelector("[data-copied]");
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    told.textContent = "已复制。";
  } catch {
    told.textContent = "请按 Ctrl+C 复制。";
  }
});
