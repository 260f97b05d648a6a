// Below each result of Sphinx's search, the line of the page that was found.
// The texts come as a script and not by fetch, so that this also works from file://.
(() => {
  const LENGTH = 160; // characters of a snippet
  const BEFORE = 30; // of them before what was found
  const PASTED = 6; // words of a query that nobody types

  const query = (new URLSearchParams(location.search).get("q") ?? "").toLowerCase();
  const results = document.getElementById("search-results");
  if (!query.trim() || !results || typeof Search === "undefined") return;

  const root = new URL(document.documentElement.dataset.content_root ?? "./", location.href);
  const words = [...new Set(query.match(/\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{Letter}\p{Number}_])+/gu))]
    .filter(word => !stopwords.has(word))
    .sort((one, other) => other.length - one.length); // torchvision is no form of torch
  const isHan = word => /\p{Script=Han}/u.test(word);

  // Sphinx lets words of one or two letters be missing, and pairs of Chinese characters
  // look like such words to it. Here every word of the query counts.
  const pagesWith = Search.performTermsSearch;
  Search.performTermsSearch = (terms, excluded) => {
    const found = [...terms].map(term => pagesWith(new Set([term]), excluded));
    if (words.length >= PASTED) return pagesWithMost(found);
    const [first, ...others] = found;
    return (first ?? []).flatMap(result => {
      const scores = others.map(pages => pages.find(page => page[0] === result[0])?.[4]);
      if (scores.includes(undefined)) return [];
      result[4] = scores.reduce((sum, score) => sum + score, result[4]) / terms.size;
      return [result];
    });
  };

  // Who pastes an error message pastes words that no page has: names of files, numbers, another version's words.
  // Half of them are enough, and the page comes first that has the most of them in one place.
  const pagesWithMost = found => {
    const numbers = new Map();
    for (const page of found.flat()) numbers.set(page[0], (numbers.get(page[0]) ?? 0) + 1);
    const results = new Map(found.flat().map(page => [page[0], page]));
    return [...results.values()].filter(([docname]) => numbers.get(docname) >= found.length / 2).map(result => {
      const sections = pages.get(new URL(addressOf(result[0]), root).href) ?? [];
      result[4] = Math.max(0, ...sections.map(({ marks }) => bestPlace(marks, reach).score));
      return result;
    });
  };
  const addressOf = docname =>
    DOCUMENTATION_OPTIONS.BUILDER === "dirhtml"
      ? `${docname}/`.replace(/(^|\/)index\/$/, "$1")
      : docname + DOCUMENTATION_OPTIONS.LINK_SUFFIX;

  // What to mark in a text: a Chinese word or, where it is not there, its pairs; all forms of an English word.
  const forms = (word, text, stemmer) => {
    if (isHan(word)) return text.includes(word) ? word : splitQuery(word).join("|");
    // The stem of memory is memori.
    return word.length < 3 ? `\\b${word}\\b` : `${stemmer.stemWord(word).replace(/i$/, "[iy]")}[a-z]*`;
  };
  const marksIn = text => {
    const stemmer = new Stemmer();
    const pattern = words.map(word => `(${forms(word, text, stemmer)})`).join("|") || "$^";
    return [...text.matchAll(new RegExp(pattern, "giu"))].map(({ 0: mark, index, ...groups }) => {
      const word = words.find((_, at) => groups[at + 1] !== undefined);
      return { mark, index, word: isHan(word) ? mark : word };
    });
  };

  // In how many sections each word is. The rarer a word, the more it tells.
  const spread = sections => {
    const numbers = new Map();
    for (const { marks } of sections)
      for (const word of new Set(marks.map(mark => mark.word))) numbers.set(word, (numbers.get(word) ?? 0) + 1);
    return numbers;
  };
  const weigh = word => word.length * Math.log(1 + everywhere.length / everyone.get(word));

  // The place in a text with the most telling words near each other.
  const near = LENGTH - BEFORE;
  const reach = Math.max(near, query.length);
  const bestPlace = (marks, within) => {
    const scores = marks.map(({ index }, at) => {
      const found = new Set();
      for (let other = at; marks[other]?.index < index + within; other++) found.add(marks[other].word);
      return [...found].reduce((sum, word) => sum + weigh(word), 0);
    });
    const score = Math.max(0, ...scores);
    return { score, index: score ? marks[scores.indexOf(score)].index : 0 };
  };

  const snippet = ({ text, marks }, index) => {
    const start = index > BEFORE ? index - BEFORE : 0;
    const line = document.createElement("p");
    line.className = "context";
    line.append(start ? "…" : "");
    let end = start;
    for (const { mark, index: at } of marks.filter(({ index }) => index >= start && index < start + LENGTH)) {
      const highlighted = document.createElement("span");
      highlighted.className = "highlighted";
      highlighted.textContent = text.slice(at, Math.min(at + mark.length, start + LENGTH));
      line.append(text.slice(end, at), highlighted);
      end = at + mark.length;
    }
    line.append(text.slice(end, start + LENGTH), start + LENGTH < text.length ? "…" : "");
    return line;
  };

  const where = ({ href, hash }) => href.split(/[?#]/)[0] + hash;
  const isTwice = (item, link) =>
    [...results.querySelectorAll("li[data-snippet]")].some(
      other => other !== item && where(other.querySelector("a[href]")) === where(link));

  const addSnippet = item => {
    item.dataset.snippet = "";
    const link = item.querySelector("a[href]");
    const sections = link && pages.get(link.href.split("#")[0]);
    if (!sections) return;
    const numbers = spread(sections);
    // Of what was pasted, words that are all over the page are not marked.
    const typed = words.length < PASTED;
    const tells = word => typed || (word.length > 2 && numbers.get(word) < Math.max(2, sections.length / 5));
    const found = sections.flatMap(({ marks }) => marks.filter(({ word }) => tells(word)));
    const marked = new Set([...(typed ? words : []), ...found.map(({ mark }) => mark.toLowerCase())]);
    link.search = new URLSearchParams([...marked].map(word => ["highlight", word])); // search-marks.js reads it
    const anchored = sections.filter(({ anchor }) => link.hash === `#${anchor}`);
    const places = (anchored.length ? anchored : sections).map(section => ({
      ...section,
      ...bestPlace(section.marks, reach),
    }));
    const best = places.reduce((one, other) => (other.score > one.score ? other : one), places[0]);
    if (!best?.text) return;
    if (!link.hash && best !== places[0]) link.hash = best.anchor;
    if (isTwice(item, link)) return item.remove(); // found as a term, and once more as a word of its page
    item.append(snippet(best, bestPlace(best.marks, near).index));
  };

  // The search waits for the texts of all pages: section by section, with what is to be marked.
  let pages, everywhere, everyone;
  const search = Search.query;
  const waiting = [];
  Search.query = asked => (pages ? search(asked) : waiting.push(asked));
  const begin = texts => {
    const read = sections => sections.map(([anchor, text]) => ({ anchor, text, marks: marksIn(text) }));
    pages = new Map(Object.entries(texts).map(([address, sections]) => [new URL(address, root).href, read(sections)]));
    everywhere = [...pages.values()].flat();
    everyone = spread(everywhere);
    waiting.forEach(search);
  };

  // Sphinx says how many places it found, and calls them pages.
  const recount = () => {
    const told = Search.status?.textContent.match(/\d+/);
    const found = new Set([...results.querySelectorAll("li a[href]")].map(link => link.href.split(/[?#]/)[0])).size;
    if (!told || !found || Number(told[0]) === found) return;
    Search.status.textContent = Documentation.ngettext(
      "Search finished, found one page matching the search query.",
      "Search finished, found ${resultCount} pages matching the search query.",
      found,
    ).replace("${resultCount}", found);
  };

  const addSnippets = () => {
    results.querySelectorAll("li:not([data-snippet])").forEach(addSnippet);
    recount();
  };
  new MutationObserver(addSnippets).observe(results, { childList: true, subtree: true });

  const script = document.createElement("script");
  script.src = new URL("searchtexts.js", root).href;
  script.onload = () => begin(polyglotTexts);
  script.onerror = () => begin({});
  document.head.append(script);
})();
