// data-suggest: answers below the search field as one types (a combobox with a list).
import { announce, asker, later, words } from "./page.js";

export function start(field) {
  const list = Object.assign(document.createElement("ul"), { id: `${field.id}-list`, className: "suggestions", hidden: true });
  const ask = asker();
  let at = -1;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels[0]?.textContent ?? "");
  field.parentElement.append(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" })) {
    field.setAttribute(name, value);
  }

  const close = () => { open(false); };
  const options = () => [...list.children];

  function open(yes) {
    list.hidden = !yes;
    at = -1;
    field.setAttribute("aria-expanded", String(yes));
    field.removeAttribute("aria-activedescendant");
  }

  function option(item, index) {
    const line = Object.assign(document.createElement("li"), { id: `${list.id}-${index}` });
    line.setAttribute("role", "option");
    line.dataset.url = item.url;
    if (item.text) line.dataset.text = item.text;
    line.append(Object.assign(document.createElement("span"), { textContent: item.title }),
      Object.assign(document.createElement("span"), { className: "meta", textContent: item.label ?? "" }));
    line.addEventListener("pointerdown", (event) => event.preventDefault());
    line.addEventListener("click", () => take(line));
    return line;
  }

  // A filter is completed in the field, where one types on; anything else is gone to.
  function take(line) {
    if (!line.dataset.text) return location.assign(line.dataset.url);
    field.value = line.dataset.text;
    close();
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
    offer();
  }

  function choose(step) {
    const lines = options();
    at = (at + step + lines.length + 1) % (lines.length + 1);
    if (at === -1 || at >= lines.length) at = step > 0 && at >= lines.length ? 0 : lines.length - 1;
    lines.forEach((line, index) => line.setAttribute("aria-selected", String(index === at)));
    field.setAttribute("aria-activedescendant", lines[at].id);
    lines[at].scrollIntoView({ block: "nearest" });
  }

  async function offer() {
    const wanted = field.value.trim();
    if (wanted.length < 2 && (wanted || !field.dataset.starts)) return close();
    const text = encodeURIComponent(field.value.trimStart());
    const answer = await ask(wanted ? `${field.dataset.suggest}?filters=1&q=${text}` : field.dataset.starts);
    if (!answer || document.activeElement !== field) return;
    list.replaceChildren(...answer.items.map(option));
    open(answer.items.length > 0);
    if (answer.items.length) announce(`${words.found} ${answer.items.length}`);
  }

  field.addEventListener("input", later(150, offer));
  field.addEventListener("focus", () => { if (!field.value) offer(); });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") choose(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" && at >= 0) take(options()[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
}
