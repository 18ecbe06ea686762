// The bar of the tuner. What is asked of it goes up to the one queue of the page (controls.js), behind the edits.

const STEPS_BACK = [["undo", "Undo"], ["redo", "Redo"], ["reset", "Reset to champion"]];

function render({ model, el }) {
  const done = new AbortController();
  const listen = { signal: done.signal };
  const id = `wb-path-${Math.random().toString(36).slice(2)}`; // two bars in one page share no id
  const bar = document.createElement("div");
  const buttons = new Map();
  let busy = false; // an edit is under way, which can be undone as soon as it is done

  function made(tag, className, text) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  }

  function button(name, text, className, detail) {
    const element = made("button", className, text);
    element.type = "button";
    element.addEventListener("click", () => {
      element.dispatchEvent(new CustomEvent("wb-do", { bubbles: true, detail: { do: name, ...detail?.() } }));
    }, listen);
    buttons.set(name, element);
    return element;
  }

  const path = made("input");
  path.type = "text";
  path.id = id;
  path.spellcheck = false;
  const label = made("label", "", "Save as");
  label.htmlFor = id;
  const place = made("div", "wb-path");
  place.append(label, path);
  const replace = made("input");
  replace.type = "checkbox";
  const over = made("label", "wb-replace");
  over.append(replace, made("span", "", "replace the file"));
  bar.className = "wb-bar";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "Steps and file");
  bar.append(
    ...STEPS_BACK.map(([name, text]) => button(name, text, "wb-button")),
    place,
    over,
    button("save", "Save candidate", "wb-button wb-primary", () => ({ path: path.value, replace: replace.checked })),
  );
  el.append(bar);

  path.addEventListener("change", () => {
    model.set("path", path.value);
    model.save_changes();
  }, listen);
  replace.addEventListener("change", () => {
    model.set("replace", replace.checked);
    model.save_changes();
  }, listen);

  function able() {
    const can = model.get("can");
    for (const [name] of STEPS_BACK) {
      const element = buttons.get(name);
      const off = !(can[name] || (busy && name !== "redo"));
      if (off && document.activeElement === element) buttons.get("save").focus(); // else the page takes the keys
      element.disabled = off;
    }
  }
  function file() {
    if (document.activeElement !== path) path.value = model.get("path");
    replace.checked = model.get("replace");
  }

  able();
  file();
  guard(model, el, done.signal);
  rooted(el, done.signal, (root) => root.addEventListener("wb-busy", (event) => {
    busy = event.detail;
    able();
  }, listen));
  model.on("change:can", able);
  model.on("change:path", file);
  model.on("change:replace", file);
  return () => {
    done.abort();
    model.off("change:can", able);
    model.off("change:path", file);
    model.off("change:replace", file);
  };
}

export default { render };
