// data-print: a button that prints the page. Hidden until it can work.
export function start(button) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
