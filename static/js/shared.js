// A shared terminal signs out by itself after data-idle-minutes, and keeps nothing behind.
const minutes = Number(document.documentElement.dataset.idleMinutes) || 10;
const form = document.querySelector("[data-sign-out]");
let last = Date.now();

function forget() {
  localStorage.clear();
  sessionStorage.clear();
}

forget();
for (const sign of ["pointerdown", "keydown", "scroll", "touchstart"]) {
  addEventListener(sign, () => { last = Date.now(); }, { passive: true, capture: true });
}
form?.addEventListener("submit", forget);
// Asked of the clock, not of one long timer, so a terminal that slept signs out as it wakes.
setInterval(() => {
  if (Date.now() - last < minutes * 60_000) return;
  last = Infinity;
  form?.requestSubmit();
}, 5_000);
