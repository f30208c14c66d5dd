// data-finished: the reader has seen this page of results; the forum may remember the search for them.
import { token } from "./page.js";

export function start(mark) {
  const body = new URLSearchParams({ csrf_token: token(), address: mark.dataset.finished, found: mark.dataset.found });
  fetch("/search/finished", { method: "POST", body, keepalive: true }).catch(() => {});
}
