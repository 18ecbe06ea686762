// The rules of a model with their sliders, number boxes and checkboxes, and the queue of all that is done on the page.
// Every text goes in as text.

const QUIET = 400; // ms without a key press after which a change by keyboard counts as done
const STEPS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"]);
const BOX_STEPS = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)$/;

function made(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

function words(value, unit) {
  return value === null || value === undefined ? "none" : unit ? `${value} ${unit}` : String(value);
}

// What a box says: a number, null where it is empty, or the text that is no number.
function numberOf(box) {
  const text = box.value.trim().replace("\u2212", "-");
  if (text === "") return null;
  return NUMBER.test(text) && Number.isFinite(Number(text)) ? Number(text) : box.value;
}

// Entries that the kernel has not done as yet, in order. A message to it that waits is replaced by the next one, so
// each message holds all of them; a value on the way to another one need not be done.
function queueOf(model) {
  const waiting = () => model.get("queue").filter((entry) => entry.n > model.get("done"));
  function put(entry) {
    const queue = waiting();
    const last = queue.at(-1);
    const n = 1 + Math.max(model.get("done"), last ? last.n : 0);
    if (last && last.path === entry.path && last.settled === false && !entry.do) queue.pop();
    model.set("queue", [...queue, { ...entry, n }]);
    model.save_changes();
  }
  return { waiting, put };
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
  let hand = null; // what is under the hand, {path, read}: what comes from the kernel does not pull it away
  let quiet = 0; // runs while a change by keyboard is not done
  let outer = null; // the root of the whole widget, where bar and pictures are heard
  let seen = 0; // the last entry that was done when the hand last went somewhere
  const queue = queueOf(model);
  const touched = new Set(); // paths that were sent and not heard of since

  function send(name, detail) {
    outer?.dispatchEvent(new CustomEvent(name, { detail }));
  }

  function tellBusy() {
    const busy = hand !== null || queue.waiting().length > 0;
    outer?.toggleAttribute("data-busy", busy);
    send("wb-busy", busy);
  }

  // An edit goes to the kernel, and to the other places of the page that show the same value.
  function tell(path, value, settled, from) {
    if (hand && hand.path !== path) settleHand();
    touched.add(path);
    queue.put({ path, value, settled });
    if (typeof value !== "string") {
      inputs.get(path)?.(value, from);
      send("wb-values", { values: { [path]: value } });
    }
    tellBusy();
  }

  function noQuiet() {
    clearTimeout(quiet);
    quiet = 0;
  }

  function settle(path, value, from) {
    noQuiet();
    hand = null;
    tell(path, value, true, from);
  }

  function settleHand() {
    if (hand) settle(hand.path, hand.read());
  }

  function settleWhenQuiet(path, read) {
    noQuiet();
    quiet = setTimeout(() => settle(path, read()), QUIET);
  }

  function settlePending() {
    if (quiet) settleHand();
  }

  // A handle on a picture was moved.
  function turned(event) {
    const { path, value, settled } = event.detail;
    event.preventDefault();
    if (settled) {
      settle(path, value);
      return;
    }
    if (hand && hand.path !== path) settleHand();
    hand = { path, read: () => value };
    tell(path, value, false);
  }

  // The bar asks for something, after all that was turned before.
  function asked(event) {
    send("wb-settle");
    settleHand();
    queue.put({ ...event.detail, seen });
    tellBusy();
  }

  function hear(root) {
    outer = root;
    outer.addEventListener("wb-turn", turned, listen);
    outer.addEventListener("wb-do", asked, listen);
    outer.addEventListener("wb-ask", refresh, listen);
    for (const begin of ["pointerdown", "keydown"]) {
      outer.addEventListener(begin, () => {
        seen = model.get("done");
      }, { ...listen, capture: true });
    }
    refresh();
  }

  // A slider or a number box: every step is told, and the last one as settled when the hand lets go.
  function wire(input, path, read) {
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
      if (hand && hand.path !== path) settleHand();
      hand = { path, read };
      noQuiet();
      const value = read();
      if (typeof value === "number") tell(path, value, false, input);
      tellBusy();
      if (keyed) settleWhenQuiet(path, read);
    }, listen);
    input.addEventListener("change", () => {
      if (keyed && quiet) return;
      settle(path, read(), input);
    }, listen);
    // A value that went there and back raises no `change`: what was shown on the way is settled all the same.
    const leave = () => {
      if (hand?.path === path && hand.read === read) settle(path, read(), input);
    };
    input.addEventListener("blur", leave, listen);
    input.addEventListener("pointerup", () => setTimeout(() => input.type === "range" && !quiet && leave()), listen);
  }

  // Arrows step through the values of a box of text, as they do in a slider.
  function stepped(box, knob, read) {
    box.addEventListener("keydown", (event) => {
      const by = BOX_STEPS[event.key];
      if (!by || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      event.preventDefault();
      const value = read();
      if (typeof value === "string") return;
      const from = value === null ? knob.low : value;
      box.value = String(Number((from + by * (knob.step || 1)).toFixed(3)));
      box.dispatchEvent(new Event("input"));
    }, listen);
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
    box.type = "text";
    box.autocomplete = "off";
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
    const typed = () => numberOf(box);
    wire(slider, knob.path, () => Number(slider.value));
    wire(box, knob.path, typed);
    stepped(box, knob, typed);
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

  // What is recorded shows, but for what is under the hand or on its way to the kernel: that is newer.
  function renew(paths) {
    const recorded = model.get("values");
    const newer = new Set([hand?.path, ...queue.waiting().map((entry) => !entry.do && entry.path)]);
    const values = {};
    for (const path of paths.filter((each) => !newer.has(each) && each in recorded)) {
      values[path] = recorded[path];
      inputs.get(path)?.(values[path]);
      touched.delete(path);
    }
    send("wb-values", { values });
    tellBusy();
  }

  function refresh() {
    renew(Object.keys(model.get("values")));
  }

  // An entry is done: where it did not come to pass, what is recorded shows again.
  function heard() {
    renew([...touched]);
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

  // The kernel refused what is under the hand: the recorded value shows again.
  function kept({ kept: path }) {
    if (hand?.path === path) {
      noQuiet();
      hand = null;
    }
    send("wb-values", { values: {}, kept: path });
    touched.add(path);
    refresh();
  }

  build();
  guard(model, el, done.signal);
  rooted(el, done.signal, hear);
  model.on("change:sections", build);
  model.on("change:done", heard);
  model.on("change:values", refresh);
  model.on("change:evidence", find);
  model.on("msg:custom", kept);
  return () => {
    noQuiet();
    done.abort();
    model.off("change:done", heard);
    model.off("change:sections", build);
    model.off("change:values", refresh);
    model.off("change:evidence", find);
    model.off("msg:custom", kept);
  };
}

export default { render };
