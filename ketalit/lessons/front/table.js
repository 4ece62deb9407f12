// The evidence table: choose a view, filter, sort, and open a cell to read what stands behind it.

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function render({ model, el }) {
  const id = `ket-table-${Math.random().toString(36).slice(2)}`;
  const view = element("select", { id: `${id}-view` });
  for (const name of model.get("views")) view.append(element("option", { value: name }, name));
  const where = element("input", { id: `${id}-where`, type: "text", placeholder: "condition~CRPS AND n_total>=20", size: "34" });
  const tell = element("p", { class: "ket-message", role: "alert" });
  const count_ = element("p", { role: "status" });
  const table = element("table", {});
  const behind = element("div", { class: "ket-behind", role: "region", "aria-live": "polite", "aria-label": "Behind the cell" });
  const set = (name, value) => { model.set(name, value); model.save_changes(); };
  view.addEventListener("change", () => set("view", view.value));
  where.addEventListener("change", () => set("where", where.value));

  const rows = () => {
    const data = model.get("table");
    const sort = model.get("sort");
    const head = element("tr", {});
    for (const column of data.columns) {
      const down = sort === `-${column.key}`;
      const sorted = down || sort === column.key;
      const button = element("button", { type: "button" }, `${column.title}${sorted ? (down ? " ▼" : " ▲") : ""}`);
      button.addEventListener("click", () => set("sort", sort === column.key ? `-${column.key}` : column.key));
      head.append(element("th", { scope: "col", ...(sorted ? { "aria-sort": down ? "descending" : "ascending" } : {}) }, button));
    }
    const body = element("tbody", {});
    for (const row of data.rows) {
      const line = element("tr", row.struck ? { class: "ket-struck" } : {}, element("th", { scope: "row" }, row.name));
      row.cells.forEach((cell, at) => {
        const column = data.columns[at + 1];
        const button = element("button", { type: "button", class: cell.missing ? "ket-missing" : "", "aria-label": `${column.title} of ${row.name}: ${cell.text}. Show its source` }, cell.text);
        button.addEventListener("click", () => model.send({ study: row.study, field: column.key }));
        line.append(element("td", {}, button));
      });
      body.append(line);
    }
    table.replaceChildren(element("caption", { class: "ket-spoken" }, "Evidence table"), element("thead", {}, head), body);
    count_.textContent = data.told;
  };
  const stand = () => {
    view.value = model.get("view");
    if (document.activeElement !== where) where.value = model.get("where");
    tell.textContent = model.get("message");
  };
  const open = () => { behind.innerHTML = model.get("behind"); };
  model.on("change:table", rows);
  model.on("change:view change:where change:message", stand);
  model.on("change:behind", open);
  const box = element("div", { class: "ket-table" },
    element("p", {}, element("label", { for: view.id }, "View "), view, " ", element("label", { for: where.id }, "Only where "), where),
    tell, count_, element("div", { class: "ket-scroll", tabindex: "0", role: "region", "aria-label": "Evidence table, scrolls" }, table), behind);
  box.addEventListener("keydown", (event) => event.stopPropagation());
  el.append(box);
  rows();
  stand();
  open();
}

export default { render };
