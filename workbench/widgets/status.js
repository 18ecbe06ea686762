// A line of text that assistive technology reads out when it changes: the region stays, only its text is replaced.

function render({ model, el }) {
  const line = document.createElement("p");
  line.className = "wb-status";
  line.setAttribute("role", "status");
  line.setAttribute("aria-live", "polite");
  el.append(line);
  const say = () => {
    line.textContent = model.get("text");
  };
  say();
  const done = new AbortController();
  guard(model, el, done.signal);
  model.on("change:text", say);
  return () => {
    done.abort();
    model.off("change:text", say);
  };
}

export default { render };
