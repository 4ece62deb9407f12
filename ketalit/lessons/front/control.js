// One control: a name with its unit, the thing that is moved, and what it was before.
// Native elements, so that a keyboard, a finger and a screen reader all work; ipywidgets' own sliders have no name.

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

// Jupyter takes arrow keys and letters for itself unless they stop here; with Ctrl or Cmd they are meant for it.
function keepKeys(node) {
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || !(event.ctrlKey || event.metaKey)) event.stopPropagation();
  });
}

// Without the noise of binary fractions: 0.1 + 0.2 is 0.3.
function clean(value) {
  return Number(Number(value).toPrecision(12));
}

export function decimals(step) {
  const [digits, power] = String(step).toLowerCase().split("e");
  return Math.max(0, (digits.split(".")[1] || "").length - Number(power || 0));
}

// With as many decimals as the step has; more where an exact value was typed.
export function shown(value, step) {
  const places = Math.max(decimals(step), Math.min(6, decimals(clean(value))));
  return Number(value).toFixed(places).replace("-", "−");
}

function minus(value) {
  return String(clean(value)).replace("-", "−");
}

// What is moved is told in messages of its own, in the order in which a person acts. ipywidgets keeps the state of a
// widget back while the kernel still works on the last one, and a button that is pressed meanwhile overtakes it: Reset
// would come before what it is to undo. Here too only the last move waits for an answer, but whoever leaves the control
// sends it off. What the kernel says of the value counts when it has heard the last move.
function mover(model, show) {
  const name = Math.random().toString(36).slice(2);
  const state = { value: model.get("value"), message: model.get("message") };
  let moves = 0;
  let unheard = null;
  let next = null;
  const send = (move) => {
    unheard = `${name} ${moves += 1}`;
    next = null;
    model.send({ ...move, move: unheard });
  };
  const settle = () => {
    if (unheard && model.get("heard") !== unheard) return;
    unheard = null;
    if (next) return send(next);
    Object.assign(state, { value: model.get("value"), message: model.get("message") });
    show();
  };
  const tell = (move) => {
    Object.assign(state, move);
    show();
    if (unheard) next = { ...next, ...move };
    else send(move);
  };
  return { state, settle, tell, flush: () => next && send(next) };
}

const PER_DECADE = 24; // places of a logarithmic slider: each is another number of two digits

function number(spec, id, moved) {
  const { low, high, step, unit, log } = spec;
  const places = log ? Math.max(1, Math.round(PER_DECADE * Math.log10(high / low))) : 0;
  const inside = (value) => Math.min(high, Math.max(low, value));
  const toTrack = log ? (value) => (places * Math.log10(value / low)) / Math.log10(high / low) : (value) => value;
  const fromTrack = (place) => {
    if (!log) return clean(place);
    if (place <= 0) return low;
    return place >= places ? high : inside(Number((low * (high / low) ** (place / places)).toPrecision(2)));
  };
  const text = (value) => `${log ? minus(value) : shown(value, step)} ${unit}`.trim();
  const range = element("input", {
    type: "range", id, min: log ? 0 : low, max: log ? places : high, step: log ? 1 : step, title: spec.about,
  });
  const box = element("input", {
    type: "number", min: low, max: high, step: log ? "any" : step, "aria-label": `${spec.label}, exact value${unit ? ` in ${unit}` : ""}`, title: spec.about,
  });
  const refused = (message) => moved.tell({ message });
  let resting;
  const take = (value) => {
    moved.tell({ value, holding: true, message: "" });
    clearTimeout(resting);
    resting = setTimeout(() => moved.tell({ holding: false }), 900);
  };
  range.addEventListener("input", () => take(fromTrack(Number(range.value))));
  let typing = false; // nothing that the kernel says may take half a number away
  box.addEventListener("input", () => { typing = true; });
  box.addEventListener("blur", () => { typing = false; update(moved.state.value); });
  box.addEventListener("change", () => {
    typing = false;
    const asked = Number(box.value);
    if (box.value === "" || Number.isNaN(asked)) {
      refused("That is not a number; nothing was changed.");
    } else {
      take(inside(asked));
      if (asked !== inside(asked)) {
        const named = (value) => `${minus(value)} ${unit}`.trim();
        refused(`${named(asked)} lies outside ${minus(low)} to ${minus(high)}; ${named(inside(asked))} is shown.`);
      }
    }
    box.value = clean(moved.state.value); // it may stand at this already, and then nothing else would say so
  });
  const update = (value) => {
    range.value = toTrack(value);
    range.setAttribute("aria-valuetext", text(value));
    if (!typing && (box.value === "" || Number(box.value) !== clean(value))) box.value = clean(value);
  };
  const forth = (value) => fromTrack(log ? Math.round(toTrack(value)) + 1 : Math.min(high, value + step));
  return { parts: [range, box], update, text, take, forth };
}

function choice(spec, id, moved) {
  const select = element("select", { id, title: spec.about });
  for (const name of spec.options) select.append(element("option", { value: name }, name));
  select.addEventListener("change", () => moved.tell({ value: select.value }));
  return { parts: [select], update: (value) => { select.value = value; }, text: String };
}

function toggle(spec, id, moved) {
  const box = element("input", { type: "checkbox", id, title: spec.about });
  box.addEventListener("change", () => moved.tell({ value: box.checked }));
  return { parts: [box], update: (value) => { box.checked = value; }, text: (value) => (value ? "on" : "off") };
}

function text(spec, id, moved) {
  const box = element(spec.rows > 1 ? "textarea" : "input", { id, title: spec.about, ...(spec.rows > 1 ? { rows: spec.rows } : { type: "text" }) });
  box.addEventListener("input", () => moved.tell({ value: box.value }));
  return { parts: [box], update: (value) => { if (box.value !== value) box.value = value; } }; // whoever writes keeps the place
}

// Play and step move the number by its step; play stops at the end, and never starts by itself.
function player({ low, high, label }, made, moved) {
  const play = element("button", { type: "button", "aria-pressed": "false", "aria-label": `Play ${label}` }, "Play");
  const once = element("button", { type: "button", "aria-label": `One step of ${label}` }, "Step");
  let timer = null;
  const stop = () => {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  };
  const advance = () => {
    made.take(made.forth(moved.state.value));
    if (moved.state.value >= high) stop();
  };
  play.addEventListener("click", () => {
    if (timer) return stop();
    if (moved.state.value >= high) made.take(low);
    play.textContent = "Pause";
    play.setAttribute("aria-pressed", "true");
    timer = setInterval(advance, 100);
  });
  once.addEventListener("click", () => { stop(); advance(); });
  return { parts: [play, once], stop };
}

// A slider still moves when its kernel has died, and nothing else does: that has to be said where somebody tries.
const GONE = "Nothing answers: the kernel has stopped or was started anew. Run all cells again; on a projector, load the page again.";

const KINDS = { number, choice, switch: toggle, text };

function build(model) {
  const spec = model.get("spec");
  const id = `ket-${Math.random().toString(36).slice(2)}`; // a count would begin anew in every widget
  const moved = mover(model, () => update());
  const made = KINDS[spec.kind](spec, id, moved);
  const name = element("label", { for: id, title: spec.about }, spec.unit ? `${spec.label} (${spec.unit})` : spec.label);
  const changed = element("span", { class: "ket-changed" });
  const message = element("span", { class: "ket-message", role: "alert" });
  const moving = element("div", { class: "ket-moving" }, ...made.parts);
  const plays = spec.plays ? player(spec, made, moved) : null;
  if (plays) moving.append(element("span", { class: "ket-plays" }, ...plays.parts));
  const box = element("div", { class: `ket-control ket-${spec.kind}` }, name, moving, changed, message);
  keepKeys(box);
  box.addEventListener("focusout", moved.flush);
  box.addEventListener("pointerup", moved.flush); // Safari gives a slider no focus that it could lose
  const update = () => {
    const { value } = moved.state;
    made.update(value);
    const is = spec.kind === "number" ? clean(value) !== clean(spec.value) : value !== spec.value;
    box.classList.toggle("ket-moved", is);
    changed.textContent = is && made.text && spec.key !== "example" ? `changed from ${made.text(spec.value)}` : "";
    message.textContent = box.closest(".jupyter-widgets-disconnected") ? GONE : moved.state.message;
  };
  update();
  return { box, settle: moved.settle, stop: () => plays && plays.stop() };
}

function render({ model, el }) {
  let built;
  const show = () => {
    if (built) built.stop();
    built = build(model);
    el.replaceChildren(built.box);
  };
  model.on("change:spec", show);
  model.on("change:value change:message change:heard", () => built.settle());
  show();
  return () => built.stop();
}

export default { render };
