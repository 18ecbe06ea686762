// A table of which one row can be chosen, a page at a time. Cells go in as text, never as markup.

function element(tag, attributes = {}, text = "") {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text) made.textContent = text;
  return made;
}

function render({ model, el }) {
  const done = new AbortController();
  const listen = { signal: done.signal };
  const root = element("div", { class: "wb-choice" });
  const region = element("div", { class: "wb-scroll", role: "region", tabindex: "0" });
  const table = element("table", { class: "wb-table wb-choice-table", role: "grid" });
  const head = element("thead");
  const body = element("tbody");
  const none = element("p", { class: "wb-muted wb-choice-none" });
  const pages = element("div", { class: "wb-pages", role: "group" });
  const previous = element("button", { type: "button", class: "wb-button" }, "Previous");
  const next = element("button", { type: "button", class: "wb-button" }, "Next");
  const where = element("span", { class: "wb-muted", role: "status" });
  table.append(head, body);
  region.append(table);
  pages.append(previous, where, next);
  root.append(region, none, pages);
  el.append(root);

  let current = 0; // the row that Tab leads to
  let wanted = -1; // the row to go to once the next page is here; -1 for none

  const rows = () => Array.from(body.rows);

  function stand(number, { focus } = {}) {
    const all = rows();
    if (!all.length) return;
    current = Math.min(all.length - 1, Math.max(0, number));
    all.forEach((row, at) => row.setAttribute("tabindex", at === current ? "0" : "-1"));
    if (focus) all[current].focus();
  }

  function choose(number) {
    const key = model.get("rows")[number]?.key;
    if (key === undefined || key === model.get("chosen")) return;
    model.set("chosen", key);
    model.save_changes();
  }

  function turn(by, row) {
    const page = model.get("page") + by;
    if (page < 0 || page >= model.get("pages")) return false;
    wanted = row;
    model.set("page", page);
    model.save_changes();
    return true;
  }

  function mark() {
    const chosen = model.get("chosen");
    model.get("rows").forEach((row, at) => {
      body.rows[at]?.setAttribute("aria-selected", String(row.key === chosen));
    });
  }

  function paging() {
    const page = model.get("page");
    const count = model.get("pages");
    const held = document.activeElement;
    where.textContent = model.get("where");
    previous.disabled = page <= 0;
    next.disabled = page >= count - 1;
    pages.hidden = count <= 1;
    if (held === previous && previous.disabled) next.focus();
    if (held === next && next.disabled) previous.focus();
  }

  function draw() {
    const columns = model.get("columns");
    const held = body.contains(document.activeElement);
    const line = element("tr");
    line.append(
      ...columns.map(({ label, number }) =>
        element("th", { scope: "col", ...(number ? { class: "wb-number" } : {}) }, label)),
    );
    head.replaceChildren(line);
    body.replaceChildren(
      ...model.get("rows").map(({ key, cells }) => {
        const row = element("tr", { tabindex: "-1", "aria-selected": "false", "data-key": key });
        row.append(
          ...cells.map((cell, at) => element("td", columns[at]?.number ? { class: "wb-number" } : {}, String(cell))),
        );
        return row;
      }),
    );
    const empty = !model.get("rows").length;
    region.hidden = empty;
    none.hidden = !empty;
    none.textContent = model.get("nobody");
    mark();
    const chosen = model.get("rows").findIndex((row) => row.key === model.get("chosen"));
    const back = wanted >= 0;
    stand(back ? wanted : Math.max(0, chosen), { focus: back || held });
    wanted = -1;
  }

  function name() {
    const label = model.get("label");
    table.setAttribute("aria-label", label);
    region.setAttribute("aria-label", `${label}: scrolls sideways`);
    pages.setAttribute("aria-label", `Pages of ${label}`);
  }

  body.addEventListener("click", (event) => {
    const number = rows().indexOf(event.target.closest("tr"));
    if (number < 0) return;
    stand(number, { focus: true });
    choose(number);
  }, listen);
  body.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const number = rows().indexOf(event.target.closest("tr"));
    if (number < 0) return;
    const last = rows().length - 1;
    const steps = {
      ArrowDown: () => (number < last ? stand(number + 1, { focus: true }) : turn(1, 0)),
      ArrowUp: () => (number > 0 ? stand(number - 1, { focus: true }) : turn(-1, Infinity)),
      Home: () => stand(0, { focus: true }),
      End: () => stand(last, { focus: true }),
      PageDown: () => turn(1, 0),
      PageUp: () => turn(-1, 0),
      Enter: () => choose(number),
      " ": () => choose(number),
    };
    if (!(event.key in steps)) return;
    event.preventDefault(); // else the page scrolls, and JupyterLab moves between cells
    event.stopPropagation();
    steps[event.key]();
  }, listen);
  region.addEventListener("keydown", (event) => {
    if (event.target === region && event.key.startsWith("Arrow")) event.stopPropagation();
  }, listen);
  for (const [button, by] of [[previous, -1], [next, 1]]) {
    button.addEventListener("click", () => {
      if (turn(by, 0)) wanted = -1; // the hand stays on the button
    }, listen);
    button.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") event.stopPropagation();
    }, listen);
  }

  const all = () => {
    draw();
    paging();
    name();
  };
  const names = { "change:rows": draw, "change:columns": draw, "change:nobody": draw, "change:chosen": mark, "change:page": paging, "change:pages": paging, "change:where": paging, "change:label": name };
  all();
  guard(model, el, done.signal);
  for (const [event, callback] of Object.entries(names)) model.on(event, callback);
  return () => {
    done.abort();
    for (const [event, callback] of Object.entries(names)) model.off(event, callback);
  };
}

export default { render };
