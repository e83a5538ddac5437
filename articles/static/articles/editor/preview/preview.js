// The page as it will look, by the site's own renderer, beside the text while it is typed. All words come from the
// templates: admin/articles/article/_live_preview.html and those of the server.
import { blockInView } from "../panes/panes.js";
import { putPage, showBlock } from "./page.js";
import { bringIntoView } from "../text.js";
import { keep, read } from "../views.js";

// Milliseconds: the pause in typing after which the server is asked, the longest an answer may take, and the time until
// it is asked again where none came.
const PAUSE = 200, ANSWER = 10_000, RETRY = 10_000;

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
      await show(textarea, await questionOf(textarea));
    } catch {
      tell(textarea, section.dataset.failed);
      later(textarea, RETRY);
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
    if (textarea !== shown || !isOpen()) {
      data.set("length_alone", "yes");
    }
    const url = paneOf(textarea).querySelector("[data-preview]").getAttribute("formaction");
    const headers = { Accept: "application/json" };
    return fetch(url, { method: "POST", body: data, headers, signal: AbortSignal.timeout(ANSWER) });
  }

  async function show(textarea, response) {
    if (response.redirected || response.status === 403) {
      tell(textarea, section.dataset.expired);
      later(textarea, RETRY);
      return;
    }
    // A proxy without a server behind it does not say when to ask again.
    const seconds = Number(response.headers.get("Retry-After"));
    if ([429, 503].includes(response.status) && seconds) {
      // A server that is busy for a second is not worth a word; where it counts what is asked for, it says how long.
      if (seconds > 1) {
        tell(textarea, (await response.json()).error);
      }
      later(textarea, seconds * 1000);
      return;
    }
    const result = response.ok || response.status === 422 ? await response.json() : { error: section.dataset.failed };
    if (result.error) {
      tell(textarea, result.error, result.line);
      return;
    }
    paneOf(textarea).querySelector(".text-length").textContent = result.length;
    if (textarea === shown && isOpen() && result.page) {
      tell(textarea, result.lost.join(" "));
      section.classList.remove("is-stale");
      await putPage(frame, result.page);
      follow();
    }
  }

  // Says what stands against a preview, with a button that leads to the line.
  function tell(textarea, words, line = 0) {
    if (textarea !== shown) {
      return;
    }
    const status = section.querySelector("p"), said = [textarea.lang, line, words].join();
    section.classList.add("is-stale");
    // What is said already is not read out again after each pause in typing.
    if (status.dataset.said === said) {
      return;
    }
    status.dataset.said = said;
    status.textContent = words;
    if (line) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = section.dataset.line.replace("{line}", line);
      button.addEventListener("click", () => goToLine(textarea, line));
      status.append(" ", button);
    }
  }

  function follow() {
    const block = blockInView(shown);
    if (block && isOpen()) {
      showBlock(frame, block);
    }
  }

  function later(textarea, pause = PAUSE) {
    clearTimeout(timers.get(textarea));
    timers.set(textarea, setTimeout(() => ask(textarea), pause));
  }

  function turnTo(textarea) {
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
    pane.addEventListener("focusin", () => turnTo(textarea));
    textarea.addEventListener("scroll", () => textarea === shown && requestAnimationFrame(follow));
  }
  document.addEventListener("selectionchange", () => {
    clearTimeout(following);
    following = setTimeout(() => document.activeElement === shown && follow(), PAUSE);
  });
  // The fields for tags and the like tell of a change by jQuery alone.
  window.django.jQuery(form).on("change", () => isOpen() && later(shown));
  form.addEventListener("viewchange", () => turnTo([shown, ...textareas].find((one) => one.offsetParent) ?? shown));
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

function goToLine(textarea, line) {
  const lines = textarea.value.split("\n"), start = lines.slice(0, line - 1).join("\n").length + (line > 1);
  // Chromium brings a cursor into view, but no selection.
  textarea.setSelectionRange(start, start);
  bringIntoView(textarea);
  // The text may have become shorter since.
  textarea.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
}
