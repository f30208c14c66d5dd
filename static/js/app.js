// Starts each controller that this page has an attribute for. Everything here only eases what the
// page already does by itself.
import { refuse, token } from "./page.js";

const CONTROLLERS = {
  answers: "form[data-answers]", autosave: "form[data-autosave]", choose: "[data-choose-all]", clauses: "[data-clauses-of]", departments: "[data-suggest-departments]", dialog: "[data-opens]", finished: "[data-finished]", guard: "form[data-guard]", limit: "[data-limit]", matrix: "[data-matrix]",
  narrow: "[data-narrow]", popover: "[popovertarget]", print: "[data-print]", similar: "form[data-similar]", suggest: "[data-suggest]",
  support: "[data-support]", theme: "[data-theme-switch]", thread: "[data-thread]",
};

const html = document.documentElement;
const wanted = Object.keys(CONTROLLERS).filter((name) => document.querySelector(CONTROLLERS[name]));
if (html.dataset.keys !== "off" && html.dataset.person) wanted.push("keys");
if ("shared" in html.dataset) wanted.push("shared");
// A form that was sent has arrived when the forum redirected us to a page that is no failure; only then
// does the copy that autosave.js kept of it go. Refused or lost on the way, it stays.
const sent = sessionStorage.getItem("sent");
if (sent) {
  const redirected = performance.getEntriesByType("navigation")[0]?.redirectCount > 0;
  if (redirected && html.dataset.person && !document.querySelector(".failure")) localStorage.removeItem(sent);
  sessionStorage.removeItem("sent");
}

// The page says when all of them listen: a key pressed before that is lost.
const starting = wanted.map((name) => import(`./${name}.js`).then((controller) => {
  if (!controller.start) return;
  for (const element of document.querySelectorAll(CONTROLLERS[name])) controller.start(element);
}));
const begun = document.activeElement;
Promise.all(starting).then(() => { if (document.activeElement === begun) point(); html.dataset.started = ""; });

// A refused form comes back at its top: go to the first field that says why.
function point() {
  const wrong = document.querySelector("form [aria-invalid=true], form p.error");
  if (!wrong) return;
  for (let fold = wrong.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  const field = wrong.matches("input, select, textarea") ? wrong : wrong.closest(".field, fieldset, form").querySelector("input:not([type=hidden]), select, textarea, button");
  field?.focus({ preventScroll: true });
  (wrong.querySelector("p.error") ?? wrong).scrollIntoView({ block: "center" });
}

document.addEventListener("htmx:config:request", (event) => {
  event.detail.ctx.request.headers["X-CSRF-Token"] = token();
});

// What a page loads by itself may stay away: nobody has asked for it, and a link leads there.
const unasked = (event) => event.target.hasAttribute?.("data-hx-trigger");

// A fragment is swapped in; a whole page is not. Without a session we go and sign in, and come back.
document.addEventListener("htmx:after:request", (event) => {
  const { response, text } = event.detail.ctx;
  if (response.status === 401) location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
  if (response.status < 400 || !/^\s*<(!doctype|div data-refusal)/i.test(text)) return;
  event.preventDefault();
  if (!unasked(event)) refuse(text);
});
document.addEventListener("htmx:error", (event) => unasked(event) || refuse(""));
