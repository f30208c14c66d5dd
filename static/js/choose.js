// data-choose-all="name": one tick for all boxes of that name in the form. Hidden until it can work.
export function start(all) {
  const boxes = [...all.form.querySelectorAll(`input[name="${all.dataset.chooseAll}"]`)];
  const show = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  };
  all.closest("[hidden]").hidden = boxes.length < 2;
  all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; });
  for (const box of boxes) box.addEventListener("change", show);
  show();
}
