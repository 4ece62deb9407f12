// Hands the static table to DataTables. `DataTables` and `followDarkMode` are bound by ketalit/export/html.py.
followDarkMode();
const element = document.getElementById("evidence");
const heads = [...element.tHead.rows[0].cells];
const where = (test) => heads.flatMap((cell, at) => (test(cell.dataset) ? [at] : []));
const table = new DataTables(element, {
  paging: false,
  order: [],
  autoWidth: false,
  columnDefs: [
    // A closed list of words: tick them off. "filter" is the plain text of a cell, without its marks.
    { targets: where((data) => data.kind === "list"), columnControl: [[{ extend: "searchList", orthogonal: "filter" }]] },
    { targets: where((data) => data.kind === "num"), type: "num" },
    { targets: where((data) => "hidden" in data), visible: false },
  ],
  columnControl: ["searchDropdown"],
  layout: {
    topStart: {
      buttons: [
        { extend: "colvis", text: "Columns", columns: ":gt(0)", background: false, collectionLayout: "two-column" },
        { extend: "colvisGroup", text: "All columns", show: ":hidden" },
        { text: "Clear filters", action: (event, api) => api.search("").columns().ccSearchClear().draw() },
      ],
      info: {},
    },
    topEnd: "search",
    bottomStart: null,
    bottomEnd: null,
  },
  language: {
    search: "Search all columns",
    entries: { _: "studies", 1: "study" },
    info: "_TOTAL_ _ENTRIES-TOTAL_ shown",
    infoEmpty: "No study fits",
    infoFiltered: "(of _MAX_)",
    zeroRecords: "No study fits these filters.",
  },
});
// Say which column a filter button belongs to.
table.columns().every(function () {
  const title = this.title();
  for (const button of this.header().querySelectorAll("button.dtcc-button")) {
    button.setAttribute("aria-label", `Filter ${title}`);
    button.title = `Filter ${title}`;
  }
});
// The library has put its controls around the table: only the table itself is to scroll, not they.
const outer = element.closest(".scroll");
const inner = element.parentElement;
for (const name of ["role", "aria-labelledby", "tabindex"]) {
  inner.setAttribute(name, outer.getAttribute(name));
  outer.removeAttribute(name);
}
outer.classList.remove("scroll");
inner.classList.add("scroll");
element.querySelectorAll("a.sources").forEach((link) => {
  link.setAttribute("role", "button");
  link.setAttribute("aria-expanded", "false");
});
const toggle = (event) => {
  const link = event.target.closest("a.sources");
  if (!link || (event.type === "keydown" && event.key !== " ")) return;
  event.preventDefault();
  const row = table.row(link.closest("tr"));
  const open = row.child.isShown();
  if (open) row.child.hide();
  else row.child(document.querySelector(`${link.getAttribute("href")} > .behind`).cloneNode(true), "child").show();
  link.setAttribute("aria-expanded", String(!open));
};
element.addEventListener("click", toggle);
element.addEventListener("keydown", toggle);
