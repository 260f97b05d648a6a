// The first page of a site leads to the language chosen before, else to the first one that the browser asks for.
// What is not wholly translated comes last: a browser asks for languages that its reader never chose here.
(() => {
  const { codes, drafts, first } = document.currentScript.dataset;
  const [complete, partly] = [codes, drafts].map(list => list.split(" "));
  let chosen = null;
  try { chosen = localStorage.getItem("polyglot-language"); } catch { /* storage is switched off */ }
  const wanted = navigator.languages.map(name => name.split("-")[0]);
  const among = known => wanted.find(name => known.includes(name));
  const kept = [...complete, ...partly].find(name => name === chosen);
  location.replace(`${kept || (among(complete) ?? among(partly) ?? first)}/index.html`);
})();
