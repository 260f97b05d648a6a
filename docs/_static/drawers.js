// Furo opens its menus by labels of hidden checkboxes, which no key reaches. Their icons become buttons.
(() => {
  const DRAWERS = { __navigation: ".sidebar-drawer", __toc: ".toc-drawer" };
  const icons = [...document.querySelectorAll("label:is(.nav-overlay-icon, .toc-overlay-icon) .icon")];
  const boxOf = icon => document.getElementById(icon.closest("label").htmlFor);

  for (const icon of icons) {
    const box = boxOf(icon);
    icon.tabIndex = 0;
    icon.setAttribute("role", "button");
    icon.setAttribute("aria-label", box.getAttribute("aria-label"));
    icon.addEventListener("keydown", event => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      box.checked = !box.checked;
      const stops = [...document.querySelectorAll(`${DRAWERS[box.id]} :is(a, input)`)];
      if (box.checked) stops.find(stop => stop.checkVisibility())?.focus();
    });
  }
  document.addEventListener("keydown", event => {
    const open = event.key === "Escape" && icons.find(icon => boxOf(icon).checked && icon.checkVisibility());
    if (!open) return;
    boxOf(open).checked = false;
    open.focus();
  });
})();
