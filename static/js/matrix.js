// data-matrix: arrow keys go from cell to cell, Home and End along a row, Enter opens the cell: its
// services, or where there are none the form to draw one. One stop for the tab key.
export function start(table) {
  const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].slice(1));
  const target = (cell) => cell.firstElementChild ?? cell;
  let at = [0, 0];
  const heads = [...table.tHead.rows[0].cells].slice(1);
  const slug = (head) => head?.dataset.slug;

  for (const row of rows) {
    for (const cell of row) {
      target(cell).tabIndex = -1;
      if (!cell.firstElementChild) cell.setAttribute("aria-label", table.dataset.none ?? "");
    }
  }
  const first = rows.findIndex((row) => row.some((cell) => cell.firstElementChild));
  move(Math.max(first, 0), Math.max(rows[first]?.findIndex((cell) => cell.firstElementChild) ?? 0, 0), false);

  function move(row, column, focus = true) {
    const next = rows[row]?.[column];
    if (!next) return;
    target(rows[at[0]][at[1]]).tabIndex = -1;
    at = [row, column];
    target(next).tabIndex = 0;
    if (focus) target(next).focus();
  }

  function draw(cell) {
    const provider = slug(cell.parentElement.cells[0]);
    const customer = slug(heads[cell.cellIndex - 1]);
    if (provider && customer) location.assign(`/map/services/new?provider=${provider}&customer=${customer}`);
  }

  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("tbody td");
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const [row, column] = at;
    const steps = {
      ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1], Home: [row, 0], End: [row, heads.length - 1],
    };
    if (event.key in steps) {
      event.preventDefault();
      move(...steps[event.key]);
    } else if (event.key === "Enter" && !cell.firstElementChild) {
      event.preventDefault();
      draw(cell);
    }
  });
  table.addEventListener("click", (event) => {
    const cell = event.target.closest("tbody td");
    if (cell && !cell.firstElementChild) draw(cell);
  });
}
