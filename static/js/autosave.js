// data-autosave="URL" on a form: two seconds after the last key the draft goes to the forum, with the
// version it grew from (data-version). Until it has arrived, a copy stays in this browser and comes
// back after a lost network. Nothing is kept on a shared terminal.
import { later, notice, shared, token, whisper, words } from "./page.js";

const KEPT = "text:";
const person = document.documentElement.dataset.person;

function fields(form) {
  return [...form.elements].filter((field) => field.name && field.name !== "csrf_token" && !/^(file|password|hidden|submit)$/.test(field.type) && field.tagName !== "BUTTON");
}

export function values(form) {
  return fields(form).map((field) => [field.name, field.value, /^(checkbox|radio)$/.test(field.type) ? field.checked : null]);
}

export function fill(form, kept) {
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

// The draft this form grew from: a copy in this browser that forgot it would become a second draft.
function origin(form) {
  return { url: form.dataset.autosave, version: form.dataset.version ?? "0", id: form.elements.draft?.value ?? "" };
}

function keep(form, key) {
  localStorage.setItem(key, JSON.stringify({ values: values(form), from: origin(form) }));
}

function restore(form, key) {
  const kept = JSON.parse(localStorage.getItem(key) ?? "null");
  const own = values(form), grew = origin(form);
  if (!kept?.values || JSON.stringify(kept.values) === JSON.stringify(own)) return;
  fill(form, kept.values);
  advance(form, kept.from);
  notice(words.restored, words.discard, () => { localStorage.removeItem(key); advance(form, grew); fill(form, own); });
}

async function send(form, state) {
  const body = new URLSearchParams(new FormData(form));
  body.set("version", form.dataset.version ?? "0");
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers: { Accept: "application/json", "X-CSRF-Token": token() } });
    if (answer.ok) return await answer.json();
    return refused(form, state, answer.status, await answer.json().catch(() => ({})));
  } catch {
    whisper(shared ? "" : words.kept);
    return null;
  }
}

function refused(form, state, status, said) {
  if (status === 409) { state.stopped = true; notice(words.conflict); }
  else if (status === 404 && form.elements.draft?.value && unsigned(form)) { state.stopped = true; whisper(words.failed); } // posted, and its draft forgotten
  else if (status === 404 && form.elements.draft?.value) { advance(form, { url: "/ideas/autosave", version: "0", id: "" }); state.again(); }
  else if (status === 403) state.stopped = true; // posted already, from here or elsewhere
  else whisper(status === 401 ? words.signedout : said.detail ?? words.failed);
  return null;
}

// What the form grew from now, said to the next save and to the server that takes the form itself.
function advance(form, from) {
  form.dataset.version = from.version;
  if (from.url) form.dataset.autosave = from.url;
  if (form.elements.draft) form.elements.draft.value = from.id ?? "";
  if (form.elements.revision) form.elements.revision.value = from.version === "0" ? "" : from.version;
}

function arrived(form, key) {
  localStorage.removeItem(key);
  form.dispatchEvent(new Event("autosaved"));
  whisper(words.saved);
}

// Whether it is to be posted without a name: no draft of somebody's may then stay behind.
function unsigned(form) {
  return Boolean(form.elements.anonymous?.value);
}

// A form that is sent while a save is under way waits for it, so that it names the version it grew
// from; who presses again does not wait, unless the draft under way would be left behind with their
// name. Heard before the guard, which then counts one sending.
function wait(form, state) {
  form.addEventListener("submit", (event) => {
    if (!state.saving || (state.waiting && !unsigned(form))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    state.waiting = () => form.requestSubmit(event.submitter);
  }, { capture: true });
}

function go(state) {
  state.waiting?.();
  state.waiting = null;
}

export function start(form) {
  const key = `${KEPT}${person}:${form.dataset.keep ?? location.pathname}`;
  const state = { stopped: false, changed: 0 };
  if (!shared) {
    form.addEventListener("input", later(300, () => { if (!state.leaving) keep(form, key); }));
    form.addEventListener("submit", () => { state.leaving = true; sessionStorage.setItem("sent", key); keep(form, key); });
    addEventListener("pageshow", () => { state.leaving = false; });
  }
  form.addEventListener("input", () => { state.changed += 1; });
  wait(form, state);
  const save = later(2000, async () => {
    if (state.stopped || state.leaving || state.saving) return state.saving && save();
    const changed = state.changed;
    state.saving = true;
    const saved = await send(form, state);
    state.saving = false;
    if (state.leaving) return;
    if (!saved) return go(state);
    if (saved.url) advance(form, saved);
    if (changed === state.changed) arrived(form, key);
    else if (!shared) keep(form, key);
    go(state);
  });
  state.again = save;
  form.addEventListener("input", save);
  addEventListener("online", save);
  if (!shared) restore(form, key); // last, so that what comes back is sent like what is typed
}
