/* The bench of an intake: either side finds the other, and what is chosen in the text becomes a target or the beginning of a task. */
"use strict";

const words = document.querySelector("[data-source-text]");
const chosen = document.querySelector("[data-chosen]");
const panes = [...document.querySelectorAll("[data-pane-of]")];

/** Shows one of the two panes where there is room for one only. */
function showPane(name) {
  panes.forEach((pane) => pane.classList.toggle("is-hidden", pane.dataset.paneOf !== name));
  document.querySelectorAll("[data-pane]").forEach((tab) => tab.setAttribute("aria-pressed", String(tab.dataset.pane === name)));
}

/** Marks a part on both sides and brings it into view on the side that was not pressed. */
function markPart(part, side) {
  document.querySelectorAll(".is-here").forEach((one) => one.classList.remove("is-here"));
  const inText = [...words.querySelectorAll(".mk")].filter((mark) => mark.dataset.part === part);
  const inOutline = document.getElementById(part);
  [...inText, inOutline].forEach((one) => one?.classList.add("is-here"));
  showPane(side);
  const goal = side === "source" ? inText[0] : inOutline;
  if (!goal) return;
  if (side === "source" && getComputedStyle(words).overflowY === "auto") {
    words.scrollTop += goal.getBoundingClientRect().top - words.getBoundingClientRect().top - words.clientHeight / 3;
  } else goal.scrollIntoView({ block: "center" });
  goal.focus({ preventScroll: true });
}

/** The place in the notice, in characters, of a point of the page's text. */
function placeOf(node, offset) {
  const stretch = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-at]");
  if (!stretch || !words.contains(stretch)) return null;
  const before = node.nodeType === Node.TEXT_NODE ? node.textContent.slice(0, offset) : "";
  return { at: Number(stretch.dataset.at) + [...before].length, task: stretch.dataset.task };
}

/** Offers what can be done with the passage that is chosen in the text. */
function offer() {
  const selection = document.getSelection();
  const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
  const start = range && words.contains(range.startContainer) && placeOf(range.startContainer, range.startOffset);
  const end = range && words.contains(range.endContainer) && placeOf(range.endContainer, range.endOffset);
  chosen.hidden = !(start && end && start.task && end.at > start.at);
  if (chosen.hidden) return;
  const text = selection.toString().trim();
  chosen.querySelector("[data-chosen-words]").textContent = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  const query = new URLSearchParams({ open: "new", task: start.task, start: start.at, end: end.at });
  const target = chosen.querySelector("[data-as-target]");
  target.href = `${target.dataset.here}?${query}#new`;
  const form = chosen.querySelector("[data-split]");
  form.elements.task.value = start.task;
  form.elements.at.value = start.at;
}

/* On the page of last year: all of a section's targets that are gone are taken over. */
document.addEventListener("click", (event) => {
  const all = event.target.closest("[data-keep-all]");
  all?.closest("section").querySelectorAll("input[name^=keep-]").forEach((box) => {
    box.checked = true;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
});

if (words) {
  showPane("outline");
  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-pane]");
    if (tab) showPane(tab.dataset.pane);
    const toText = event.target.closest("[data-source]");
    const mark = event.target.closest(".intake-words .mk");
    if (toText) {
      event.preventDefault();
      markPart(toText.dataset.source, "source");
    } else if (mark && document.getElementById(mark.dataset.part)) {
      event.preventDefault();
      if (document.getSelection().isCollapsed) markPart(mark.dataset.part, "outline");
    }
  });
  if (chosen) document.addEventListener("selectionchange", offer);
  const here = decodeURIComponent(location.hash.slice(1));
  const place = here && document.getElementById(here);
  if (place && place.closest(".intake-outline, #facts")) {
    const inText = words.querySelector(`[data-part="${CSS.escape(here)}"]`);
    if (inText) {
      inText.classList.add("is-here");
      words.scrollTop += inText.getBoundingClientRect().top - words.getBoundingClientRect().top - words.clientHeight / 3;
    }
    const field = place.querySelector("form.intake-form .is-invalid, form.intake-form input:not([type=hidden]), form.intake-form textarea");
    (field || place).focus({ preventScroll: Boolean(inText && !field) });
  } else {
    const first = document.querySelector(".intake-outline .is-invalid");
    if (first) first.focus();
    else {
      const title = words.querySelector(`[data-part="${CSS.escape(document.querySelector(".intake-outline > section")?.id || "")}"]`);
      if (title) words.scrollTop += title.getBoundingClientRect().top - words.getBoundingClientRect().top;
    }
  }
}
