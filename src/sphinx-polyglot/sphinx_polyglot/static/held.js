// What a name of a lesson's code holds, shown where it is pointed at, tapped or reached by keyboard.
// One name of each block is reached by Tab, the others from there by the arrow keys.
(() => {
  "use strict";
  const tip = document.createElement("div");
  tip.id = "polyglot-tip";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  document.body.append(tip);

  let shown = null;
  const hide = () => {
    shown?.removeAttribute("aria-describedby");
    if (shown !== document.activeElement) shown?.removeAttribute("role");
    shown = null;
    tip.hidden = true;
  };
  const ready = name => { // only once it is met: a lesson has hundreds
    if (!name.title) return;
    name.dataset.held = name.title;
    name.removeAttribute("title");
    if (!name.hasAttribute("tabindex")) name.tabIndex = -1;
  };
  const show = name => {
    if (shown !== name) hide();
    if (name.matches(".polyglot-held")) ready(name);
    shown = name;
    tip.textContent = name.dataset.held ?? name.title;
    tip.hidden = false;
    name.setAttribute("role", "button"); // readers of screens tell what describes a button, and not what describes text
    name.setAttribute("aria-describedby", tip.id);
    put(name);
  };
  const put = name => {
    const place = name.getBoundingClientRect(), own = tip.getBoundingClientRect();
    const left = Math.max(8, Math.min(place.left, document.documentElement.clientWidth - own.width - 8));
    const below = place.bottom + 6;
    const top = below + own.height > innerHeight ? place.top - own.height - 6 : below;
    tip.style.left = `${left}px`;
    tip.style.top = `${top}px`;
  };

  const held = event => event.target.closest?.(".polyglot-held");
  for (const block of document.querySelectorAll("pre")) {
    const first = block.querySelector(".polyglot-held");
    if (first) first.tabIndex = 0;
  }
  document.addEventListener("keydown", event => {
    const name = held(event);
    if (!name) return;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === " " || event.key === "Enter") { // as of a button
      event.preventDefault();
      tip.hidden ? show(name) : hide();
    }
    if (!step || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const names = [...name.closest("pre").querySelectorAll(".polyglot-held")];
    const next = names[(names.indexOf(name) + step + names.length) % names.length];
    ready(next); // or it could not be focused
    next.focus();
  });
  document.addEventListener("mouseover", event => { const name = held(event); if (name) show(name); });
  document.addEventListener("mouseout", event => { if (held(event) && held(event) !== document.activeElement) hide(); });
  document.addEventListener("focusin", event => { const name = held(event); name ? show(name) : hide(); });
  document.addEventListener("focusout", hide);
  document.addEventListener("click", event => {
    const tapped = held(event) ?? event.target.closest?.(".polyglot-checked"); // fingers see no title
    tapped ? show(tapped) : hide();
  });
  document.addEventListener("keydown", event => { if (event.key === "Escape") hide(); });
  addEventListener("scroll", () => { if (shown) put(shown); }, { capture: true, passive: true });
})();
