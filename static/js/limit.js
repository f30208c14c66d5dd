// data-limit: says how many characters are left once the limit comes near. It never cuts.
import { words } from "./page.js";

export function start(field) {
  const limit = Number(field.dataset.limit);
  const line = Object.assign(document.createElement("p"), { className: "hint", hidden: true });
  line.setAttribute("role", "status");
  (field.closest(".editor-frame") ?? field).after(line);
  field.addEventListener("input", () => {
    const left = limit - [...field.value].length;
    line.hidden = left > Math.max(20, limit / 10);
    line.classList.toggle("over", left < 0);
    if (!line.hidden) line.textContent = left < 0 ? `${words.over} ${-left}` : `${words.left} ${left}`;
  });
}
