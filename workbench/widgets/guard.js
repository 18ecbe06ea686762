// What every widget of ours needs at its root. It stands in front of each module, for these import nothing.

const CUT_OFF = "Not connected to the kernel any more: run this cell again.";

// Calls back with the root of the widget once the element stands in the page; never where there is none.
function rooted(el, signal, then) {
  const look = () => {
    if (signal.aborted) return;
    const root = el.closest(".wb");
    if (root) then(root);
    else if (!el.isConnected) setTimeout(look, 30);
  };
  look();
}

// Plain keys stay inside: JupyterLab would take them for commands, and "d d" deletes the cell.
function keepKeys(root) {
  if (root.dataset.keys) return;
  root.dataset.keys = "kept";
  root.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  });
  root.addEventListener("click", (event) => {
    if (event.target.closest(".wb-hide")) event.target.closest(".wb-banner").remove();
  });
}

// A widget whose kernel is gone says so and can no longer be used: what is done to it would be lost.
function tellConnection(root, connected) {
  const note = root.querySelector(":scope > .wb-cut-off");
  if (connected === !note) return;
  note?.remove();
  for (const child of root.children) child.inert = !connected;
  if (connected) return;
  const told = document.createElement("p");
  told.className = "wb-banner wb-cut-off";
  told.setAttribute("role", "alert");
  told.textContent = CUT_OFF;
  root.prepend(told);
}

function guard(model, el, signal) {
  const look = () => rooted(el, signal, (root) => {
    tellConnection(root, !el.closest(".jupyter-widgets-disconnected"));
  });
  const later = () => queueMicrotask(look); // once the view has said by its class how it stands
  rooted(el, signal, keepKeys);
  look();
  model.on("comm_live_update", later);
  signal.addEventListener("abort", () => model.off("comm_live_update", later), { once: true });
}
