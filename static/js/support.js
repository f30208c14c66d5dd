// data-support: shows the vote at once, and the old state again when the forum refuses.
function show(button, voted, votes) {
  button.dataset.voted = voted ? "1" : "0";
  button.setAttribute("aria-pressed", String(voted));
  button.querySelector(".count").textContent = votes;
}

document.addEventListener("htmx:before:request", (event) => {
  const button = event.target;
  if (!button.matches?.("[data-support]")) return;
  const before = [button.dataset.voted === "1", Number(button.dataset.votes)];
  show(button, !before[0], before[1] + (before[0] ? -1 : 1));
  button.addEventListener("htmx:finally:request", () => {
    if (button.isConnected) show(button, ...before);
  }, { once: true });
});

// The row says the same as its button, and focus stays where it was.
document.addEventListener("htmx:after:swap", (event) => {
  const row = event.detail.ctx.sourceElement?.row ?? event.target.closest?.("[data-idea]");
  const button = row?.querySelector("[data-support]");
  if (!button) return;
  row.dataset.votes = button.dataset.votes;
  row.dataset.voted = button.dataset.voted;
  if (document.activeElement === document.body) button.focus({ preventScroll: true });
});
document.addEventListener("htmx:config:request", (event) => { event.target.row = event.target.closest?.("[data-idea]"); });
