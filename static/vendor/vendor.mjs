// Fetches what the browser receives and we did not write, and lays it where it is served.
// Run by a maintainer only: `node static/vendor/vendor.mjs`. Users and tests never need Node.
// Packages are unpacked in a temporary folder, so the checkout (and the wheel) never holds them.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const vendor = dirname(fileURLToPath(import.meta.url));
const packages = join(vendor, "src");
const work = mkdtempSync(join(tmpdir(), "vendor-"));
const modules = join(work, "node_modules");

// Our name for a drawing -> its name in Lucide. Stages and answers have their own names, so that
// a drawing can be changed without touching a template.
const ICONS = {
  "stage-draft": "circle-dashed", "stage-open": "circle", "stage-review": "circle-dot",
  "stage-accepted": "circle-check", "stage-standardised": "badge-check", "stage-done": "check-check",
  "stage-declined": "circle-slash", "stage-merged": "merge", "stage-withdrawn": "undo-2",
  "answer-helps": "thumbs-up", "answer-no_effect": "minus", "answer-needs_change": "pencil",
  "answer-harms": "triangle-alert", "answer-waiting": "clock",
  home: "house", idea: "lightbulb", standard: "book-open", department: "network", search: "search",
  plus: "plus", inbox: "inbox", person: "circle-user", more: "ellipsis", support: "arrow-up",
  check: "check", close: "x", down: "chevron-down", next: "chevron-right", back: "arrow-left", "forward": "arrow-right",
  comment: "message-square", reply: "corner-down-right", edit: "pencil", remove: "trash-2", undo: "undo-2",
  link: "link", follow: "bell", unfollow: "bell-off", flag: "flag", history: "history", compare: "git-compare",
  print: "printer", download: "download", external: "external-link",
  question: "circle-question-mark", info: "info", warning: "triangle-alert",
  error: "circle-alert", calendar: "calendar", people: "users", settings: "settings", moderation: "gavel",
  admin: "sliders-horizontal", "sign-out": "log-out", keyboard: "keyboard", auto: "monitor", light: "sun", dark: "moon",
  heading: "heading", bold: "bold", italic: "italic", quote: "quote", code: "code", list: "list",
  numbers: "list-ordered", image: "image", file: "file-text", camera: "camera", mention: "at-sign",
};

const FONTS = {
  "inter-latin.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
  "inter-cyrillic.woff2": "@fontsource-variable/inter/files/inter-cyrillic-wght-normal.woff2",
  "serif-latin.woff2": "@fontsource/source-serif-4/files/source-serif-4-latin-600-normal.woff2",
  "serif-cyrillic.woff2": "@fontsource/source-serif-4/files/source-serif-4-cyrillic-600-normal.woff2",
};

const LICENSES = {
  htmx: "htmx.org", "markdown-toolbar-element": "@github/markdown-toolbar-element",
  "text-expander-element": "@github/text-expander-element", "combobox-nav": "@github/combobox-nav",
  lucide: "lucide-static", inter: "@fontsource-variable/inter", "source-serif-4": "@fontsource/source-serif-4",
};

function install() {
  for (const name of ["package.json", "package-lock.json"]) cpSync(join(packages, name), join(work, name));
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: work, stdio: "inherit" });
}

function bundleEditor() {
  const entry = 'import "@github/markdown-toolbar-element"; import "@github/text-expander-element";';
  writeFileSync(join(work, "entry.mjs"), entry);
  execFileSync(join(modules, ".bin", "esbuild"), [
    "entry.mjs", "--bundle", "--format=esm", "--minify", "--target=es2022", "--legal-comments=none",
    `--outfile=${join(vendor, "editor.js")}`,
  ], { cwd: work, stdio: "inherit" });
}

function drawing(lucide) {
  const svg = readFileSync(join(modules, "lucide-static", "icons", `${lucide}.svg`), "utf8");
  return svg.replace(/<!--.*?-->/gs, "").replace(/^.*?<svg[^>]*>/s, "").replace(/<\/svg>\s*$/, "")
    .replace(/\s*\n\s*/g, "").replace(/ \/>/g, "/>");
}

function sprite() {
  const mark = readFileSync(join(packages, "mark.svg"), "utf8").replace(/^.*?<svg[^>]*>/s, "").replace(/<\/svg>\s*$/, "").trim();
  const symbols = Object.entries(ICONS).map(([name, lucide]) =>
    `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${drawing(lucide)}</symbol>`);
  const lines = ["<!-- Drawings by Lucide (ISC, see vendor/licenses/lucide.txt); the mark is our own. -->",
    `<symbol id="mark" viewBox="0 0 32 32">${mark}</symbol>`, ...symbols];
  writeFileSync(join(vendor, "..", "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">\n${lines.join("\n")}\n</svg>\n`);
}

function copy() {
  const fonts = join(vendor, "..", "fonts");
  const licenses = join(vendor, "licenses");
  for (const folder of [fonts, licenses]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  for (const [name, from] of Object.entries(FONTS)) cpSync(join(modules, from), join(fonts, name));
  for (const [name, from] of Object.entries(LICENSES)) cpSync(join(modules, from, "LICENSE"), join(licenses, `${name}.txt`));
  const htmx = readFileSync(join(modules, "htmx.org", "dist", "htmx.min.js"), "utf8");
  writeFileSync(join(vendor, "htmx.js"), htmx.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"));
}

function manifest() {
  const served = ["vendor/htmx.js", "vendor/editor.js", "icons.svg",
    ...readdirSync(join(vendor, "..", "fonts")).map((name) => `fonts/${name}`),
    ...readdirSync(join(vendor, "licenses")).map((name) => `vendor/licenses/${name}`)].sort();
  const lines = served.map((name) =>
    `${createHash("sha256").update(readFileSync(join(vendor, "..", name))).digest("hex")}  ${name}`);
  writeFileSync(join(vendor, "SHA256SUMS"), `${lines.join("\n")}\n`);
}

try {
  install();
  copy();
  bundleEditor();
  sprite();
  manifest();
} finally {
  rmSync(work, { recursive: true, force: true });
}
