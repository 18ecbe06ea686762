// A drawing, and handles on it that are moved by pointer or keyboard. The drawing is SVG text made by
// workbench.drawing, which escapes what it is given; everything else goes in as text.

const QUIET = 400; // ms without a key press after which a move counts as done
const APART = 32; // of the drawing's units between two grips side by side

function rounded(value, handle) {
  const { min, max, step } = handle;
  const stepped = step > 0 ? min + Math.round((value - min) / step) * step : value;
  return Number(Math.min(max, Math.max(min, stepped)).toFixed(3));
}

function render({ model, el }) {
  const done = new AbortController();
  const listen = { signal: done.signal };
  const figure = document.createElement("div");
  const drawing = document.createElement("div");
  figure.className = "wb-picture";
  drawing.className = "wb-holder";
  figure.append(drawing);
  el.append(figure);

  const parts = new Map(); // name -> {element, value text, handle}
  let held = null; // the name under the hand: what comes from the kernel does not pull it away
  let quiet = 0;
  let count = 0;

  function tell(name, value, settled) {
    const detail = { path: name, value, settled };
    const taken = !figure.dispatchEvent(new CustomEvent("wb-turn", { bubbles: true, cancelable: true, detail }));
    if (taken) return; // by the queue of the page, where it keeps its place among all that is done
    count += 1;
    model.set("moved", { name, value, settled, n: count });
    model.save_changes();
  }

  function place(part) {
    const frame = model.get("frame");
    const { element, handle, text } = part;
    const usable = frame && frame.high > frame.low;
    element.hidden = !usable;
    if (!usable) return;
    const share = (handle.value - frame.low) / (frame.high - frame.low);
    const x = frame.left + Math.min(1, Math.max(0, share)) * (frame.right - frame.left);
    element.style.left = `${(100 * x) / frame.width}%`;
    element.style.top = `${(100 * frame.top) / frame.height}%`;
    element.style.height = `${(100 * (frame.bottom - frame.top)) / frame.height}%`;
    element.classList.toggle("wb-late", share > 0.6);
    element.setAttribute("aria-valuenow", String(handle.value));
    element.setAttribute("aria-valuetext", `${handle.label} from ${handle.value} points`);
    text.textContent = `${handle.label} from ${handle.value}`;
  }

  // Grips that would cover each other stand one above the other; never while one is in the hand.
  function spread() {
    const frame = model.get("frame");
    if (!frame || !(frame.high > frame.low)) return;
    const taken = [];
    for (const { element, handle, text } of parts.values()) {
      const x = ((handle.value - frame.low) / (frame.high - frame.low)) * (frame.right - frame.left);
      let level = 0;
      while (taken.some((other) => other.level === level && Math.abs(other.x - x) < APART)) level += 1;
      taken.push({ level, x });
      element.firstChild.style.bottom = `${level * 26}px`;
      text.style.bottom = `${level * 26 + 2}px`;
    }
  }

  function move(part, value, settled) {
    part.handle = { ...part.handle, value: rounded(value, part.handle) };
    place(part);
    tell(part.handle.name, part.handle.value, settled);
  }

  function settle(part) {
    clearTimeout(quiet);
    quiet = 0;
    const name = part.handle.name;
    held = null;
    tell(name, part.handle.value, true);
  }

  function under(event) {
    const frame = model.get("frame");
    const box = drawing.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * frame.width;
    return frame.low + ((x - frame.left) / (frame.right - frame.left)) * (frame.high - frame.low);
  }

  function made(name) {
    const element = document.createElement("div");
    const grip = document.createElement("span");
    const text = document.createElement("span");
    element.className = "wb-handle";
    element.tabIndex = 0;
    element.setAttribute("role", "slider");
    element.setAttribute("aria-orientation", "horizontal");
    element.dataset.name = name;
    grip.className = "wb-grip";
    text.className = "wb-value";
    element.append(grip, text);
    const part = { element, text, handle: null };
    let off = 0;
    element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      element.focus();
      element.setPointerCapture(event.pointerId);
      element.classList.add("wb-held");
      held = name;
      off = part.handle.value - under(event);
    }, listen);
    element.addEventListener("pointermove", (event) => {
      if (!element.classList.contains("wb-held")) return;
      const value = rounded(under(event) + off, part.handle);
      if (value !== part.handle.value) move(part, value, false);
    }, listen);
    const release = () => {
      if (!element.classList.contains("wb-held")) return;
      element.classList.remove("wb-held");
      settle(part);
    };
    element.addEventListener("pointerup", release, listen);
    element.addEventListener("lostpointercapture", release, listen);
    element.addEventListener("keydown", (event) => {
      const { value, min, max, step } = part.handle;
      const by = step > 0 ? step : (max - min) / 100;
      const to = {
        ArrowLeft: value - by, ArrowDown: value - by, ArrowRight: value + by, ArrowUp: value + by,
        PageDown: value - 10 * by, PageUp: value + 10 * by, Home: min, End: max,
      }[event.key];
      if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      held = name;
      move(part, to, false);
      clearTimeout(quiet);
      quiet = setTimeout(() => settle(part), QUIET);
    }, listen);
    element.addEventListener("blur", () => {
      if (quiet) settle(part);
    }, listen);
    figure.append(element);
    return part;
  }

  function handles() {
    const wanted = model.get("handles") || [];
    for (const [name, part] of parts) {
      if (!wanted.some((handle) => handle.name === name)) {
        part.element.remove();
        parts.delete(name);
      }
    }
    wanted.forEach((handle) => {
      if (!parts.has(handle.name)) parts.set(handle.name, made(handle.name));
      const part = parts.get(handle.name);
      part.element.setAttribute("aria-label", `${handle.label}: lowest score`);
      part.element.setAttribute("aria-valuemin", String(handle.min));
      part.element.setAttribute("aria-valuemax", String(handle.max));
      const value = held === handle.name ? part.handle.value : handle.value;
      part.handle = { ...handle, value };
      part.element.classList.toggle("wb-unnamed", handle.drawn === false);
      place(part);
    });
    figure.dispatchEvent(new CustomEvent("wb-ask", { bubbles: true })); // what waits to be done is newer
    if (held === null) spread();
  }

  // What is moved elsewhere on the page, or did not come to pass, moves here as well.
  function follow({ detail }) {
    if (detail.kept === held && held !== null) {
      clearTimeout(quiet);
      quiet = 0;
      held = null;
    }
    for (const [name, part] of parts) {
      const value = detail.values[name];
      if (typeof value !== "number" || name === held || value === part.handle.value) continue;
      part.handle = { ...part.handle, value };
      place(part);
    }
  }

  function draw() {
    drawing.innerHTML = model.get("svg");
    const box = drawing.firstElementChild?.viewBox?.baseVal;
    if (box && box.width) drawing.style.setProperty("--wb-shape", `${box.width} / ${box.height}`);
  }
  function name() {
    const label = model.get("label");
    if (parts.size && label) {
      figure.setAttribute("role", "group");
      figure.setAttribute("aria-label", label);
    }
  }
  function replace() {
    parts.forEach(place);
  }

  draw();
  handles();
  name();
  guard(model, el, done.signal);
  rooted(el, done.signal, (root) => {
    root.addEventListener("wb-values", follow, listen);
    root.addEventListener("wb-settle", () => quiet && settle(parts.get(held)), listen);
  });
  model.on("change:svg", draw);
  model.on("change:frame", replace);
  model.on("change:handles", handles);
  model.on("change:label", name);
  return () => {
    clearTimeout(quiet);
    done.abort();
    model.off("change:svg", draw);
    model.off("change:frame", replace);
    model.off("change:handles", handles);
    model.off("change:label", name);
  };
}

export default { render };
