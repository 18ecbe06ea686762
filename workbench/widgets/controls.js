// The rules of a model with their sliders, number boxes and checkboxes. Every text goes in as text.

const QUIET = 400; // ms without a key press after which a change by keyboard counts as done
const STEPS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"]);

function made(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

function words(value, unit) {
  return value === null || value === undefined ? "none" : unit ? `${value} ${unit}` : String(value);
}

function render({ model, el }) {
  const done = new AbortController();
  const listen = { signal: done.signal };
  const prefix = `wb-${Math.random().toString(36).slice(2)}`; // two tuners in one page share no id
  let ids = 0;
  const root = made("div", "wb-controls");
  el.append(root);

  let inputs = new Map(); // path -> a function that shows a value
  let findings = new Map(); // path -> a function that shows what the outcomes say
  let held = null; // the path under the hand: what comes from the kernel does not pull it away
  let pending = null; // what waits for quiet: {path, read, timer}
  let count = 0;

  function tell(path, value, settled) {
    count += 1;
    model.set("changed", { path, value, settled, n: count });
    model.save_changes();
  }

  function settle(path, value) {
    if (pending) clearTimeout(pending.timer);
    pending = null;
    held = null;
    tell(path, value, true);
  }

  function settleWhenQuiet(path, read) {
    if (pending) clearTimeout(pending.timer);
    pending = { path, read, timer: setTimeout(() => settle(path, read()), QUIET) };
  }

  function settlePending() {
    if (pending) settle(pending.path, pending.read());
  }

  // A slider or a number box: `live` follows every step, `done` is heard when the hand lets go.
  function wire(input, path, read, show) {
    let keyed = false;
    input.addEventListener("pointerdown", () => {
      keyed = false;
      settlePending();
    }, listen);
    input.addEventListener("keydown", (event) => {
      if (!event.ctrlKey && !event.metaKey) event.stopPropagation(); // JupyterLab takes arrow keys for itself
      if (event.key === "Enter") settlePending();
      keyed = STEPS.has(event.key);
    }, listen);
    input.addEventListener("input", () => {
      held = path;
      const value = read();
      if (typeof value !== "number") return;
      show(value, input);
      tell(path, value, false);
      if (keyed) settleWhenQuiet(path, read);
    }, listen);
    input.addEventListener("change", () => {
      if (keyed && pending) return;
      settle(path, read());
    }, listen);
    // A value that went there and back raises no `change`: what was shown on the way is settled all the same.
    const leave = () => {
      if (held === path) settle(path, read());
    };
    input.addEventListener("blur", leave, listen);
    input.addEventListener("pointerup", () => setTimeout(() => !pending && leave()), listen);
  }

  function numberOf(box) {
    if (box.validity.badInput) return "not a number";
    return box.value.trim() === "" ? null : Number(box.value);
  }

  function knobLine(knob) {
    const line = made("div", "wb-knob");
    line.dataset.path = knob.path;
    const label = made("label", "wb-name", knob.label);
    const slider = made("input", "wb-slider");
    const box = made("input", "wb-box");
    const unit = made("span", "wb-unit", knob.unit);
    const was = made("span", "wb-was");
    ids += 1;
    box.id = `${prefix}-${ids}`;
    label.htmlFor = box.id;
    slider.type = "range";
    box.type = "number";
    box.step = "any";
    box.placeholder = "none";
    box.inputMode = "decimal";
    for (const input of [slider, box]) {
      input.setAttribute("aria-label", knob.name);
      input.disabled = Boolean(knob.fixed);
    }
    slider.min = knob.low;
    slider.max = knob.high;
    slider.step = knob.step;
    function show(value, from) {
      const none = value === null || value === undefined;
      if (from !== slider) {
        slider.min = none ? knob.low : Math.min(knob.low, value);
        slider.max = none ? knob.high : Math.max(knob.high, value);
      }
      if (from !== slider) slider.value = none ? (knob.path.endsWith(".min") ? knob.low : knob.high) : value;
      if (from !== box) box.value = none ? "" : value;
      slider.setAttribute("aria-valuetext", words(none ? null : value, knob.unit));
      const moved = (none ? null : value) !== knob.base;
      line.classList.toggle("wb-moved", moved);
      was.textContent = moved ? `was ${words(knob.base, "")}` : "";
    }
    wire(slider, knob.path, () => Number(slider.value), show);
    wire(box, knob.path, () => numberOf(box), show);
    inputs.set(knob.path, show);
    line.append(label, slider, box, unit, was);
    if (knob.case) {
      line.classList.add("wb-case");
      label.after(evidenceLine(knob.path));
    }
    return line;
  }

  // The rate with its interval on a line; the upright is the average of all.
  function whisker() {
    const bar = made("span", "wb-whisker");
    const parts = ["wb-average", "wb-range", "wb-dot"].map((name) => made("span", name));
    bar.setAttribute("aria-hidden", "true");
    bar.append(...parts);
    const [average, range, dot] = parts;
    return [bar, (found) => {
      const at = (share) => `${100 * Math.min(1, Math.max(0, share / found.top))}%`;
      bar.style.visibility = found.top > 0 ? "visible" : "hidden";
      if (!(found.top > 0)) return;
      range.style.left = at(found.low);
      range.style.width = `calc(${at(found.high)} - ${at(found.low)})`;
      dot.style.left = at(found.rate);
      average.style.left = at(found.average);
    }];
  }

  function evidenceLine(path) {
    const line = made("div", "wb-figures");
    const [hit, converts, mark] = ["wb-hit", "wb-rate", "wb-mark"].map((name) => made("span", name));
    const [bar, place] = whisker();
    line.append(hit, bar, converts, mark);
    line.dataset.evidence = path;
    findings.set(path, (found) => {
      line.hidden = !found;
      if (!found) return;
      hit.textContent = found.hit;
      converts.textContent = found.converts;
      mark.textContent = found.mark;
      mark.className = `wb-mark wb-${found.tone}`;
      place(found);
    });
    return line;
  }

  function switchLine(row) {
    const line = made("label", "wb-switch");
    const box = made("input");
    box.type = "checkbox";
    box.disabled = Boolean(row.on.fixed);
    box.setAttribute("aria-label", row.on.name);
    box.addEventListener("change", () => tell(row.on.path, box.checked, true), listen);
    inputs.set(row.on.path, (value) => {
      box.checked = Boolean(value);
      line.closest(".wb-rule")?.classList.toggle("wb-off", !box.checked);
    });
    line.append(box, made("span", "wb-id", row.name));
    return line;
  }

  // Why something cannot be moved here, each reason once.
  function reasons(knobs) {
    return [...new Set(knobs.map((knob) => knob.fixed))].filter(Boolean).map((text) => made("p", "wb-fixed", text));
  }

  function ruleBlock(row) {
    const block = made("div", "wb-rule");
    block.dataset.rule = row.id;
    block.append(switchLine(row));
    block.append(made("p", "wb-title", row.title));
    if (row.why) block.append(made("p", "wb-why", row.why));
    if (row.evidence) block.append(evidenceLine(row.evidence));
    for (const knob of [...row.cases, ...row.knobs]) block.append(knobLine(knob));
    block.append(...reasons([row.on, ...row.cases, ...row.knobs]));
    return block;
  }

  function sectionBlock(section) {
    const block = made("details", "wb-section");
    block.open = true;
    const head = made("summary");
    head.append(made("span", "wb-heading", section.title), made("span", "wb-note", section.note));
    block.append(head);
    for (const row of section.rules) block.append(ruleBlock(row));
    if (section.caps.length) {
      const caps = made("div", "wb-rule");
      if (section.rules.length) caps.append(made("p", "wb-id", "Caps and weights"));
      for (const knob of section.caps) caps.append(knobLine(knob));
      caps.append(...reasons(section.caps));
      block.append(caps);
    }
    return block;
  }

  function refresh() {
    const values = model.get("values");
    for (const [path, show] of inputs) {
      if (path !== held) show(values[path]);
    }
  }

  function find() {
    const evidence = model.get("evidence");
    for (const [path, show] of findings) show(evidence[path]);
  }

  function build() {
    const closed = new Set([...root.querySelectorAll("details:not([open])")].map((each) => each.dataset.name));
    inputs = new Map();
    findings = new Map();
    root.replaceChildren(
      ...model.get("sections").map((section) => {
        const block = sectionBlock(section);
        block.dataset.name = section.name;
        block.open = !closed.has(section.name);
        return block;
      }),
    );
    refresh();
    find();
  }

  // The kernel refused or rounded what was typed: the recorded value shows again, even if it did not change.
  function kept() {
    held = null;
    refresh();
  }

  build();
  model.on("change:sections", build);
  model.on("change:values", refresh);
  model.on("change:evidence", find);
  model.on("msg:custom", kept);
  return () => {
    if (pending) clearTimeout(pending.timer);
    done.abort();
    model.off("change:sections", build);
    model.off("change:values", refresh);
    model.off("change:evidence", find);
    model.off("msg:custom", kept);
  };
}

export default { render };
