// Below the search box, the first hits while a reader types. What finds them is loaded when the box gets the focus.
(() => {
  const SHOWN = 8; // hits
  const SCRIPTS = ["_static/language_data.js", "_static/searchtools.js", "_static/search-hits.js"];
  const NEEDED = [...SCRIPTS, "searchindex.js", "searchtexts.js"];
  const KEYS = { ArrowDown: 1, ArrowUp: -1 };

  const box = document.querySelector("form input[name=q]");
  if (!box || !("popover" in HTMLElement.prototype)) return;
  const root = new URL(document.documentElement.dataset.content_root ?? "./", location.href);

  const list = document.createElement("div");
  list.className = "polyglot-typing";
  list.popover = "manual"; // the sidebar cuts off what is wider
  const status = list.appendChild(document.createElement("p"));
  status.setAttribute("role", "status");
  const hits = list.appendChild(document.createElement("ul"));
  box.form.after(list);
  box.autocomplete = "off";

  let typed = box.value;
  const load = name => new Promise((resolve, reject) => {
    const src = new URL(name, root).href;
    if ([...document.scripts].some(script => script.src.split("?")[0] === src)) return resolve();
    const script = document.createElement("script");
    const done = () => {
      if (box.value !== typed) box.value = typed; // Sphinx's script puts the query of the address there
      resolve();
    };
    document.head.append(Object.assign(script, { src, onload: done, onerror: reject }));
  });
  let loading;
  const ready = () =>
    (loading ??= NEEDED.reduce((before, name) => before.then(() => load(name)), Promise.resolve())
      .then(() => true, () => false));

  const isOpen = () => list.matches(":popover-open");
  const close = () => isOpen() && list.hidePopover();
  const place = () => {
    const { left, right, bottom } = box.form.getBoundingClientRect();
    const start = document.documentElement.dir === "rtl" ? right - list.offsetWidth : left;
    list.style.left = `${Math.max(8, Math.min(start, innerWidth - list.offsetWidth - 8))}px`;
    list.style.top = `${bottom}px`;
  };
  const told = number =>
    number
      ? Documentation.ngettext(
          "Search finished, found one page matching the search query.",
          "Search finished, found ${resultCount} pages matching the search query.",
          number,
        ).replace("${resultCount}", number)
      : Documentation.gettext(
          "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.",
        );

  const show = async () => {
    typed = box.value;
    if (!(await ready()) || !typed.trim()) return close();
    const { items, pages } = polyglotHits(typed, SHOWN);
    hits.replaceChildren(...items);
    status.textContent = told(pages);
    if (!isOpen()) list.showPopover();
    place();
  };

  // Down from the box into the list, up again, and away with it.
  const move = event => {
    if (event.key === "Escape" && isOpen()) {
      event.preventDefault();
      close();
      box.focus();
    }
    const stops = [box, ...hits.querySelectorAll("a")];
    const next = stops[stops.indexOf(document.activeElement) + (KEYS[event.key] ?? NaN)];
    if (!next || !isOpen()) return;
    event.preventDefault();
    next.focus();
  };
  const leave = ({ target }) => box.form.contains(target) || list.contains(target) || close();

  // Sphinx has "/" lead here, but not from a button or a slider, where it would be of no other use.
  const TAKES_TEXT = "textarea, select, [contenteditable], input:not([type=range], [type=checkbox], [type=radio])";
  const come = event => {
    if (event.key !== "/" || event.altKey || event.ctrlKey || event.metaKey) return;
    if (document.activeElement.matches(TAKES_TEXT) || !DOCUMENTATION_OPTIONS.ENABLE_SEARCH_SHORTCUTS) return;
    event.preventDefault();
    box.focus();
  };

  document.addEventListener("keydown", come);
  box.addEventListener("focus", ready);
  box.addEventListener("input", event => event.isComposing || show());
  box.addEventListener("compositionend", show);
  for (const part of [box, list]) part.addEventListener("keydown", move);
  for (const kind of ["focusin", "pointerdown"]) document.addEventListener(kind, leave);
  addEventListener("resize", () => isOpen() && place());
})();
