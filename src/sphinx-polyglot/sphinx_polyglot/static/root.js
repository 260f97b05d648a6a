// The first page of a site leads to the language chosen before, else to the first one that the browser asks for.
(() => {
  const { codes, first } = document.currentScript.dataset;
  const known = codes.split(" ");
  let chosen = null;
  try { chosen = localStorage.getItem("polyglot-language"); } catch { /* storage is switched off */ }
  const wanted = [chosen, ...navigator.languages.map(name => name.split("-")[0])];
  location.replace(`${wanted.find(name => known.includes(name)) ?? first}/index.html`);
})();
