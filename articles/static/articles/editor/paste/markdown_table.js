// Tables of pasted HTML: which cells they have, and how Markdown writes them.

// Wider ones are no tables to read.
const MAX_COLUMNS = 40;

// Returns the cells of a table row by row, each an element or null where another reaches over; or null where the table
// only places things on a page.
export function cellsOf(table) {
  if (table.getAttribute("role") === "presentation" || table.querySelector("table, pre, h1, h2, h3, h4, h5, h6")) {
    return null;
  }
  const rows = [];
  [...table.rows].forEach((row, number) => {
    rows[number] ??= [];
    let column = 0;
    for (const cell of [...row.cells].slice(0, MAX_COLUMNS + 1)) {
      while (rows[number][column] !== undefined) {
        column += 1;
      }
      // As far as the table goes, whatever the cell says.
      const below = Math.min(cell.rowSpan || 1, table.rows.length - number), beside = Math.min(cell.colSpan, MAX_COLUMNS);
      for (let down = 0; down < below; down += 1) {
        for (let right = 0; right < beside; right += 1) {
          (rows[number + down] ??= [])[column + right] = down || right ? null : cell;
        }
      }
      column += beside;
    }
  });
  const filled = rows.filter((row) => row.some(Boolean));
  const width = Math.max(0, ...filled.map((row) => row.length));
  return width < 2 || width > MAX_COLUMNS || (filled.length < 2 && !table.querySelector("th"))
    ? null
    : filled.map((row) => Array.from({ length: width }, (_, column) => row[column] ?? null));
}

// Returns a table of words. The first row is its head: Markdown knows no table without one.
export function tableOf(rows, alignments, caption) {
  const line = (words) => `| ${words.join(" | ")} |`;
  const rule = alignments.map((alignment) => ({ center: ":-:", right: "--:" })[alignment] ?? "---");
  return [line(rows[0]), line(rule), ...rows.slice(1).map(line)].join("\n") + (caption && `\n\nTable: ${caption}`);
}

// Returns how the cells of each column are set, below the head: "center", "right" or "".
export function alignmentsOf(rows) {
  const body = rows.length > 1 ? rows.slice(1) : rows;
  return rows[0].map((_, column) => {
    const cells = body.map((row) => row[column]).filter((cell) => cell?.textContent.trim());
    const found = new Set(cells.map(alignmentOf));
    return found.size === 1 ? [...found][0] : "";
  });
}

function alignmentOf(cell) {
  const holder = [cell, cell.firstElementChild].find((each) => each?.dataset.style?.includes("text-align")) ?? cell;
  const style = holder.dataset.style?.match(/text-align:\s*(center|right)/)?.[1];
  return style ?? cell.getAttribute("align") ?? cell.querySelector("p[align]")?.getAttribute("align") ?? "";
}
