// Around the script of each thing: start each of its kind once, and print it as it is without a script.
(() => {
  "use strict";
  /* the script */
  const begin = () => {
    for (const root of document.querySelectorAll(".torchhour-/* the kind */:not([data-started])")) {
      root.dataset.started = "";
      const figure = root.querySelector(":scope > svg"), whole = figure.cloneNode(true);
      start(root);
      root.querySelector(".torchhour-controls").hidden = false;
      addEventListener("beforeprint", () => figure.replaceWith(whole));
      addEventListener("afterprint", () => whole.replaceWith(figure));
    }
  };
  begin();
  setTimeout(begin, 200); // a notebook may run this before it shows the thing
})();
