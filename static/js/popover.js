// Says whether a popover is open, and places it where the browser cannot anchor it by CSS.
const anchors = CSS.supports("position-area: end");

function place(opener, popover) {
  if (anchors || innerWidth < 720) return;
  const box = opener.getBoundingClientRect();
  popover.style.top = `${box.bottom}px`;
  popover.style.left = `${Math.max(8, Math.min(box.left, innerWidth - popover.offsetWidth - 8))}px`;
}

export function start(opener) {
  const popover = document.getElementById(opener.getAttribute("popovertarget"));
  popover?.addEventListener("toggle", (event) => {
    if (event.newState === "open") place(opener, popover);
  });
}
