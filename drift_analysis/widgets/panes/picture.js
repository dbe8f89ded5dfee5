/* A drawing, in the inks of the page it stands on. As the source of an image nothing in it is live. */

function render({ model, el }) {
  const image = document.createElement("img");
  const draw = () => {
    const source = model.get("source");
    image.hidden = !source;
    if (source) image.src = source;
    image.alt = model.get("words");
  };
  const look = () => {
    const ground = document.body.dataset.jpThemeLight === "false" ? "dark" : "light";
    if (ground === model.get("ground")) return;
    model.set("ground", ground);
    model.save_changes();
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  model.on("change:source change:words", draw);
  draw();
  look();
  el.classList.add("drift-picture");
  el.append(image);
  return () => observer.disconnect();
}

export default { render };
