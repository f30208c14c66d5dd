// An address kept from when a thread was shorter names a comment that its newest page shows no more.
function seek() {
  const [, id] = /^#comment-(\d+)$/.exec(location.hash) || [];
  const asked = new URLSearchParams(location.search).get("comment");
  if (id && id !== asked && !document.getElementById(`comment-${id}`)) location.replace(`/comments/${id}`);
}

export function start() {
  seek();
  addEventListener("hashchange", seek);
}
