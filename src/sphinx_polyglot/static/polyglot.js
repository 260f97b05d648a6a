// The language switch keeps the place: it leads to the heading that is being read.
(() => {
  const FOLD = 160; // a heading this far below the top edge is being read

  const currentHeading = () => {
    if (scrollY === 0) return "";
    const sections = [...document.querySelectorAll("section[id]")];
    const above = sections.filter(section => section.getBoundingClientRect().top <= FOLD);
    const current = above.at(-1);
    return current && current !== sections[0] ? `#${current.id}` : "";
  };

  document.addEventListener("click", event => {
    const link = event.target.closest("a[data-polyglot]");
    if (!link) return;
    link.search = location.search;
    link.hash = currentHeading();
    try { localStorage.setItem("polyglot-language", link.dataset.polyglot); } catch { /* storage is switched off */ }
  });
})();
