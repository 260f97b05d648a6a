// Light or dark, as the reader chose. Furo's own scripts do the same, but die where storage is switched off.
(() => {
  const KEY = "theme"; // furo's own
  const stored = () => { try { return localStorage.getItem(KEY); } catch { return null; } };
  document.body.dataset.theme = stored() ?? "auto";

  document.addEventListener("click", event => {
    if (!event.target.closest(".theme-toggle")) return;
    event.stopPropagation(); // furo's never hears of it
    const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
    const themes = isDark ? ["auto", "light", "dark"] : ["auto", "dark", "light"];
    const next = themes[(themes.indexOf(document.body.dataset.theme) + 1) % themes.length];
    document.body.dataset.theme = next;
    try { localStorage.setItem(KEY, next); } catch { /* chosen for this page only */ }
  }, true);
})();
