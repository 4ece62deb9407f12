// A question with its possible answers. Which of them is right stays in the kernel until somebody has answered.

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const GONE = "Nothing answers: the kernel has stopped or was started anew. Run all cells again; on a projector, load the page again.";

function render({ model, el }) {
  const spec = model.get("spec");
  const name = `ket-question-${Math.random().toString(36).slice(2)}`;
  const body = element("fieldset", { class: "ket-question" }, element("legend", {}, spec.question));
  const inputs = [];
  if (spec.type === "numeric") {
    const box = element("input", { type: "number", step: "any", id: name });
    const label = element("label", { for: name }, spec.unit ? `Your answer (${spec.unit}) ` : "Your answer ");
    body.append(element("p", {}, label, box));
    inputs.push(box);
  } else {
    const type = spec.type === "many_choice" ? "checkbox" : "radio";
    spec.options.forEach((text, at) => {
      const input = element("input", { type, name, value: at });
      inputs.push(input);
      body.append(element("label", { class: "ket-option" }, input, element("span", {}, text)));
    });
  }
  const sure = element("input", { type: "range", min: 0, max: 100, step: 10, value: 50, id: `${name}-sure` });
  const how = element("output", { for: `${name}-sure` }, "50 %");
  sure.addEventListener("input", () => {
    how.textContent = `${sure.value} %`;
    sure.setAttribute("aria-valuetext", `${sure.value} % sure`);
  });
  if (spec.asks_confidence) {
    body.append(element("p", { class: "ket-sure" }, element("label", { for: `${name}-sure` }, "How sure are you? "), sure, how));
  }
  const send = element("button", { type: "button", class: "ket-send" }, spec.send);
  const skip = element("button", { type: "button" }, "Show without an answer (instructor)");
  const feedback = element("div", { class: "ket-feedback", role: "status", "aria-live": "polite", tabindex: "-1" });
  const given = () => {
    if (spec.type === "numeric") return inputs[0].value === "" ? null : Number(inputs[0].value);
    const places = inputs.filter((input) => input.checked).map((input) => Number(input.value));
    if (spec.type === "many_choice") return places;
    return places.length ? places[0] : null;
  };
  send.addEventListener("click", () => { if (el.closest(".jupyter-widgets-disconnected")) feedback.textContent = GONE; });
  send.addEventListener("click", () => model.send({ answer: given(), confidence: spec.asks_confidence ? Number(sure.value) : null }));
  skip.addEventListener("click", () => model.send({ skip: true }));
  body.addEventListener("keydown", (event) => { // Jupyter would take the keys for itself
    if (event.key === "Enter" && event.target.type === "number") send.click();
    if (event.key === "Enter" || !(event.ctrlKey || event.metaKey)) event.stopPropagation();
  });
  body.append(element("p", { class: "ket-buttons" }, send, ...(spec.may_skip ? [skip] : [])), feedback);
  const update = () => {
    feedback.innerHTML = model.get("feedback");
    const closed = model.get("closed");
    const lost = closed && body.contains(document.activeElement); // what is disabled loses the keyboard to the page
    for (const input of [...inputs, sure, send, skip]) input.disabled = closed;
    if (lost) feedback.focus();
  };
  model.on("change:feedback", update);
  model.on("change:closed", update);
  el.append(body);
  update();
}

export default { render };
