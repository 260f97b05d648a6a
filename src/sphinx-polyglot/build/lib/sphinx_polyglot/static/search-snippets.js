// Below each result of Sphinx's search, the line of the page that was found.
// The texts come as a script and not by fetch, so that this also works from file://.
(() => {
  const LENGTH = 160; // characters of a snippet
  const BEFORE = 30; // of them before what was found

  const query = (new URLSearchParams(location.search).get("q") ?? "").toLowerCase();
  const results = document.getElementById("search-results");
  if (!query.trim() || !results || typeof Search === "undefined") return;

  const root = new URL(document.documentElement.dataset.content_root ?? "./", location.href);
  const words = (query.match(/\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{Letter}\p{Number}_])+/gu) ?? [])
    .filter(word => !stopwords.has(word));
  const isHan = word => /\p{Script=Han}/u.test(word);

  // Sphinx lets words of one or two letters be missing, and pairs of Chinese characters
  // look like such words to it. Here every word of the query counts.
  const pagesWith = Search.performTermsSearch;
  Search.performTermsSearch = (terms, excluded) => {
    const [first, ...others] = [...terms].map(term => pagesWith(new Set([term]), excluded));
    return (first ?? []).flatMap(result => {
      const scores = others.map(pages => pages.find(page => page[0] === result[0])?.[4]);
      if (scores.includes(undefined)) return [];
      result[4] = scores.reduce((sum, score) => sum + score, result[4]) / terms.size;
      return [result];
    });
  };

  // What to mark in a text: a Chinese word or, where it is not there, its pairs; all forms of an English word.
  const markPattern = text => {
    const stemmer = new Stemmer();
    const pieces = words.flatMap(word => {
      if (isHan(word)) return text.includes(word) ? [word] : splitQuery(word);
      // The stem of memory is memori.
      return [word.length < 3 ? `\\b${word}\\b` : `${stemmer.stemWord(word).replace(/i$/, "[iy]")}[a-z]*`];
    });
    return new RegExp(pieces.join("|") || "$^", "giu");
  };

  // The place in a text with the most, and the longest, of the words near each other.
  const bestPlace = text => {
    const marks = [...text.matchAll(markPattern(text))];
    const found = marks.map((mark, at) => {
      const near = marks.slice(at).filter(other => other.index < mark.index + LENGTH - BEFORE);
      return [...new Set(near.map(other => other[0].toLowerCase()))].join("").length;
    });
    const score = Math.max(0, ...found);
    return { text, score, index: score ? marks[found.indexOf(score)].index : 0 };
  };

  const snippet = ({ text, index }) => {
    const start = index > BEFORE ? index - BEFORE : 0;
    const shown = text.slice(start, start + LENGTH);
    const line = document.createElement("p");
    line.className = "context";
    line.append(start ? "…" : "");
    let end = 0;
    for (const mark of shown.matchAll(markPattern(text))) {
      const highlighted = document.createElement("span");
      highlighted.className = "highlighted";
      highlighted.textContent = mark[0];
      line.append(shown.slice(end, mark.index), highlighted);
      end = mark.index + mark[0].length;
    }
    line.append(shown.slice(end), start + LENGTH < text.length ? "…" : "");
    return line;
  };

  const addSnippet = item => {
    item.dataset.snippet = "";
    const link = item.querySelector("a[href]");
    const sections = link && pages.get(link.href.split("#")[0]);
    if (!sections) return;
    const found = sections.flatMap(([, text]) => text.match(markPattern(text)) ?? []);
    const marked = new Set([...words, ...found.map(word => word.toLowerCase())]);
    link.search = new URLSearchParams([...marked].map(word => ["highlight", word])); // search-marks.js reads it
    const anchored = sections.filter(([anchor]) => link.hash === `#${anchor}`);
    const places = (anchored.length ? anchored : sections).map(([anchor, text]) => ({ anchor, ...bestPlace(text) }));
    const best = places.reduce((one, other) => (other.score > one.score ? other : one), places[0]);
    if (!best?.text) return;
    if (!link.hash && best !== places[0]) link.hash = best.anchor;
    item.append(snippet(best));
  };

  let pages;
  const addSnippets = () => {
    if (pages) results.querySelectorAll("li:not([data-snippet])").forEach(addSnippet);
  };
  new MutationObserver(addSnippets).observe(results, { childList: true, subtree: true });

  const script = document.createElement("script");
  script.src = new URL("searchtexts.js", root).href;
  script.onload = () => {
    const texts = Object.entries(polyglotTexts);
    pages = new Map(texts.map(([address, sections]) => [new URL(address, root).href, sections]));
    addSnippets();
  };
  document.head.append(script);
})();
