// Pages where one writes: toolbar, preview, mentions and pictures around a text area.
import "../vendor/editor.js";
import { asker, notice, token, whisper, words } from "./page.js";

function preview(editor, area) {
  const pane = editor.querySelector("[data-preview-pane]");
  const writing = editor.querySelector("[data-write]");
  const reading = editor.querySelector("[data-preview]");
  const toolbar = editor.querySelector("markdown-toolbar");

  function turn(toPreview) {
    writing.setAttribute("aria-pressed", String(!toPreview));
    reading.setAttribute("aria-pressed", String(toPreview));
    pane.hidden = !toPreview;
    area.closest("text-expander").hidden = toPreview;
    toolbar.toggleAttribute("hidden", toPreview);
  }

  writing.addEventListener("click", () => { turn(false); area.focus(); });
  reading.addEventListener("click", async () => {
    turn(true);
    if (!area.value.trim()) { pane.textContent = words.none; return; }
    pane.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(reading.dataset.preview, { method: "POST", body: new URLSearchParams({ text: area.value }), headers: { "X-CSRF-Token": token(), Accept: "text/html", "HX-Request": "true" } });
      if (!answer.ok) throw new Error(answer.status);
      pane.innerHTML = await answer.text(); // sanitised by the forum, as on the page itself
    } catch {
      pane.textContent = words.failed;
    }
    pane.removeAttribute("aria-busy");
  });
}

function mentions(expander) {
  const ask = asker();

  function menu(items) {
    const list = Object.assign(document.createElement("ul"), { className: "suggestions" });
    list.setAttribute("role", "listbox");
    items.forEach((item, index) => {
      const line = Object.assign(document.createElement("li"), { id: `mention-${index}` });
      line.setAttribute("role", "option");
      line.dataset.value = `@[${item.name.replace(/[[\]\n]/g, " ")}](${item.kind}:${item.id})`;
      line.append(item.name, Object.assign(document.createElement("span"), { className: "meta", textContent: item.note ?? "" }));
      list.append(line);
    });
    return list;
  }

  expander.addEventListener("text-expander-change", (event) => {
    const { text, provide } = event.detail;
    provide(ask(`${expander.dataset.mentions}?q=${encodeURIComponent(text)}`).then((answer) => {
      const items = answer?.items ?? [];
      return { matched: items.length > 0, fragment: items.length ? menu(items) : null };
    }));
  });
  expander.addEventListener("text-expander-value", (event) => { event.detail.value = event.detail.item.dataset.value; });
}

function insert(area, text) {
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

async function send(area, file) {
  const body = new FormData();
  body.set("file", file);
  whisper(words.uploading);
  try {
    const answer = await fetch(area.dataset.upload, { method: "POST", body, headers: { "X-CSRF-Token": token(), Accept: "application/json" } });
    const said = await answer.json();
    if (!answer.ok) return void notice(said.detail ?? words.failed);
    insert(area, `![${(said.name ?? "").replace(/[[\]\n]/g, " ")}](${said.url})\n`);
  } catch {
    notice(words.failed);
  }
}

function uploads(editor, area) {
  const pictures = (items) => [...(items ?? [])].filter((file) => file.type.startsWith("image/"));
  const take = (event, files) => {
    if (!files.length) return;
    event.preventDefault();
    for (const file of files) send(area, file);
  };
  area.addEventListener("paste", (event) => take(event, pictures(event.clipboardData?.files)));
  area.addEventListener("drop", (event) => take(event, pictures(event.dataTransfer?.files)));
  editor.querySelector("[data-upload-for]")?.addEventListener("change", (event) => {
    take(event, pictures(event.target.files));
    event.target.value = "";
  });
}

export function start(editor) {
  if (editor.dataset.editor) return;
  editor.dataset.editor = "on";
  const area = editor.querySelector("textarea");
  editor.querySelector(".editor-bar").hidden = false;
  preview(editor, area);
  mentions(editor.querySelector("text-expander"));
  if (area.dataset.upload) uploads(editor, area);
}

for (const editor of document.querySelectorAll("[data-editor]")) start(editor);
// A reply form may arrive later.
document.addEventListener("htmx:after:swap", () => {
  for (const editor of document.querySelectorAll("[data-editor]")) start(editor);
});
