// data-opens="ID": opens a dialog over the page.
export function start(opener) {
  const dialog = document.getElementById(opener.dataset.opens);
  opener.addEventListener("click", () => {
    opener.closest("[popover]")?.hidePopover();
    dialog.showModal();
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
}
