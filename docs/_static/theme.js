// Light or dark, as the reader chose. Furo's own scripts do the same, but die where storage is switched off.
(() => {
  document.documentElement.classList.remove("no-js"); // furo's script does it later, and all is laid out once more
  const KEY = "theme"; // furo's own
  const stored = () => { try { return localStorage.getItem(KEY); } catch { return null; } };
  const show = theme => {
    document.body.dataset.theme = theme;
    for (const button of document.querySelectorAll(".theme-toggle")) {
      button.setAttribute("aria-label", button.dataset[theme] ?? button.dataset.auto);
    }
  };
  show(stored() ?? "auto"); // at once, that no page flashes; the buttons are not there yet
  document.addEventListener("DOMContentLoaded", () => show(document.body.dataset.theme));

  document.addEventListener("click", event => {
    if (!event.target.closest(".theme-toggle")) return;
    event.stopPropagation(); // furo's never hears of it
    const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
    const themes = isDark ? ["auto", "light", "dark"] : ["auto", "dark", "light"];
    const next = themes[(themes.indexOf(document.body.dataset.theme) + 1) % themes.length];
    show(next);
    try { localStorage.setItem(KEY, next); } catch { /* chosen for this page only */ }
  }, true);
})();
