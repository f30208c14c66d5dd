// data-autosave="URL" on a form: two seconds after the last key the draft goes to the forum, with the
// version it grew from (data-version). Until it has arrived, a copy stays in this browser and comes
// back after a lost network. Nothing is kept on a shared terminal.
import { later, notice, shared, token, whisper, words } from "./page.js";

const KEPT = "text:";
const person = document.documentElement.dataset.person;

function fields(form) {
  return [...form.elements].filter((field) => field.name && field.name !== "csrf_token" && !/^(file|password|hidden|submit)$/.test(field.type) && field.tagName !== "BUTTON");
}

function values(form) {
  return fields(form).map((field) => [field.name, field.value, /^(checkbox|radio)$/.test(field.type) ? field.checked : null]);
}

function fill(form, kept) {
  const waiting = [...fields(form)];
  for (const [name, value, checked] of kept) {
    const index = waiting.findIndex((field) => field.name === name && (checked === null || field.value === value));
    if (index < 0) continue;
    const [field] = waiting.splice(index, 1);
    if (checked === null) field.value = value;
    else field.checked = checked;
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function restore(form, key) {
  const kept = localStorage.getItem(key);
  const own = values(form);
  if (!kept || kept === JSON.stringify(own)) return;
  fill(form, JSON.parse(kept));
  notice(words.restored, words.discard, () => { localStorage.removeItem(key); fill(form, own); });
}

async function send(form, state) {
  const body = new URLSearchParams(new FormData(form));
  body.set("version", form.dataset.version ?? "0");
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers: { Accept: "application/json", "X-CSRF-Token": token() } });
    if (answer.status === 409) return conflict(state);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

function conflict(state) {
  state.stopped = true;
  notice(words.conflict);
  return null;
}

// What the form grew from now, said to the next save and to the server that takes the form itself.
function advance(form, saved) {
  form.dataset.version = saved.version;
  if (saved.url) form.dataset.autosave = saved.url;
  if (saved.id && form.elements.draft) form.elements.draft.value = saved.id;
  if (saved.id && form.elements.revision) form.elements.revision.value = saved.version;
}

function arrived(form, key, saved) {
  localStorage.removeItem(key);
  form.dispatchEvent(new Event("autosaved"));
  whisper(words.saved);
}

export function start(form) {
  const key = `${KEPT}${person}:${form.dataset.keep ?? location.pathname}`;
  const state = { stopped: false, changed: 0 };
  if (!shared) {
    form.addEventListener("input", later(300, () => { if (!state.leaving) localStorage.setItem(key, JSON.stringify(values(form))); }));
    form.addEventListener("submit", () => { state.leaving = true; sessionStorage.setItem("sent", key); localStorage.setItem(key, JSON.stringify(values(form))); });
  }
  form.addEventListener("input", () => { state.changed += 1; });
  const save = later(2000, async () => {
    if (state.stopped || state.leaving || state.saving) return state.saving && save();
    const changed = state.changed;
    state.saving = true;
    const saved = await send(form, state);
    state.saving = false;
    if (state.leaving) return;
    if (!saved) { if (!shared && !state.stopped) whisper(words.kept); return; }
    advance(form, saved);
    if (changed === state.changed) arrived(form, key, saved);
  });
  form.addEventListener("input", save);
  addEventListener("online", save);
  if (!shared) restore(form, key); // last, so that what comes back is sent like what is typed
}
