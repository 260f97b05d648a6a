// Both languages together: below each paragraph of the page, the same in the other language.
(() => {
  const buttons = [...document.querySelectorAll("[data-polyglot-together]")];
  if (!buttons.length || !window.polyglot) return;
  const { text, headings, stretches, place, restore } = window.polyglot;
  const KEY = "polyglot-together";
  const ADDED = "polyglot-together";
  let added = [];

  const isProse = block => !block.closest("[data-thing], .polyglot-downloads"); // a thing speaks one language
  const isParagraph = block => block.matches("p");

  const spoken = (block, lang) => block.closest("[lang]")?.lang ?? lang;
  // What stands in from a language is not put below itself.
  const put = (element, source, { tag, direction }, where, block) => {
    element.className = ADDED;
    element.lang = spoken(source, tag);
    element.dir = source.closest("[dir]")?.dir ?? direction;
    if (element.lang === spoken(block, "")) return;
    element.innerHTML = source.innerHTML;
    where(element);
    added.push(element);
  };
  const inside = (block, source, other) =>
    put(document.createElement("span"), source, other, element => block.append(" ", element), block);
  const below = (block, source, other) =>
    put(document.createElement("p"), source, other, element => block.after(element), block);

  // A stretch begins with what both pages have; its paragraphs go in pairs, as the check of the languages has it.
  const pair = (ours, theirs, other) => {
    const [own, same] = [ours[0], theirs[0]];
    if (own?.matches(headings) && same?.matches(headings)) inside(own, same, other);
    const [caption, source] = [own, same].map(block => block?.querySelector(":scope > figcaption"));
    if (caption && source) inside(caption, source, other);
    const sources = theirs.filter(isParagraph);
    ours.filter(isParagraph).forEach((block, index) => {
      if (sources[index]) below(block, sources[index], other);
    });
  };

  const show = (prose, other) => {
    const page = new DOMParser().parseFromString(prose, "text/html").body;
    const theirs = stretches(page, isProse);
    for (const [name, ours] of stretches(text, isProse)) pair(ours, theirs.get(name) ?? [], other);
    const summaries = page.querySelectorAll("details > summary");
    const own = [...text.querySelectorAll("details > summary")];
    if (own.length === summaries.length) own.forEach((summary, index) => inside(summary, summaries[index], other));
  };

  const clear = () => {
    for (const element of added) element.remove();
    added = [];
  };

  const loaded = new Map();
  const load = button => {
    const { src } = button.dataset;
    if (!loaded.has(src)) {
      loaded.set(src, new Promise((resolve, reject) => {
        const script = Object.assign(document.createElement("script"), { src });
        script.onload = () => resolve(window.polyglotProse);
        script.onerror = reject;
        document.head.append(script);
      }));
    }
    return loaded.get(src);
  };

  const remember = code => {
    try { localStorage.setItem(KEY, code); } catch { /* storage is switched off */ }
  };

  // What is read stays where it is on the screen.
  const change = (chosen, prose) => {
    const kept = scrollY > 0 && place();
    clear();
    for (const button of buttons) button.setAttribute("aria-pressed", button === chosen);
    if (chosen) show(prose, chosen.dataset);
    if (kept) restore(kept);
  };

  const choose = async button => {
    try {
      change(button, await load(button));
    } catch {
      button.disabled = true; // the page is not there in that language
    }
  };

  for (const button of buttons) {
    button.addEventListener("click", () => {
      const isShown = button.getAttribute("aria-pressed") === "true";
      remember(isShown ? "" : button.dataset.polyglotTogether);
      if (isShown) change(null);
      else choose(button);
    });
  }

  let remembered = "";
  try { remembered = localStorage.getItem(KEY); } catch { /* storage is switched off */ }
  const found = buttons.find(button => button.dataset.polyglotTogether === remembered);
  if (remembered) choose(found ?? buttons[0]); // whoever changed the page's language has come to the other one
})();
