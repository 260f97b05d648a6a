// What a query finds: for each hit its title, its address with the words to mark there, and a line of the page.
//
// Sphinx's searchtools.js finds pages. Here every word counts, the best place of a page is looked for, and what is
// found twice is told once. The page of results and the list below the search box show the same hits.
const polyglotHits = (() => {
  const LENGTH = 160; // characters of the line
  const BEFORE = 30; // of them before what was found
  const PASTED = 6; // words of a query that nobody types

  const root = new URL(document.documentElement.dataset.content_root ?? "./", location.href);
  const isHan = word => /\p{Script=Han}/u.test(word);
  const sum = numbers => numbers.reduce((one, other) => one + other, 0);
  const addressOf = docname =>
    DOCUMENTATION_OPTIONS.BUILDER === "dirhtml"
      ? `${docname}/`.replace(/(^|\/)index\/$/, "$1")
      : docname + DOCUMENTATION_OPTIONS.LINK_SUFFIX;

  // What stands before a hit's line: the page and, where it is known, the heading or the term that the hit leads to.
  // A term has many names; the one that was asked for is shown.
  const titleOf = (docname, anchor, query) => {
    const { docnames, titles, alltitles, indexentries } = Search._index;
    const page = docnames.indexOf(docname);
    const leads = ([, places]) => places.some(([at, id]) => at === page && `#${id}` === anchor);
    const names = Object.entries(indexentries).filter(leads).map(([name]) => name);
    const name = names.find(name => name.includes(query.toLowerCase().trim())) ?? names[0];
    const heading = name ?? Object.entries(alltitles).find(leads)?.[0];
    return heading && heading !== titles[page] ? `${titles[page]} > ${heading}` : titles[page];
  };

  // In how many sections each word is. The rarer a word, the more it tells.
  const spread = sections => {
    const numbers = new Map();
    for (const { marks } of sections)
      for (const word of new Set(marks.map(mark => mark.word))) numbers.set(word, (numbers.get(word) ?? 0) + 1);
    return numbers;
  };

  // A query, and where its words stand in each section of each page.
  class Asked {
    constructor(query, texts) {
      this.query = query;
      const ignored = new Set(stopwords); // a list in older releases of Sphinx, a set in newer
      const words = query.toLowerCase().match(/\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{Letter}\p{Number}_])+/gu);
      this.words = [...new Set(words)]
        .filter(word => !ignored.has(word))
        .sort((one, other) => other.length - one.length); // torchvision is no form of torch
      this.isTyped = this.words.length < PASTED;
      this.near = LENGTH - BEFORE;
      this.reach = Math.max(this.near, query.length);
      const read = sections => sections.map(([anchor, text]) => ({ anchor, text, marks: this.marksIn(text) }));
      this.pages = new Map(Object.entries(texts.pages).map(([address, found]) => [
        new URL(address, root).href, read(found),
      ]));
      this.everywhere = [...this.pages.values()].flat();
      this.numbers = spread(this.everywhere);
    }

    // What to mark in a text: a Chinese word or, where it is not there, its pairs; all forms of an English word.
    marksIn(text) {
      const stemmer = new Stemmer();
      const forms = word => {
        if (isHan(word)) return text.includes(word) ? word : splitQuery(word).join("|");
        // The stem of memory is memori.
        return word.length < 3 ? `\\b${word}\\b` : `${stemmer.stemWord(word).replace(/i$/, "[iy]")}[a-z]*`;
      };
      const pattern = this.words.map(word => `(${forms(word)})`).join("|") || "$^";
      return [...text.matchAll(new RegExp(pattern, "giu"))].map(({ 0: mark, index, ...groups }) => {
        const word = this.words.find((_, at) => groups[at + 1] !== undefined);
        return { mark, index, word: isHan(word) ? mark : word };
      });
    }

    // The place in a text with the most telling words near each other.
    bestPlace(marks, within) {
      const weigh = word => word.length * Math.log(1 + this.everywhere.length / this.numbers.get(word));
      const scores = marks.map(({ index }, at) => {
        const found = new Set();
        for (let other = at; marks[other]?.index < index + within; other++) found.add(marks[other].word);
        return sum([...found].map(weigh));
      });
      const score = Math.max(0, ...scores);
      return { score, index: score ? marks[scores.indexOf(score)].index : 0 };
    }

    // Sphinx lets words of one or two letters be missing, and pairs of Chinese characters look like such words to it.
    pagesWith(terms, pagesWithOne) {
      const found = [...terms].map(pagesWithOne);
      return this.isTyped ? this.asTyped(this.pagesWithAll(found)) : this.pagesWithMost(found);
    }

    pagesWithAll([first, ...others]) {
      return (first ?? []).flatMap(result => {
        const scores = others.map(pages => pages.find(page => page[0] === result[0])?.[4]);
        if (scores.includes(undefined)) return [];
        result[4] = (result[4] + sum(scores)) / (1 + others.length);
        return [result];
      });
    }

    // Of pages that have all parts of x.grad or of 反向传播, those that have it in one piece, where there are any.
    asTyped(results) {
      const pieces = this.query.match(/\p{Script=Han}{3,}|[\p{Letter}\p{Number}_]+(?:[.-][\p{Letter}\p{Number}_]+)+/gu);
      return (pieces ?? []).reduce((left, piece) => {
        const pattern = new RegExp(piece.replaceAll(".", "\\.").replaceAll("-", "[-_\\s]"), "iu");
        const whole = left.filter(([docname, title]) =>
          [{ text: title }, ...this.sectionsOf(docname)].some(({ text }) => pattern.test(text)));
        return whole.length ? whole : left;
      }, results);
    }

    sectionsOf(docname) {
      return this.pages.get(new URL(addressOf(docname), root).href) ?? [];
    }

    // Who pastes an error message pastes words that no page has: names of files, numbers, another version's words.
    // Half of them are enough, and the page comes first that has the most of them in one place.
    pagesWithMost(found) {
      const numbers = new Map();
      for (const page of found.flat()) numbers.set(page[0], (numbers.get(page[0]) ?? 0) + 1);
      const results = new Map(found.flat().map(page => [page[0], page]));
      return [...results.values()].filter(([docname]) => numbers.get(docname) >= found.length / 2).map(result => {
        const scores = this.sectionsOf(result[0]).map(({ marks }) => this.bestPlace(marks, this.reach).score);
        result[4] = Math.max(0, ...scores);
        return result;
      });
    }

    // What Sphinx found, led to the best place of the page.
    hit([docname, title, anchor, description, , , kind]) {
      const link = new URL(addressOf(docname) + anchor, root);
      const sections = this.pages.get(link.href.split("#")[0]);
      if (!sections) return { title, description, kind, link };
      link.search = new URLSearchParams(this.marked(sections).map(word => ["highlight", word])); // for search-marks.js
      const anchored = sections.filter(section => link.hash === `#${section.anchor}`);
      const places = (anchored.length ? anchored : sections).map(section => ({
        ...section,
        ...this.bestPlace(section.marks, this.reach),
      }));
      const best = places.reduce((one, other) => (other.score > one.score ? other : one), places[0]);
      if (best?.text && !link.hash && best !== places[0]) link.hash = best.anchor;
      const found = kind === "object" ? title : titleOf(docname, link.hash, this.query);
      return { title: found, description, kind, link, place: best?.text && best };
    }

    // Of what was pasted, words that are all over the page are not marked.
    marked(sections) {
      const numbers = spread(sections);
      const tells = word => word.length > 2 && numbers.get(word) < Math.max(2, sections.length / 5);
      const found = sections.flatMap(({ marks }) => marks.filter(({ word }) => this.isTyped || tells(word)));
      return [...new Set([...(this.isTyped ? this.words : []), ...found.map(({ mark }) => mark.toLowerCase())])];
    }

    line({ text, marks }) {
      const { index } = this.bestPlace(marks, this.near);
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
    }

    item({ title, description, kind, link, place }) {
      const item = document.createElement("li");
      item.className = `kind-${kind}`;
      const anchor = item.appendChild(document.createElement("a"));
      anchor.href = link.href;
      anchor.textContent = title;
      if (description) item.append(` (${description})`);
      if (place) item.append(this.line(place));
      return item;
    }
  }

  const pageOf = ({ link }) => link.href.split(/[?#]/)[0];
  const isFirst = (hit, at, hits) =>
    hits.findIndex(other => pageOf(other) === pageOf(hit) && other.link.hash === hit.link.hash) === at;

  // The best hits of a query as items of a list, and how many pages were found.
  return (query, limit = Infinity) => {
    const texts = window.polyglotTexts ?? { last: [], pages: {} };
    const asked = new Asked(query, texts);
    const { performTermsSearch } = Search;
    Search.performTermsSearch = (terms, excluded) =>
      asked.pagesWith(terms, term => performTermsSearch(new Set([term]), excluded));
    try {
      const results = Search._performSearch(...Search._parseQuery(query)).reverse();
      const found = results.map(result => asked.hit(result)).filter(isFirst);
      const last = new Set(texts.last.map(address => new URL(address, root).href));
      const [first, others] = [false, true].map(isLast => found.filter(hit => last.has(pageOf(hit)) === isLast));
      const items = [...first, ...others].slice(0, limit).map(hit => asked.item(hit));
      return { items, pages: new Set(found.map(pageOf)).size };
    } finally {
      Search.performTermsSearch = performTermsSearch;
    }
  };
})();
