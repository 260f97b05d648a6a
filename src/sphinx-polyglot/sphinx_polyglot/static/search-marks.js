// A page that is opened from the search marks what was searched for: in its text, and nowhere else.
//
// Sphinx's own sphinx_highlight.js is not loaded. It keeps the words in the storage, for whichever page
// comes next in whichever language, and dies where storage is switched off or a picture has a title.
const SPHINX_HIGHLIGHT_ENABLED = false; // for Sphinx's searchtools.js

(() => {
  const TEXT = document.querySelector("article, [role=main], main") ?? document.body;
  const UNMARKED = "svg, .math, .headerlink, .polyglot-downloads, .polyglot-copy";

  const address = new URL(location.href);
  const words = address.searchParams.getAll("highlight").filter(word => word.trim());
  if (!words.length) return;
  address.searchParams.delete("highlight");
  try { history.replaceState(history.state, "", address); } catch { /* some browsers forbid it on file:// */ }

  const escaped = words.map(word => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  const pattern = new RegExp(`(${escaped.sort((one, other) => other.length - one.length).join("|")})`, "giu");
  const mark = text => {
    const marked = document.createElement("span");
    marked.className = "highlighted";
    marked.textContent = text;
    return marked;
  };

  const walker = document.createTreeWalker(TEXT, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts) {
    const parts = text.data.split(pattern); // every second one is a hit
    if (parts.length === 1 || text.parentElement.closest(UNMARKED)) continue;
    text.replaceWith(...parts.map((part, place) => (place % 2 ? mark(part) : part)));
  }

  // A search that leads to what is folded opens it: the first fold of the section, unless a mark is to be seen there.
  const section = document.getElementById(decodeURIComponent(address.hash.slice(1)))?.closest("section");
  const marks = [...(section ?? TEXT).querySelectorAll(".highlighted")];
  if (!marks.some(marked => !marked.closest("details:not([open]) > :not(summary)")))
    for (let fold = marks[0]; (fold = fold?.closest("details:not([open])")); ) fold.open = true;

  const hide = document.createElement("button");
  hide.className = "highlight-link";
  hide.textContent = Documentation.gettext("Hide Search Matches");
  hide.addEventListener("click", () => {
    hide.remove();
    for (const marked of TEXT.querySelectorAll(".highlighted")) marked.replaceWith(marked.textContent);
  });
  document.getElementById("searchbox")?.append(hide);
})();
