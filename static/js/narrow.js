// data-narrow: a field that leaves only the matching lines of the list beside it.
export function start(field) {
  const lines = field.parentElement.querySelectorAll(".options > li");
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLocaleLowerCase();
    for (const line of lines) line.hidden = !line.textContent.toLocaleLowerCase().includes(wanted);
  });
  // The field stands inside the filter's popover, not in a form: Enter opens the first line left.
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") [...lines].find((line) => !line.hidden)?.querySelector("a").click();
  });
}
