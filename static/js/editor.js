// Pages where one writes: toolbar, preview, mentions and files around a text area.
import "../vendor/editor.js";
import { asker, notice, token, whisper, words } from "./page.js";

// As a form with parts: in an address, Cyrillic is six bytes a letter, too many for a long standard.
function text(words) {
  const body = new FormData();
  body.append("text", words);
  return body;
}

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
      const answer = await fetch(reading.dataset.preview, { method: "POST", body: text(area.value), headers: { "X-CSRF-Token": token(), Accept: "text/html", "HX-Request": "true" } });
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
  area.setRangeText(text, area.selectionEnd, area.selectionEnd, "end"); // what was marked meanwhile stays
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

// Tells how far it is; only this way of asking knows.
function post(url, file, headers) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(), body = new FormData();
    body.set("file", file);
    request.upload.onprogress = (event) => whisper(`${words.sending} ${file.name}: ${Math.floor((100 * event.loaded) / event.total)} %`);
    request.onload = () => resolve(request);
    request.onerror = request.onabort = reject;
    request.responseType = "json";
    request.open("POST", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.send(body);
  });
}

async function send(area, file) {
  if (file.size > words.most * 1e6) return void notice(`${file.name}: ${words.large} ${words.most}`);
  whisper(`${words.sending} ${file.name}`);
  try {
    const answer = await post(area.dataset.upload, file, { "X-CSRF-Token": token(), Accept: "application/json" });
    whisper("");
    if (answer.status !== 201) return void notice(`${file.name}: ${answer.response?.detail ?? words.failed}`);
    insert(area, `${answer.response.markdown}\n`);
    whisper(`${answer.response.name} ✓`);
  } catch {
    whisper("");
    notice(`${file.name}: ${words.failed}`);
  }
}

// Office programs put a picture of the text beside the text that was copied: then the text is meant.
function pasted(clipboard) {
  const files = [...(clipboard?.files ?? [])];
  const drawn = files.every((file) => file.type.startsWith("image/")) && clipboard?.getData("text/plain").trim();
  return drawn && files.length === 1 ? [] : files;
}

function uploads(editor, area) {
  const take = async (event, files) => {
    if (!files.length) return;
    event.preventDefault();
    for (const file of files) await send(area, file); // one after the other, in their order
  };
  area.addEventListener("paste", (event) => take(event, pasted(event.clipboardData)));
  area.addEventListener("dragover", (event) => { if (event.dataTransfer?.types.includes("Files")) event.preventDefault(); });
  area.addEventListener("drop", (event) => take(event, [...(event.dataTransfer?.files ?? [])]));
  for (const chooser of editor.querySelectorAll("[data-upload-for]")) {
    chooser.addEventListener("change", (event) => {
      take(event, [...event.target.files]);
      event.target.value = "";
      area.focus();
    });
  }
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
