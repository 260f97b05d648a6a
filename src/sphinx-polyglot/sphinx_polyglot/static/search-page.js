// The page of results shows the hits of polyglotHits: all at once, each with a line of its page, and how many pages.
(() => {
  const show = query => {
    const { items, pages } = polyglotHits(query);
    Search.output.append(...items);
    _finishSearch(pages); // Sphinx's words
  };
  // The search waits for the texts of all pages, which come as a script and not by fetch: file:// has no fetch.
  let isReady = false;
  const waiting = [];
  Search.query = query => (isReady ? show(query) : waiting.push(query));
  const begin = () => {
    isReady = true;
    waiting.forEach(show);
  };
  const texts = document.createElement("script");
  texts.src = new URL("searchtexts.js", new URL(document.documentElement.dataset.content_root ?? "./", location.href));
  texts.onload = texts.onerror = begin;
  document.head.append(texts);
})();
