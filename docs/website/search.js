// Substring search over index.js, which is loaded when the box is first used. Each word typed must occur.
"use strict";
(() => {
  const here = document.currentScript, top = here.dataset.top, reader = Number(here.dataset.reader);
  const box = document.getElementById("search"), results = document.getElementById("results");
  const MOST = 30, AROUND = 40;
  // Full-width letters and digits count as narrow ones; the length stays, so that places can be marked.
  const plain = (text) =>
    text.toLowerCase().replace(/[！-～]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0).toLowerCase()).replace(/　/g, " ");
  let loading;
  const load = () => (loading ??= new Promise((done) => {
    const script = document.createElement("script");
    script.src = top + "index.js";
    script.onload = () => done(INDEX.map((entry) => [...entry, plain(entry[1]), plain(entry[2])]));
    document.head.append(script);
  }));

  const find = (entries, words) => entries
    .filter(([, , , , title, text]) => words.every((word) => title.includes(word) || text.includes(word)))
    .map((entry) => {
      const [, , , group, title, text] = entry;
      const inTitle = words.filter((word) => title.includes(word)).length;
      const times = words.reduce((sum, word) => sum + Math.min(text.split(word).length - 1, 5), 0);
      return [inTitle * 20 + times + (group === reader ? 10 : 0), entry];
    })
    .sort((one, other) => other[0] - one[0]);

  const marked = (node, text, words) => {
    const low = plain(text);
    for (let at = 0; at < text.length; ) {
      const hits = words.map((word) => [low.indexOf(word, at), word.length]).filter(([place]) => place >= 0);
      const [place, length] = hits.sort((one, other) => one[0] - other[0])[0] ?? [text.length, 0];
      node.append(text.slice(at, place));
      if (length) node.append(Object.assign(document.createElement("mark"), { textContent: text.slice(place, place + length) }));
      at = place + length;
    }
    return node;
  };

  const excerpt = (text, words) => {
    const place = Math.min(...words.map((word) => plain(text).indexOf(word)).filter((at) => at >= 0), text.length);
    const from = place === text.length ? 0 : Math.max(0, place - AROUND);
    return (from ? "…" : "") + text.slice(from, from + 3 * AROUND) + (text.length > from + 3 * AROUND ? "…" : "");
  };

  const show = async () => {
    const words = plain(box.value).split(/\s+/).filter(Boolean), typed = box.value;
    if (!words.length) { results.hidden = true; return; }
    const found = find(await load(), words);
    if (typed !== box.value) return;
    results.replaceChildren(...found.slice(0, MOST).map(([, [address, title, text]]) => {
      const line = document.createElement("a");
      line.href = top + address;
      marked(line, title, words);
      line.append(marked(document.createElement("small"), excerpt(text, words), words));
      return line;
    }));
    if (!found.length) results.append(Object.assign(document.createElement("p"), { textContent: "没有找到。Nothing found." }));
    results.hidden = false;
  };

  box.addEventListener("input", show);
  box.addEventListener("focus", show);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") results.querySelector("a")?.click();
    if (event.key === "Escape") { results.hidden = true; box.blur(); }
  });
  document.addEventListener("click", (event) => { if (!event.target.closest(".search, #results")) results.hidden = true; });
  results.addEventListener("click", () => { results.hidden = true; });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement === document.body) { event.preventDefault(); box.focus(); }
  });
})();
