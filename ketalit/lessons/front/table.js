// The evidence table: choose a view, filter, sort, and open a cell to read what stands behind it.

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// Where the arrow keys and their like lead to in a table of so many rows (its head is one) and columns.
export function stepped(key, [row, column], rows, columns) {
  const inside = (value, count) => Math.min(count - 1, Math.max(0, value));
  const to = {
    ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
    Home: [row, 0], End: [row, columns - 1], PageUp: [row - 8, column], PageDown: [row + 8, column],
  }[key];
  return to ? [inside(to[0], rows), inside(to[1], columns)] : null;
}

function render({ model, el }) {
  const id = `ket-table-${Math.random().toString(36).slice(2)}`; // a count would begin anew in every widget
  const view = element("select", { id: `${id}-view` });
  for (const name of model.get("views")) view.append(element("option", { value: name }, name));
  const where = element("input", { id: `${id}-where`, type: "text", placeholder: "condition~CRPS AND n_total>=20", size: "34", "aria-describedby": `${id}-tell`, spellcheck: "false", autocomplete: "off" });
  const filter = element("button", { type: "button" }, "Filter");
  const tell = element("p", { class: "ket-message", role: "alert", id: `${id}-tell` });
  const told = element("p", { role: "status" });
  const table = element("table", { "aria-describedby": `${id}-how` });
  const how = element("p", { id: `${id}-how`, class: "ket-how" }, "A heading sorts; a cell tells its source. In the table the arrow keys go from cell to cell.");
  const names = element("dl", {});
  const marks = element("div", {});
  marks.innerHTML = model.get("key");
  const behind = element("div", { class: "ket-behind", role: "region", "aria-live": "polite", "aria-label": "Behind the cell" });
  const set = (name, value) => { model.set(name, value); model.save_changes(); };
  view.addEventListener("change", () => set("view", view.value));
  const ask = () => set("where", where.value.trim());
  where.addEventListener("change", ask);
  filter.addEventListener("click", ask);

  // One cell at a time can be reached with Tab; the arrow keys move it. Hundreds of stops would be a wall.
  let buttons = [];
  let place = [1, 0];
  let open_ = "";
  const stand = (to, focus) => {
    buttons[place[0]]?.[place[1]]?.setAttribute("tabindex", "-1");
    place = [Math.min(to[0], buttons.length - 1), Math.min(to[1], buttons[0].length - 1)];
    const row = buttons[place[0]];
    const button = row[Math.min(place[1], row.length - 1)];
    button.setAttribute("tabindex", "0");
    if (focus) button.focus();
  };
  const find = (button) => {
    const row = buttons.findIndex((line) => line.includes(button));
    return row < 0 ? null : [row, buttons[row].lastIndexOf(button)];
  };
  table.addEventListener("keydown", (event) => {
    const at = find(event.target);
    const to = at && !event.ctrlKey && !event.metaKey && stepped(event.key, at, buttons.length, buttons[0].length);
    if (!to) return;
    event.preventDefault();
    stand(to, true);
  });
  table.addEventListener("focusin", (event) => {
    const at = find(event.target);
    if (at) stand(at, false);
  });

  const rows = () => {
    const data = model.get("table");
    const sort = model.get("sort").split(",")[0];
    const focused = table.contains(document.activeElement);
    const button = (attributes, text) => element("button", { type: "button", tabindex: "-1", ...attributes }, text);
    const head = element("tr", {});
    buttons = [data.columns.map((column) => {
      const down = sort === `-${column.key}`;
      const sorted = down || sort === column.key;
      const made = button({}, `${column.title}${sorted ? (down ? " ▼" : " ▲") : ""}`);
      made.addEventListener("click", () => set("sort", sort === column.key ? `-${column.key}` : column.key));
      head.append(element("th", { scope: "col", ...(sorted ? { "aria-sort": down ? "descending" : "ascending" } : {}) }, made));
      return made;
    })];
    const body = element("tbody", {});
    for (const row of data.rows) {
      const name = element("th", { scope: "row" }, row.name);
      if (row.struck) name.append(element("span", { class: "ket-spoken" }, " (not counted)"));
      const line = element("tr", row.struck ? { class: "ket-struck" } : {}, name);
      buttons.push([...row.cells.map((cell, at) => {
        const column = data.columns[at + 1];
        const said = [cell.text, cell.mark].filter(Boolean).join(", ");
        const made = button({ class: cell.missing ? "ket-missing" : "", "aria-label": `${column.title} of ${row.name}: ${said}. Show its source` }, cell.text);
        if (cell.mark) made.append(element("sup", {}, cell.mark));
        made.addEventListener("click", () => {
          table.querySelector("[aria-current]")?.removeAttribute("aria-current");
          made.setAttribute("aria-current", "true");
          model.send({ study: row.study, field: column.key });
        });
        line.append(element("td", {}, made));
        return made;
      })]);
      body.append(line);
    }
    // The first column has names and no buttons: there the second stands for it.
    for (const line of buttons.slice(1)) line.unshift(line[0]);
    table.replaceChildren(element("caption", { class: "ket-spoken" }, "Evidence table"), element("thead", {}, head), body);
    names.replaceChildren(...data.columns.flatMap((column) => [element("dt", {}, element("code", {}, column.key)), element("dd", {}, column.title)]));
    told.textContent = data.told;
    stand(place, focused);
  };
  const standing = () => {
    view.value = model.get("view");
    if (document.activeElement !== where) where.value = model.get("where");
    tell.textContent = model.get("message");
  };
  const open = () => { behind.innerHTML = model.get("behind"); };
  model.on("change:table", rows);
  model.on("change:view change:where change:message", standing);
  model.on("change:behind", open);
  const folded = (title, inner) => element("details", {}, element("summary", {}, title), inner);
  const box = element("div", { class: "ket-table" },
    element("p", {}, element("label", { for: view.id }, "View "), view, " ", element("label", { for: where.id }, "Only where "), where, " ", filter),
    tell, told, how,
    element("div", { class: "ket-scroll", tabindex: "0", role: "region", "aria-label": "Evidence table, scrolls" }, table), behind,
    folded("Names for “Only where”: ~ is “holds the words”; =, >=, <= compare; AND joins", names),
    folded("What the marks C2, R? and the words for silence mean", marks));
  // Jupyter takes keys for itself unless they stop here; with Ctrl or Cmd they are meant for it.
  box.addEventListener("keydown", (event) => { if (event.key === "Enter" || !(event.ctrlKey || event.metaKey)) event.stopPropagation(); });
  el.append(box);
  rows();
  standing();
  open();
}

export default { render };
