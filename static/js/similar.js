// data-similar="#panel" on a form: ideas and rules like the one being written, beside it. It never
// stops anybody: focus stays in the text, and what is being used in the panel is not exchanged.
import { announce, asker, later, words } from "./page.js";

const asText = (answer) => answer.text();

export function start(form) {
  const panel = document.querySelector(form.dataset.similar);
  const place = panel.querySelector("[data-found]");
  const ask = asker(asText);
  const dismissed = new Set();
  const own = form.getAttribute("action").match(/\/ideas\/(\d+)\/edit/)?.[1] ?? "";
  const text = (name) => form.elements[name]?.value.trim().slice(0, 2000) ?? "";
  let told = "";

  function hideRules() {
    for (const rule of place.querySelectorAll("[data-rule]")) rule.hidden = dismissed.has(rule.dataset.rule);
    panel.hidden = !place.querySelector("li, [data-rule]:not([hidden])");
  }

  form.addEventListener("input", later(300, async () => {
    const title = text("title"), body = text("problem") || text("body");
    if ((title + body).length < 8) return panel.toggleAttribute("hidden", true);
    const answer = await ask(`/search/similar?${new URLSearchParams({ title, body, own })}`, { headers: { "HX-Request": "true" } });
    if (answer === null || panel.contains(document.activeElement)) return;
    const about = place.querySelector("[name=about]:checked")?.value;
    place.innerHTML = answer;
    for (const box of place.querySelectorAll("[name=about]")) box.checked = box.value === about;
    window.htmx?.process(place);
    hideRules();
    const found = [...place.querySelectorAll("a")].map((link) => link.href).join();
    if (found && found !== told && !panel.hidden) announce(`${words.similar} ${place.firstElementChild.dataset.count}`);
    told = found;
  }));

  panel.addEventListener("click", (event) => {
    const button = event.target.closest("[data-dismiss]");
    if (!button) return;
    dismissed.add(button.closest("[data-rule]").dataset.rule);
    hideRules();
    form.elements.problem.focus({ preventScroll: true });
  });
}
