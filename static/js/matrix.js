// data-matrix: arrow keys go from cell to cell and to the headings, Home and End along a row, Enter
// opens the cell: its services, or where there are none the form to draw one. One stop for the tab key.
export function start(table) {
  const heads = table.tHead.rows[0].cells;
  const rows = [table.tHead.rows[0], ...table.tBodies[0].rows].map((row) => [...row.cells]);
  const target = (cell) => cell.querySelector("a") ?? cell;
  const full = (cell) => cell.matches("td:has(a)");
  let at = [1, 1];

  rows.forEach((row, down) => row.forEach((cell, across) => {
    if (!down && !across) return;
    target(cell).tabIndex = -1;
    if (cell.matches("td:empty")) cell.setAttribute("aria-label", table.dataset.none ?? "");
  }));
  const first = rows.findIndex((row) => row.some(full));
  if (first < 0) move(1, 1, false);
  else move(first, rows[first].findIndex(full), false);

  function move(row, column, focus = true) {
    const next = rows[row]?.[column];
    if (!next || !(row || column)) return;
    target(rows[at[0]][at[1]]).tabIndex = -1;
    at = [row, column];
    target(next).tabIndex = 0;
    if (focus) target(next).focus();
  }

  function draw(cell) {
    const provider = cell.parentElement.cells[0].dataset.slug;
    const customer = heads[cell.cellIndex].dataset.slug;
    location.assign(`/map/services/new?provider=${provider}&customer=${customer}`);
  }

  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td, th");
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const [row, column] = at;
    const steps = {
      ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1], Home: [row, 1], End: [row, heads.length - 1],
    };
    if (event.key in steps) {
      event.preventDefault();
      move(...steps[event.key]);
    } else if (event.key === "Enter" && cell.matches("td:empty")) {
      event.preventDefault();
      draw(cell);
    }
  });
  table.addEventListener("click", (event) => {
    const cell = event.target.closest("tbody td");
    if (cell?.matches(":empty")) draw(cell);
  });
}
