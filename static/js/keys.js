// Keys: data-key names one, data-row is a row that j and k walk. Silent while somebody types.
import { typing } from "./page.js";

const CYRILLIC = /^[\u0400-\u04ff]$/;

// On a Russian layout the letter is another, the place on the keyboard the same.
function pressed(event) {
  if (CYRILLIC.test(event.key) && event.code.startsWith("Key")) return event.code.slice(3).toLowerCase();
  if (event.code === "Slash" && /^[.,]$/.test(event.key)) return event.key === "." ? "/" : "?";
  return event.key;
}

function shown(element) {
  return element.checkVisibility();
}

function walk(step) {
  const rows = [...document.querySelectorAll("[data-row]")].filter(shown);
  const at = rows.findIndex((row) => row.classList.contains("at") || row.contains(document.activeElement));
  const row = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
  if (!row) return;
  for (const other of rows) other.classList.toggle("at", other === row);
  (row.querySelector("h2 a, h3 a") || row.querySelector("a[href], button") || row).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function keyed(key) {
  const named = `[data-key="${CSS.escape(key)}"]`;
  const near = document.querySelector(".at")?.querySelectorAll(named) ?? [];
  return [...near, ...document.querySelectorAll(named)].find(shown);
}

function answer(key) {
  if (key === "j") return walk(1), true;
  if (key === "k") return walk(-1), true;
  if (key === "?") return document.getElementById("keys-help")?.showModal(), true;
  const element = keyed(key);
  if (element) typing(element) ? element.focus() : element.click();
  // What opens below a line is for typing.
  if (element?.tagName === "SUMMARY" && element.parentElement.open) element.parentElement.querySelector("textarea, input:not([type=hidden])")?.focus();
  return Boolean(element);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key.length === 1 && event.key !== " " && answer(pressed(event))) event.preventDefault();
});
