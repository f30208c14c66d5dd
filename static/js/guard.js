// data-guard on a form: a button pressed twice sends once, and the browser asks before typed text is
// left behind, except on a shared terminal, where signing out must never wait for an answer.
import { shared } from "./page.js";

const PATIENCE = 5_000;

function once(form) {
  let sent = 0;
  form.addEventListener("submit", (event) => {
    if (Date.now() - sent < PATIENCE) event.preventDefault();
    else sent = Date.now();
  });
  addEventListener("pageshow", () => { sent = 0; });
}

export function start(form) {
  once(form);
  if (shared) return;
  let typed = false;
  form.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", () => { typed = false; });
  form.addEventListener("autosaved", () => { typed = false; });
  addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
}
