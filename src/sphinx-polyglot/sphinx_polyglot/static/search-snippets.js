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

  // The rarer a word, the more it tells.
  const rarity = (having, all) => Math.log(1 + all / having);

  // Sphinx lets words of one or two letters be missing, and pairs of Chinese characters
  // look like such words to it. Here every word of the query counts.
  const pagesWith = Search.performTermsSearch;
  Search.performTermsSearch = (terms, excluded) => {
    const found = [...terms].map(term => pagesWith(new Set([term]), excluded));
    const [first, ...others] = found;
    const having = (first ?? []).flatMap(result => {
      const scores = others.map(pages => pages.find(page => page[0] === result[0])?.[4]);
      if (scores.includes(undefined)) return [];
      const score = scores.reduce((sum, one) => sum + one, result[4]) / terms.size;
      return [Object.assign([...result], { 4: score })];
    });
    return having.length || words.length < PASTED ? having : pagesWithMost(found);
  };

  // Who pastes an error message pastes words that no page has: names of files, numbers, another version's words.
  // Here a page has half of the words or more.
  const pagesWithMost = found => {
    const results = new Map();
    for (const pages of found)
      for (const page of pages) {
        const result = results.get(page[0]) ?? { page: Object.assign([...page], { 4: 0 }), words: 0 };
        result.page[4] += rarity(pages.length, Search._index.docnames.length);
        result.words += 1;
        results.set(page[0], result);
      }
    return [...results.values()].filter(result => result.words >= found.length / 2).map(result => result.page);
  };

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

  // In how many sections of a page each word is.
  const spread = sections => {
    const numbers = new Map();
    for (const { marks } of sections)
      for (const word of new Set(marks.map(mark => mark.word))) numbers.set(word, (numbers.get(word) ?? 0) + 1);
    return numbers;
  };

  // The place in a text with the most telling words near each other.
  const bestPlace = (marks, weigh, reach) => {
    const scores = marks.map(({ index }, at) => {
      const near = new Set();
      for (let other = at; marks[other]?.index < index + reach; other++) near.add(marks[other].word);
      return [...near].reduce((sum, word) => sum + weigh(word), 0);
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

  const addSnippet = item => {
    item.dataset.snippet = "";
    const link = item.querySelector("a[href]");
    const texts = link && pages.get(link.href.split("#")[0]);
    if (!texts) return;
    const sections = texts.map(([anchor, text]) => ({ anchor, text, marks: marksIn(text) }));
    const numbers = spread(sections);
    // Of what was pasted, words that are all over the page are not marked.
    const typed = words.length < PASTED;
    const tells = word => typed || (word.length > 2 && numbers.get(word) < Math.max(2, sections.length / 5));
    const found = sections.flatMap(({ marks }) => marks.filter(({ word }) => tells(word)));
    const marked = new Set([...(typed ? words : []), ...found.map(({ mark }) => mark.toLowerCase())]);
    link.search = new URLSearchParams([...marked].map(word => ["highlight", word])); // search-marks.js reads it
    const weigh = word => word.length * rarity(numbers.get(word), sections.length);
    const anchored = sections.filter(({ anchor }) => link.hash === `#${anchor}`);
    const places = (anchored.length ? anchored : sections).map(section => {
      return { ...section, ...bestPlace(section.marks, weigh, Math.max(LENGTH - BEFORE, query.length)) };
    });
    const best = places.reduce((one, other) => (other.score > one.score ? other : one), places[0]);
    if (!best?.text) return;
    if (!link.hash && best !== places[0]) link.hash = best.anchor;
    item.append(snippet(best, bestPlace(best.marks, weigh, LENGTH - BEFORE).index));
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
