// What is heavy is loaded once a reader comes near it.
(() => {
  "use strict";
  const load = place => {
    const script = document.createElement("script");
    script.src = place.dataset.polyglotScript;
    place.replaceWith(script);
  };
  const watcher = new IntersectionObserver(entries => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      target.querySelectorAll("[data-polyglot-script]").forEach(load);
    }
  }, { rootMargin: "600px" });
  for (const place of document.querySelectorAll("[data-polyglot-script]")) watcher.observe(place.parentElement);
})();
