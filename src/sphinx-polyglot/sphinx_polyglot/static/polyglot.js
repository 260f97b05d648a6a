// The language switch keeps the place: what is being read comes to the same height on the screen.
(() => {
  const LINE = 0.35; // of the window's height: there a reader reads
  const NEAR = 0.12; // a block that begins this near to that line is what is read
  const LED = 160; // a place that a link led to counts while it is this near to the top edge

  const OURS = ["place", "anchor", "keys", "highlight"]; // what addresses carry from page to page, and only once

  const TEXT = document.querySelector("article, [role=main], main") ?? document.body; // whatever the theme calls it
  // A page without a text of its own, as of a search, has the switch in its head, to be put where the text begins.
  const waiting = document.querySelector("template.polyglot-waiting");
  if (waiting) TEXT.prepend(waiting.content);

  const HEADINGS = "h1, h2, h3, h4, h5, h6";
  // Alike in all languages; paragraphs need not be.
  const SHARED = `${HEADINGS}, dt, pre, img, .polyglot-figure, .polyglot-math`;
  const FOLDED = "details:not([open]) > :not(summary)"; // has a height in some browsers, though nobody sees it

  const box = block => block.getBoundingClientRect();

  // The page in stretches. Each begins with a block that all languages share, is named by its
  // heading and its number below that, and goes on with the paragraphs up to the next.
  const stretches = (text = TEXT, isCounted = () => true) => {
    let heading = "", number = 0, stretch = [];
    const found = new Map([["", stretch]]);
    for (const block of text.querySelectorAll(`:is(${SHARED}, p)`)) {
      if (block.matches(".polyglot-together") || !isCounted(block)) continue;
      const id = block.matches(HEADINGS) ? block.parentElement.id : block.matches("dt") && block.id;
      if (id) [heading, number] = [id, 0];
      if (block.matches(SHARED)) found.set(`${heading}.${number++}`, stretch = []);
      stretch.push(block);
    }
    return found;
  };

  // What is folded, in an order that all languages share: what a reader opened is open there, too.
  const folds = () => [...TEXT.querySelectorAll("details")];

  // Where the paragraphs of a stretch begin and end: other languages may cut them otherwise.
  const extent = stretch => ({ from: box(stretch[0]).bottom, to: box(stretch.at(-1)).bottom });

  const place = () => {
    // Where the page cannot scroll on, what is read may stand anywhere below that line.
    const isAtEnd = scrollY + innerHeight > document.documentElement.scrollHeight - 2;
    const end = Math.min(innerHeight, box(TEXT).bottom);
    const line = isAtEnd ? (LINE * innerHeight + end) / 2 : LINE * innerHeight;
    const blocks = [...stretches()].flatMap(([name, stretch]) =>
      stretch.map((block, index) => ({ name, stretch, index, block, ...box(block).toJSON() })));
    const seen = blocks.filter(({ block, height }) => height && !block.closest(FOLDED));
    if (!seen.length) return "";

    const away = ({ top }) => Math.abs(top - line);
    const target = TEXT.querySelector(":target");
    const led = seen.find(({ block, top }) => target?.contains(block) && top >= 0 && top <= LED);
    const nearest = led ?? seen.reduce((one, other) => (away(other) < away(one) ? other : one));
    const isRead = led || away(nearest) <= NEAR * innerHeight;
    const read = isRead ? nearest : seen.filter(({ top }) => top <= line).at(-1) ?? seen[0];
    const y = isRead ? read.top : Math.min(line, read.bottom);
    const { from, to } = extent(read.stretch);
    const within = (y - read.top) / read.height;
    const along = read.index ? (y - from) / (to - from) : 0;
    const unfolded = folds().flatMap((fold, index) => (fold.open ? index : [])).join(".");
    const { name, index, stretch } = read;
    return [name, index, stretch.length, within.toFixed(4), along.toFixed(4), y.toFixed(1), unfolded].join();
  };

  const restore = described => {
    const [name, index, count, within, along, y, unfolded] = described.split(",");
    const isOpen = new Set(unfolded?.split("."));
    folds().forEach((fold, number) => { fold.open = isOpen.has(String(number)); });
    const stretch = stretches().get(name);
    if (!stretch?.length) return;
    const block = stretch[stretch.length === Number(count) ? index : 0];
    const { from, to } = extent(stretch);
    const isPaired = block !== stretch[0] || index === "0";
    const top = isPaired ? box(block).top + within * box(block).height : from + along * (to - from);
    scrollBy({ top: top - y, behavior: "instant" });
  };

  window.polyglot = { text: TEXT, headings: HEADINGS, stretches, place, restore }; // for both languages together

  // What the address says of the place is used once, and taken out: the address can be passed on. Its anchor
  // comes back only now, or the browser would go there.
  const address = new URL(location.href);
  const described = address.searchParams.get("place");
  const isByKeys = address.searchParams.has("keys");
  let arrived = NaN; // where the page stood then: whoever goes back from there goes back to the same place
  if (described || isByKeys) {
    address.hash = address.searchParams.get("anchor") ?? "";
    for (const name of OURS) address.searchParams.delete(name);
    try { history.replaceState(history.state, "", address); } catch { /* some browsers forbid it on file:// */ }
  }
  const isFirst = performance.getEntriesByType("navigation")[0]?.type === "navigate";
  let isTouched = false;
  const arrive = () => {
    if (isTouched) return;
    if (described && isFirst) {
      restore(described);
      arrived = scrollY;
    }
    // Whoever came by keyboard finds the focus where it was, on the switch: Enter leads back.
    const links = isByKeys ? [...document.querySelectorAll("a[data-polyglot]")] : [];
    links.find(link => link.checkVisibility({ visibilityProperty: true }))?.focus({ preventScroll: true });
  };
  for (const type of ["wheel", "touchmove", "pointerdown", "keydown"])
    addEventListener(type, () => { isTouched = true; }, { once: true, passive: true });
  arrive();
  addEventListener("load", arrive); // what had no size is there now, and the browser has gone to the anchor

  document.addEventListener("click", event => {
    const link = event.target.closest("a[data-polyglot]");
    if (!link) return;
    const plain = link.href;
    const query = new URLSearchParams(location.search);
    for (const name of OURS) query.delete(name);
    const found = Math.abs(scrollY - arrived) < 2 ? described : scrollY > 0 && place();
    if (found) {
      query.set("place", found);
      query.set("anchor", location.hash);
    }
    if (!event.detail) query.set("keys", ""); // no button of a mouse, no finger
    link.search = query;
    setTimeout(() => { link.href = plain; }); // for whoever comes back, or copies the link
  });

  // Who reads a page in a language is led to that language by the start of the site.
  const here = document.querySelector("[data-polyglot-here]")?.dataset.polyglotHere;
  try { if (here) localStorage.setItem("polyglot-language", here); } catch { /* storage is switched off */ }

  // A link leads into what is folded; what is printed is all open, and as it was afterwards.
  const open = block => {
    for (let fold = block; (fold = fold?.closest("details:not([open])")); ) fold.open = true;
  };
  const reveal = () => {
    let target = null; // the browser's own :target may come later than this script
    try { target = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { /* no such name */ }
    if (!target) return;
    open(target);
    // a heading whose part is folded: whoever comes by a link wants to read it
    if (target.matches(".polyglot-deeper")) open(target.querySelector(":scope > .polyglot-fold > :not(summary)"));
  };
  addEventListener("hashchange", reveal);
  reveal();
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details.polyglot-fold:not([open])")];
    for (const fold of opened) fold.open = true;
  });
  addEventListener("afterprint", () => { for (const fold of opened) fold.open = false; });

  // A block of code that is wider than the page is scrolled by keyboard, too. What is folded has no width yet: to ask
  // for it has the browser lay out all of it.
  const reach = part => {
    const blocks = [...part.querySelectorAll("pre")].filter(block => !block.closest(FOLDED));
    for (const block of blocks.filter(block => block.scrollWidth > block.clientWidth)) block.tabIndex = 0;
  };
  addEventListener("load", () => reach(document)); // all is laid out by then
  document.addEventListener("toggle", ({ target }) => target.open && reach(target), true);
})();
