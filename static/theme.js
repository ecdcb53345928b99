/* The look the user chose on this machine, set before anything is painted. Without a choice, or without JavaScript, the system's.
   The data maintenance site reads the same key, so that one choice holds for both. */
"use strict";

const THEME_KEY = "theme";

/** Returns light, dark, or auto where nothing (or nothing readable) was chosen. */
function chosenTheme() {
  try {
    const kept = window.localStorage.getItem(THEME_KEY);
    return kept === "light" || kept === "dark" ? kept : "auto";
  } catch {
    return "auto";
  }
}

function keepTheme(theme) {
  try {
    window.localStorage.setItem(THEME_KEY, theme);
  } catch {
    /* A browser that keeps nothing shows the choice until the next page. */
  }
}

/** Sets the look of the page and tells what draws its colours itself. */
function applyTheme(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  document.querySelectorAll("input[name=theme]").forEach((input) => {
    input.checked = input.value === theme;
  });
  document.dispatchEvent(new Event("themechange"));
}

applyTheme(chosenTheme());

document.addEventListener("DOMContentLoaded", () => applyTheme(chosenTheme()));

document.addEventListener("change", (event) => {
  if (!event.target.matches("input[name=theme]")) return;
  keepTheme(event.target.value);
  applyTheme(event.target.value);
});

/* Another tab, or the system, has changed. */
window.addEventListener("storage", (event) => {
  if (event.key === THEME_KEY) applyTheme(chosenTheme());
});

window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  document.dispatchEvent(new Event("themechange"));
});
