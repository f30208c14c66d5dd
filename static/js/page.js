// What controllers share: the words in the reader's language, the token, the whisper, the notices.
export const words = document.getElementById("words").dataset;
export const shared = "shared" in document.documentElement.dataset;

export function token() {
  return document.querySelector('meta[name="csrf-token"]').content;
}

export function whisper(text) {
  const place = document.getElementById("whisper");
  place.textContent = text;
  clearTimeout(place.timer);
  place.timer = setTimeout(() => { place.textContent = ""; }, 4000);
}

// For those who listen; those who look see it already.
export function announce(text) {
  document.getElementById("said").textContent = text;
}

export function notice(text, action, act) {
  const box = document.createElement("div");
  box.className = "notice warning";
  box.append(Object.assign(document.createElement("div"), { textContent: text }));
  if (action) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet-link", textContent: action });
    button.addEventListener("click", () => { act(); box.remove(); });
    box.append(button);
  }
  document.getElementById("notices").append(box);
  return box;
}

// The sentence of a refusal, out of the error page that carries it.
export function refuse(text) {
  const page = text && new DOMParser().parseFromString(text, "text/html");
  const said = page && page.querySelector("[data-refusal], main .notice.error, main .error, main .lede, main p");
  notice(said ? said.textContent.trim() : words.failed).scrollIntoView({ block: "nearest" });
}

export function typing(element) {
  return element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
}

export function later(wait, act) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...given), wait);
  };
}

// Only the newest question's answer counts; older ones are given up. Resolves to null when refused.
export function asker(read = (answer) => answer.json()) {
  let running = null;
  return async (url, options = {}) => {
    running?.abort();
    running = new AbortController();
    try {
      const answer = await fetch(url, { ...options, signal: running.signal, headers: { Accept: "application/json", ...options.headers } });
      return answer.ok ? await read(answer) : null;
    } catch {
      return null;
    }
  };
}
