// The page that the preview shows: a document in a frame, in which no script runs.
import { unchanged } from "../unchanged.js";

// What is gone into where it changed, rather than replaced; and the notes at the foot, each of which has its block.
const INNER = "article, .article-body", NOTES = ".footnotes, .footnote";

const wordsIn = new WeakMap();

// What is put into a page while another is being loaded would be gone with it.
let isLoading = false;

// Milliseconds: an image of another site may take its time.
const LONGEST_LOAD = 2000;

// Puts a whole page, an HTML document, into a frame. Of one in the same language and look as the one that is there, only
// the blocks that changed: nothing jumps or flickers.
export async function putPage(frame, html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  page.querySelectorAll("a[href]:not([href^='#'])").forEach((link) => (link.target = "_blank"));
  const shown = frame.contentDocument, main = shown?.querySelector("main");
  if (main && !isLoading && looksOf(shown) === looksOf(page)) {
    replaceChanged(main, page.querySelector("main"));
    return;
  }
  isLoading = true;
  frame.srcdoc = `<!doctype html>${page.documentElement.outerHTML}`;
  await new Promise((resolve) => {
    frame.addEventListener("load", resolve, { once: true });
    setTimeout(resolve, LONGEST_LOAD);
  });
  isLoading = false;
}

// Scrolls the page so that what a block of Markdown became stands at its height, a part of the view's.
export function showBlock(frame, block) {
  const page = frame.contentDocument, body = page?.querySelector(".article-body");
  if (body) {
    const element = block.share ? counterpart(block, body) : page.documentElement, view = frame.contentWindow;
    view.scrollTo(0, view.scrollY + element.getBoundingClientRect().top - block.height * view.innerHeight);
  }
}

function looksOf(page) {
  const styles = [...page.querySelectorAll("link[rel=stylesheet]")].map((link) => link.getAttribute("href"));
  return [page.documentElement.lang, ...styles].join();
}

// Puts the children of one element into another, but for those that are the same there.
function replaceChanged(there, here) {
  const old = [...there.children], fresh = [...here.children];
  const { start, end } = unchanged(old, fresh, (one, other) => one.isEqualNode(other));
  const gone = old.slice(start, old.length - end), behind = old[old.length - end] ?? null;
  for (const element of fresh.slice(start, fresh.length - end)) {
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

// Returns the element that a block became: the one that shares most words with it, and of several the one nearest to its
// place. A page does not say from which lines it comes.
function counterpart(block, body) {
  const elements = [...body.children].flatMap((one) => (one.matches(NOTES) ? [...one.querySelectorAll("li")] : one));
  const words = wordsOf(block.text);
  let best = body, most = -1;
  elements.forEach((element, place) => {
    const there = wordsOfElement(element), shared = [...words].filter((word) => there.has(word)).length;
    const score = (2 * shared) / (words.size + there.size || 1) - Math.abs(place / elements.length - block.share) / 2;
    if (score > most) {
      [best, most] = [element, score];
    }
  });
  return best;
}

function wordsOfElement(element) {
  if (!wordsIn.has(element)) {
    const images = [...element.querySelectorAll("img")].map((image) => image.alt);
    wordsIn.set(element, wordsOf([element.textContent, ...images].join(" ")));
  }
  return wordsIn.get(element);
}

function wordsOf(text) {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu));
}
