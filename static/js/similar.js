// data-similar="#panel" on a form: ideas and rules like the one being written, beside it.
import { announce, asker, later, marked, words } from "./page.js";

function line(hit) {
  const item = document.createElement("li");
  item.append(Object.assign(document.createElement("a"), { href: hit.url, textContent: hit.title, target: "_blank", rel: "noopener" }));
  if (hit.snippet) item.append(marked(hit.snippet));
  return item;
}

export function start(form) {
  const panel = document.querySelector(form.dataset.similar);
  const ask = asker();
  const text = (name) => form.elements[name]?.value.trim().slice(0, 2000) ?? "";
  let told = "";

  form.addEventListener("input", later(300, async () => {
    const title = text("title"), body = text("problem") || text("body");
    if ((title + body).length < 8) return panel.toggleAttribute("hidden", true);
    const answer = await ask(`/search/similar?${new URLSearchParams({ title, body })}`);
    if (!answer) return;
    panel.querySelector("ul").replaceChildren(...answer.hits.map(line));
    panel.hidden = !answer.hits.length;
    const found = answer.hits.map((hit) => hit.url).join();
    if (found && found !== told) announce(`${words.similar} ${answer.hits.length}`);
    told = found;
  }));
}
