// The picture, the reading under it in words, and ways to take both away.

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function offer(name, blob) {
  const link = element("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// An address may hold the settings of one panel (?s=NAME~...): there the page begins to be read, once.
function goThere(name, el) {
  const asked = new URLSearchParams(window.location.search).get("s");
  if (window.ketWent || !asked || asked.split("~")[0] !== name) return;
  window.ketWent = true;
  const again = (after) => setTimeout(() => (el.closest(".ket-panel") || el).scrollIntoView({ block: "start" }), after);
  // Other panels come in above it for a while; whoever moves the page meanwhile is left alone.
  const tries = [200, 800, 2000].map(again);
  for (const moved of ["wheel", "keydown", "pointerdown"]) {
    window.addEventListener(moved, () => tries.forEach(clearTimeout), { once: true });
  }
}

function asPng(svg, name, told) {
  const image = new Image();
  image.onload = () => {
    const canvas = element("canvas");
    canvas.width = 2 * image.naturalWidth;
    canvas.height = 2 * image.naturalHeight;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => (blob ? (offer(name, blob), told("Saved.")) : told("The browser could not draw the figure.")), "image/png");
  };
  image.onerror = () => told("The browser could not draw the figure.");
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svg);
}

// Pages that did not come by https have no clipboard; there the old way is left.
function copiedTheOldWay(text) {
  const holder = element("textarea", { readonly: "", style: "position: fixed; opacity: 0" });
  const stood = document.activeElement;
  holder.value = text;
  document.body.append(holder);
  holder.select();
  const done = document.execCommand("copy");
  holder.remove();
  stood?.focus();
  return done;
}

async function copied(text, told, what) {
  let done = false;
  try {
    await navigator.clipboard.writeText(text);
    done = true;
  } catch {
    done = copiedTheOldWay(text);
  }
  told(done ? `${what} copied.` : `The browser does not let a page copy here. ${what}: ${text.slice(0, 200)}`);
}

// Jupyter takes Enter and the space bar away from buttons and summaries too. A widget does not know the panel it will
// stand in, so one ear for all panels listens on the page.
function keepKeys() {
  if (window.ketKeepsKeys) return;
  window.ketKeepsKeys = true;
  document.body.addEventListener("keydown", (event) => {
    const inside = event.target.closest?.(".ket-panel");
    if (inside && (event.key === "Enter" || !(event.ctrlKey || event.metaKey))) event.stopPropagation();
  });
}

// Every picture brings the same style along. In a page it stands once: a style that comes and goes with each picture
// makes the browser look at the whole page again.
function dressed(svg) {
  const style = svg.match(/<style>(.*?)<\/style>/s);
  if (!style) return svg;
  const known = [...document.querySelectorAll("style[data-ket]")].some((one) => one.textContent === style[1]);
  if (!known) document.head.append(element("style", { "data-ket": "" }, style[1]));
  return svg.replace(style[0], "");
}

// Most of a picture is as it was: what differs is changed where it stands, so that the browser lays out no letter anew,
// and a reader keeps the words that were marked and the tip that was open.
function patch(there, come) {
  const stand = [...there.childNodes];
  const wanted = [...come.childNodes];
  wanted.forEach((node, at) => {
    const old = stand[at];
    if (!old) there.append(node);
    else if (old.isEqualNode(node)) return;
    else if (old.nodeName !== node.nodeName) old.replaceWith(node);
    else if (node.nodeType !== Node.ELEMENT_NODE) {
      if (old.data !== node.data) old.data = node.data;
    } else {
      for (const { name, value } of node.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
      for (const { name } of [...old.attributes]) if (!node.hasAttribute(name)) old.removeAttribute(name);
      patch(old, node);
    }
  });
  stand.slice(wanted.length).forEach((node) => node.remove());
}

function render({ model, el }) {
  keepKeys();
  const picture = element("div", { class: "ket-picture" });
  const words = element("div", { class: "ket-readout" });
  const spoken = element("div", { class: "ket-spoken", role: "status", "aria-live": "polite" });
  const told = element("span", { class: "ket-told", role: "status" });
  const say = (text) => { told.textContent = text; };
  const button = (text, act) => {
    const made = element("button", { type: "button" }, text);
    made.addEventListener("click", act);
    return made;
  };
  const ask = (what) => model.send({ ask: what });
  model.on("msg:custom", (said) => {
    if (said.code !== undefined) copied(said.code, say, "Code of these settings");
    if (said.csv !== undefined) {
      if (said.save) {
        offer(`${model.get("name")}.csv`, new Blob([said.csv], { type: "text/csv" }));
        say("Saved.");
      } else copied(said.csv, say, "Data");
    }
  });
  const code = button("Copy code", () => ask("code"));
  code.title = "These settings as a short text, to share: restore(\"…\") of ketalit.lessons.panel brings them back, and so does ?s=… after the address of `ketalit present`";
  const keep = element("div", { class: "ket-keep", role: "group", "aria-label": "Keep or share" },
    button("Save SVG", () => {
      offer(`${model.get("name")}.svg`, new Blob([model.get("svg")], { type: "image/svg+xml" }));
      say("Saved.");
    }),
    button("Save PNG", () => asPng(model.get("svg"), `${model.get("name")}.png`, say)),
    button("Save data", () => ask("save")),
    button("Copy data", () => ask("copy")),
    code,
    told);
  let resting;
  const draw = () => {
    const made = element("template");
    made.innerHTML = dressed(model.get("svg"));
    const size = (holder) => holder.firstElementChild?.getAttribute("viewBox");
    if (size(picture) === size(made.content)) patch(picture, made.content);
    else picture.replaceChildren(made.content); // of another size: everything has moved
  };
  const fade = () => { picture.classList.toggle("ket-stale", model.get("stale")); };
  const read = () => {
    words.innerHTML = model.get("words");
    clearTimeout(resting); // a drag is told once, when it rests
    resting = setTimeout(() => { spoken.textContent = words.textContent; }, 600);
  };
  model.on("change:svg", draw);
  model.on("change:words", read);
  model.on("change:stale", fade);
  el.append(element("div", { class: "ket-view" }, picture, words, spoken, keep));
  draw();
  fade();
  read();
  goThere(model.get("name"), el);
  return () => clearTimeout(resting);
}

export default { render };
