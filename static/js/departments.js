// data-suggest-departments="URL": departments that the text probably affects, as buttons to accept.
import { announce, later, token } from "./page.js";

export function start(box) {
  const form = box.closest("form");
  const list = box.querySelector("[data-suggested]");
  const offered = new Set();

  function accept(input, button) {
    input.checked = true;
    button.remove();
    box.hidden = !list.children.length;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function offer(id) {
    const input = form.querySelector(`input[name="departments"][value="${id}"]`);
    if (!input || input.checked || offered.has(id)) return;
    offered.add(id);
    const name = input.closest("label").textContent.trim();
    const button = Object.assign(document.createElement("button"), { type: "button", className: "chip", textContent: `+ ${name}` });
    button.addEventListener("click", () => accept(input, button));
    list.append(button);
    announce(name);
  }

  form.addEventListener("input", later(1200, async () => {
    const body = new URLSearchParams({ title: form.elements.title.value, problem: form.elements.problem.value.slice(0, 5000) });
    if (body.get("problem").length < 12) return;
    const answer = await fetch(box.dataset.suggestDepartments, { method: "POST", body, headers: { Accept: "application/json", "X-CSRF-Token": token() } }).catch(() => null);
    if (!answer?.ok) return;
    (await answer.json()).departments.forEach(offer);
    box.hidden = !list.children.length;
  }));
}
