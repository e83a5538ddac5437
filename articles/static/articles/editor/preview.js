// The page as it will look, by the site's own renderer, beside the text while it is typed. All words come from the
// templates: admin/articles/article/_live_preview.html and those of the server.
import { blockInView } from "./panes.js";
import { keep, read } from "./views.js";

// Milliseconds: the pause in typing after which the server is asked, and the longest an answer may take.
const PAUSE = 200, ANSWER = 10_000;

// What is gone into where it changed, rather than replaced; and the notes at the foot, each of which has its block.
const INNER = "article, .article-body", NOTES = ".footnotes, .footnote";
const wordsIn = new WeakMap();

// Where the page stands beside all texts, as editor.css has it.
const WIDE = "(min-width: 1280px)";

export function showPreview(textareas, form) {
  const section = form.querySelector(".live-preview"), frame = section.querySelector("iframe");
  const choice = form.querySelector(".editor-views [type=checkbox]");
  let shown = textareas.find((textarea) => textarea.offsetParent) ?? textareas[0];
  let following;
  const asked = new Map(), timers = new Map();

  const isOpen = () => choice.checked;
  const languages = textareas.map((textarea) => textarea.lang);

  // One question at a time for each language; what was typed meanwhile is asked for next.
  async function ask(textarea) {
    const language = textarea.lang;
    if (asked.get(language)) {
      asked.set(language, "again");
      return;
    }
    asked.set(language, "once");
    try {
      answer(textarea, await questionOf(textarea));
    } catch {
      tell(textarea, section.dataset.failed);
    }
    const isStale = asked.get(language) === "again";
    asked.delete(language);
    if (isStale) {
      await ask(textarea);
    }
  }

  async function questionOf(textarea) {
    const data = new FormData(form);
    // What is not shown need not travel.
    const others = languages.filter((language) => language !== textarea.lang);
    for (const name of [...data.keys()]) {
      if (others.some((language) => new RegExp(`_${language}(_\\d)?$`).test(name))) {
        data.delete(name);
      }
    }
    const url = paneOf(textarea).querySelector("[data-preview]").getAttribute("formaction");
    const headers = { Accept: "application/json" };
    return fetch(url, { method: "POST", body: data, headers, signal: AbortSignal.timeout(ANSWER) });
  }

  async function answer(textarea, response) {
    if (response.redirected || response.status === 403) {
      tell(textarea, section.dataset.expired);
      return;
    }
    const result = response.ok || response.status === 422 ? await response.json() : { error: section.dataset.failed };
    if (result.error) {
      tell(textarea, result.error, result.line);
      return;
    }
    paneOf(textarea).querySelector(".text-length").textContent = result.length;
    if (textarea === shown && isOpen()) {
      tell(textarea, result.lost.join(" "));
      await put(result.page);
      follow();
    }
  }

  // Says what stands against a preview, with a button that leads to the line.
  function tell(textarea, words, line = 0) {
    if (textarea !== shown) {
      return;
    }
    const status = section.querySelector("p");
    status.textContent = words;
    section.classList.toggle("is-stale", Boolean(words));
    if (line) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = section.dataset.line.replace("{line}", line);
      button.addEventListener("click", () => goToLine(textarea, line));
      status.append(" ", button);
    }
  }

  // The first page is set as a whole. Of the next ones only the blocks that changed: nothing jumps or flickers.
  async function put(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    page.querySelectorAll("a[href]:not([href^='#'])").forEach((link) => (link.target = "_blank"));
    const shownPage = frame.contentDocument, main = shownPage?.querySelector("main");
    if (main && shownPage.documentElement.lang === page.documentElement.lang && stylesOf(shownPage) === stylesOf(page)) {
      replaceChanged(main, page.querySelector("main"));
      return;
    }
    frame.srcdoc = `<!doctype html>${page.documentElement.outerHTML}`;
    await new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
  }

  function follow() {
    const there = frame.contentDocument?.querySelector(".article-body"), block = blockInView(shown);
    if (there && block && isOpen()) {
      const element = block.share ? counterpart(block, there) : frame.contentDocument.documentElement;
      const view = frame.contentWindow;
      view.scrollTo(0, view.scrollY + element.getBoundingClientRect().top - block.height * view.innerHeight);
    }
  }

  function later(textarea) {
    clearTimeout(timers.get(textarea));
    timers.set(textarea, setTimeout(() => ask(textarea), PAUSE));
  }

  function show(textarea) {
    if (shown !== textarea && isOpen()) {
      shown = textarea;
      ask(textarea);
    }
    shown = textarea;
  }

  function open() {
    section.hidden = !isOpen();
    form.classList.toggle("has-preview", isOpen());
    if (isOpen()) {
      ask(shown);
    }
  }

  for (const textarea of textareas) {
    const pane = paneOf(textarea);
    // Title, summary, date and tags are on the page as well.
    pane.addEventListener("input", () => later(textarea));
    pane.addEventListener("focusin", () => show(textarea));
    textarea.addEventListener("scroll", () => textarea === shown && requestAnimationFrame(follow));
  }
  document.addEventListener("selectionchange", () => {
    clearTimeout(following);
    following = setTimeout(() => document.activeElement === shown && follow(), PAUSE);
  });
  form.addEventListener("change", () => isOpen() && later(shown));
  form.addEventListener("viewchange", () => show(shown.offsetParent ? shown : textareas.find((one) => one.offsetParent) ?? shown));
  choice.addEventListener("change", () => {
    keep({ ...read(), preview: isOpen() });
    open();
  });
  choice.checked = read().preview ?? matchMedia(WIDE).matches;
  open();
}

function paneOf(textarea) {
  return textarea.closest(".pane");
}

function stylesOf(page) {
  return [...page.querySelectorAll("link[rel=stylesheet]")].map((link) => link.getAttribute("href")).join();
}

function goToLine(textarea, line) {
  const lines = textarea.value.split("\n"), start = lines.slice(0, line - 1).join("\n").length + (line > 1);
  textarea.focus();
  textarea.setSelectionRange(start, start + lines[line - 1].length);
}

// Puts the children of one element into another, but for those that are the same there.
function replaceChanged(there, here) {
  const old = [...there.children], fresh = [...here.children], most = Math.min(old.length, fresh.length);
  let same = 0, ends = 0;
  while (same < most && old[same].isEqualNode(fresh[same])) {
    same++;
  }
  while (ends < most - same && old.at(-1 - ends).isEqualNode(fresh.at(-1 - ends))) {
    ends++;
  }
  const gone = old.slice(same, old.length - ends), behind = old[old.length - ends] ?? null;
  for (const element of fresh.slice(same, fresh.length - ends)) {
    const before = gone.shift();
    if (before?.matches(INNER) && element.matches(INNER)) {
      replaceChanged(before, element);
    } else if (before) {
      before.replaceWith(element);
    } else {
      there.insertBefore(element, behind);
    }
  }
  gone.forEach((element) => element.remove());
}

// Returns the element of a page that a block of Markdown became: the one that shares most words with it, and of several
// the one nearest to its place. A page does not say from which lines it comes.
function counterpart(block, body) {
  const words = wordsOf(block.text), elements = [...body.children].flatMap((one) => (one.matches(NOTES) ? [...one.querySelectorAll("li")] : one));
  let best = body, most = -1;
  elements.forEach((element, place) => {
    if (!wordsIn.has(element)) {
      const images = [...element.querySelectorAll("img")].map((image) => image.alt);
      wordsIn.set(element, wordsOf([element.textContent, ...images].join(" ")));
    }
    const there = wordsIn.get(element);
    let shared = 0;
    words.forEach((word) => (shared += there.has(word)));
    const score = (2 * shared) / (words.size + there.size || 1) - Math.abs(place / elements.length - block.share) / 2;
    if (score > most) {
      [best, most] = [element, score];
    }
  });
  return best;
}

function wordsOf(text) {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu));
}
