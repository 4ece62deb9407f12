// Before table.js, in the page of a large table: its rows come packed, and only those in sight become elements.
const opening = document.getElementById("opening");
opening.hidden = false;
const unpack = async (id) => {
  const packed = atob(document.getElementById(id).textContent);
  const bytes = Uint8Array.from(packed, (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
};
const safe = (text) => String(text).replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
const packed = await unpack("rows");
// A cell: its text, its mark, the reason why it has no value, whether others differ, what it is sorted by.
const shown = ([text, mark, , conflict]) =>
  `<span>${safe(text)}</span>` +
  (mark ? `<sup>${safe(mark)}</sup>` : "") +
  (conflict ? '<sup class="conflict">≠<span class="hidden"> another origin gives a different value</span></sup>' : "");
const study = { display: (row) => row[0][0], filter: (row) => row[0][2] };
const cell = { display: (it) => shown(it), filter: (it) => it[0] };
const large = {
  data: packed.rows,
  columns: [...document.getElementById("evidence").tHead.rows[0].cells].map((_, at) => {
    if (at === 0) return { cellType: "th", data: null, render: (row, type) => (study[type] ?? ((it) => it[0][1]))(row) };
    if (at === 1) return { data: 1 };
    return {
      data: (row) => packed.cells[row[at]],
      render: (it, type) => (cell[type] ?? (() => it[4] ?? it[0]))(it),
      createdCell: (td, it) => it[2] && td.classList.add("missing"),
    };
  }),
  createdRow: (tr, row) => {
    tr.classList.toggle("retracted", Boolean(row[0][3]));
    tr.cells[0].scope = "row";
  },
  deferRender: true,
  paging: true,
  pageLength: 50,
  lengthChange: false,
};
const blocks = new Map();
const sourcesOf = async (link) => {
  const number = Number(link.getAttribute("href").split("-")[1]) - 1;
  const block = Math.floor(number / packed.block);
  if (!blocks.has(block)) blocks.set(block, await unpack(`sources-${block}`));
  const holder = document.createElement("template");
  holder.innerHTML = blocks.get(block)[number % packed.block];
  return holder.content.firstElementChild;
};
