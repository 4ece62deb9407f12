// What is said under a panel. A live element, there before its words, so that a screen reader tells them.

function render({ model, el }) {
  const told = document.createElement("div");
  told.className = "ket-feedback";
  told.setAttribute("role", "status");
  const update = () => {
    told.innerHTML = model.get("words");
    if (model.get("words")) told.scrollIntoView({ block: "nearest" });
  };
  model.on("change:words", update);
  el.append(told);
  told.innerHTML = model.get("words");
}

export default { render };
