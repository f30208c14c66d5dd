// data-answers="NAME" on a form: what is half filled in stays in this browser alone and is there again
// next time; once the answers have arrived it goes (see app.js). Nothing is kept on a shared terminal.
import { fill, values } from "./autosave.js";
import { later, notice, shared, words } from "./page.js";

const person = document.documentElement.dataset.person;

export function start(form) {
  if (shared) return;
  const key = `answers:${person}:${form.dataset.answers}`;
  const kept = JSON.parse(localStorage.getItem(key) ?? "null"), empty = values(form);
  let leaving = false;
  const keep = () => localStorage.setItem(key, JSON.stringify(values(form)));
  form.addEventListener("input", later(300, () => { if (!leaving) keep(); }));
  form.addEventListener("submit", () => { leaving = true; sessionStorage.setItem("sent", key); keep(); });
  addEventListener("pageshow", () => { leaving = false; });
  if (!kept || JSON.stringify(kept) === JSON.stringify(empty)) return;
  fill(form, kept);
  notice(words.restored, words.discard, () => { localStorage.removeItem(key); fill(form, empty); });
}
