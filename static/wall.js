/* Turns the pages of the wall by itself, and reads the numbers anew every few minutes. Without it the pages stand below each other. */
"use strict";

const main = document.getElementById("main");
const pages = [...document.querySelectorAll(".wall-page")];
const seconds = Number(main.dataset.seconds);
const FRESH = 10 * 60 * 1000;
const started = Date.now();
let shown = Number(sessionStorage.getItem("wall-page")) || 0;
let timer = null;

function show(number) {
  shown = (number + pages.length) % pages.length;
  sessionStorage.setItem("wall-page", String(shown));
  pages.forEach((page, place) => { page.hidden = place !== shown; });
}

function turn() {
  if (shown === pages.length - 1 && Date.now() - started > FRESH) {
    sessionStorage.setItem("wall-page", "0");
    window.location.reload();
    return;
  }
  show(shown + 1);
}

function run(on) {
  clearInterval(timer);
  timer = on ? setInterval(turn, seconds * 1000) : null;
  const button = document.querySelector("[data-wall=pause]");
  button.setAttribute("aria-pressed", String(!on));
  button.textContent = on ? "暂停" : "继续";
}

const ACTS = {
  back: () => { show(shown - 1); run(timer !== null); },
  next: () => { show(shown + 1); run(timer !== null); },
  pause: () => run(timer === null),
  full: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
};
const KEYS = { ArrowLeft: "back", PageUp: "back", ArrowRight: "next", PageDown: "next", " ": "pause" };

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-wall]");
  if (button) ACTS[button.dataset.wall]();
});

document.addEventListener("keydown", (event) => {
  if (!(event.key in KEYS) || event.target.closest("button, a, input")) return;
  event.preventDefault();
  ACTS[KEYS[event.key]]();
});

document.body.classList.add("paging");
show(Math.min(shown, pages.length - 1));
run(true);
