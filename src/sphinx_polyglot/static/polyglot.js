// The language switch keeps the place: it leads to the heading, or the term, that is being read.
(() => {
  const FOLD = 160; // a heading this far below the top edge is being read

  const currentHeading = () => {
    if (scrollY === 0) return "";
    const places = [...document.querySelectorAll("section[id], dt[id]")];
    const above = places.filter(place => place.getBoundingClientRect().top <= FOLD);
    // Where the reader was led counts while it is there; near the page's end, it cannot come to the top.
    const target = places.find(place => place.matches(":target"));
    const top = target?.getBoundingClientRect().top ?? -1;
    const atEnd = scrollY + innerHeight > document.documentElement.scrollHeight - 2;
    const current = top >= 0 && (top <= FOLD || atEnd) ? target : above.at(-1);
    return current && current !== places[0] ? `#${current.id}` : "";
  };

  // A block of code that is wider than the page is scrolled by keyboard, too.
  for (const block of document.querySelectorAll("pre")) {
    if (block.scrollWidth > block.clientWidth) block.tabIndex = 0;
  }

  document.addEventListener("click", event => {
    const link = event.target.closest("a[data-polyglot]");
    if (!link) return;
    link.search = location.search;
    link.hash = currentHeading();
    try { localStorage.setItem("polyglot-language", link.dataset.polyglot); } catch { /* storage is switched off */ }
  });
})();
