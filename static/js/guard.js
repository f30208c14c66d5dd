// data-guard on a form: the browser asks before typed text is left behind, except on a shared
// terminal, where signing out must never wait for an answer.
import { shared } from "./page.js";

export function start(form) {
  if (shared) return;
  let typed = false;
  form.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", () => { typed = false; });
  form.addEventListener("autosaved", () => { typed = false; });
  addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
}
