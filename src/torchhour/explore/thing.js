// Around the script of each thing: once a reader is near, start each of its kind, and print it as it is without a script.
(() => {
  "use strict";
  /* the script */
  const waiting = new Set();
  const begin = root => {
    if (!waiting.delete(root)) return;
    const figure = root.querySelector(":scope > svg"), whole = figure.cloneNode(true);
    const said = [...root.querySelectorAll("output, [role=status]")].map(element => [element, element.ariaLive]);
    for (const [element] of said) element.ariaLive = "off"; // nobody has asked yet
    start(root);
    setTimeout(() => { for (const [element, live] of said) if (element.ariaLive === "off") element.ariaLive = live; }, 300);
    addEventListener("beforeprint", () => figure.replaceWith(whole));
    addEventListener("afterprint", () => whole.replaceWith(figure));
  };
  const near = new IntersectionObserver(entries => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) begin(target);
  }, { rootMargin: "1000px" });
  const meet = () => {
    for (const root of document.querySelectorAll(".torchhour-/* the kind */:not([data-started])")) {
      root.dataset.started = "";
      root.querySelector(".torchhour-controls").hidden = false; // at once, for it moves what follows
      waiting.add(root);
      near.observe(root);
      root.addEventListener("torchhour", () => begin(root), { capture: true }); // what comes later is here
    }
  };
  meet();
  setTimeout(meet, 200); // a notebook may run this before it shows the thing
  addEventListener("keydown", () => waiting.forEach(begin), { capture: true }); // by Tab one comes from afar
})();
