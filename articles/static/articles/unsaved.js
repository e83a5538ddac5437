// Keeps what is typed on the article's form on the server, as unsaved text, and says truthfully what is kept. All words
// come from the template, admin/articles/article/_unsaved_status.html. Without this script nothing is kept before the
// form is saved.
"use strict";

// Milliseconds: how often the form is looked at, the pause in typing after which it is kept, the longest time without.
const LOOK = 500, PAUSE = 2000, LONGEST = 10_000;
// The longest an answer may take, when the author waits for it too, and the longest time between two attempts.
const ANSWER = 15_000, SUBMIT = 3000, RETRY = 15_000;
// Browsers let a page that is being closed send 64 KiB: https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
const LAST_WORDS = 60_000;
const TROUBLE = ["failed", "expired", "refused"];

document.addEventListener("DOMContentLoaded", () => {
  const status = document.querySelector(".unsaved-status");
  const form = status && document.getElementById(status.dataset.form);
  if (form) {
    watch(form, status);
  }
});

function watch(form, status) {
  const settings = status.dataset, follows = JSON.parse(settings.versions), fields = settings.fields.split(" ");
  const languages = settings.languages.split(" ").filter((language) => form.elements[`body_${language}`]);
  const element = (field, language) => form.elements[field.replace(/(_\d)?$/, `_${language}$1`)];
  // A language's text as one string, to compare and to send.
  const read = (language, property = "value") =>
    JSON.stringify(fields.map((field) => element(field, language)?.[property] ?? ""));
  const readAll = () => languages.map((language) => read(language)).join();
  // What the server is known to have and what it will not take. A browser may fill in again after a reload what the
  // server has not: what counts is how the page came; and what came with a form that was refused is nowhere else.
  const kept = new Map(settings.isBound ? [] : languages.map((language) => [language, read(language, "defaultValue")]));
  const refused = new Map(), answered = new Map(), times = new Map();
  let count = 0, sending = null, retryAt = 0, wait = 0, lastKept = "", reason = "";
  let last = readAll(), changedAt = 0, firstAt = 0;
  let isSubmitting = false, isLeaving = false, wasHeld = false;

  const unkept = () => languages.filter((language) => kept.get(language) !== read(language));
  const isRefused = (language) => refused.get(language) === read(language);

  function show(state, text = settings[state] ?? "") {
    // What works is there to be seen. What does not is read out, and so is that it works, once.
    const isNews = [state, settings.state].some((one) => TROUBLE.includes(one)) || !lastKept;
    status.setAttribute("aria-live", isNews ? "polite" : "off");
    settings.state = state;
    status.querySelector("span").textContent = text;
    status.querySelector("a").hidden = state !== "expired";
  }

  function showResult() {
    if (unkept().some(isRefused)) {
      show("refused", reason);
    } else if (!unkept().length) {
      show(lastKept && "kept", lastKept);
    } else {
      show("typed");
    }
  }

  function look() {
    const now = Date.now(), texts = readAll();
    if (texts !== last) {
      [last, changedAt] = [texts, now];
      firstAt ||= now;
      if (!["failed", "expired"].includes(settings.state)) {
        show(unkept().length ? "typed" : lastKept && "kept", unkept().length ? settings.typed : lastKept);
      }
    }
    const isDue = now >= retryAt && (now - changedAt >= PAUSE || (firstAt && now - firstAt >= LONGEST));
    const isWanted = settings.state === "expired" || unkept().some((language) => !isRefused(language));
    if (isDue && isWanted && !sending && !isLeaving) {
      keepAll();
    }
  }

  // One language after the other; who asks meanwhile waits for the same answer.
  function keepAll() {
    sending ??= (async () => {
      firstAt = 0;
      if (!TROUBLE.includes(settings.state)) {
        show("keeping");
      }
      try {
        if (settings.state === "expired") {
          await renewToken();
        }
        for (const language of unkept()) {
          await keep(language);
        }
        [wait, retryAt] = [0, 0];
        showResult();
      } catch (problem) {
        wait = Math.min(wait * 2 || 1000, RETRY);
        retryAt = Date.now() + wait;
        show(problem.state ?? "failed");
      }
      sending = null;
    })();
    return sending;
  }

  async function keep(language, isLast = false, mayTryAgain = true) {
    const text = read(language), number = ++count;
    const body = new URLSearchParams({
      form: form.elements.form_id.value,
      article: settings.article,
      language,
      base: form.elements[`base_revision_${language}`]?.value ?? "",
      version: `${settings.window}:${number}`,
      follows: follows[language] ?? "",
      csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
    });
    JSON.parse(text).forEach((value, place) => body.append(`typed_${fields[place]}`, value));
    const response = await ask({ method: "POST", body, keepalive: isLast && `${body}`.length < LAST_WORDS });
    const answer = await response.json().catch(() => ({}));
    if (response.ok) {
      if (number > (answered.get(language) ?? 0)) {
        answered.set(language, number);
        kept.set(language, text);
        // Nothing is kept of a text that is again what is saved.
        times.delete(language);
        if (answer.kept_at) {
          times.set(language, settings.kept.replace("{time}", answer.time));
        }
        lastKept = [...times.values()].at(-1) ?? "";
      }
    } else if (response.status === 409 && mayTryAgain) {
      // Another window goes on with the same text: this window's becomes one of its own.
      form.elements.form_id.value = answer.form;
      kept.clear();
      await keep(language, isLast, false);
    } else if (response.status === 403 && mayTryAgain) {
      await renewToken();
      await keep(language, isLast, false);
    } else {
      refused.set(language, text);
      reason = settings.refused.replace("{reason}", answer.error ?? response.status);
    }
  }

  async function ask(options) {
    const response = await fetch(settings.url, { ...options, signal: AbortSignal.timeout(ANSWER) });
    if (response.status === 401) {
      throw { state: "expired" };
    }
    if (response.status >= 500 || response.redirected) {
      throw { state: "failed" };
    }
    return response;
  }

  // Who logs in gets a new token, and the one on this page is void.
  async function renewToken() {
    const response = await ask({});
    if (response.ok) {
      form.elements.csrfmiddlewaretoken.value = (await response.json()).csrf_token;
    }
  }

  function again() {
    retryAt = 0;
    look();
  }

  // By the clock too: dates and slugs are filled in by scripts.
  setInterval(look, LOOK);
  form.addEventListener("input", look);
  window.addEventListener("online", again);
  window.addEventListener("focus", again);
  window.addEventListener("pageshow", () => (isLeaving = false));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      again();
    } else if (!isLeaving) {
      // Perhaps for good, so beside what is under way: the server knows by the count which is the later one.
      unkept().forEach((language) => keep(language, true).catch(() => {}));
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && unkept().length) {
      event.preventDefault();
    }
  });

  form.addEventListener("submit", async (event) => {
    // A preview opens beside the form.
    if (isLeaving || event.submitter?.formTarget === "_blank") {
      return;
    }
    event.preventDefault();
    if (isSubmitting) {
      return;
    }
    isSubmitting = true;
    const button = event.submitter;
    const prepared = renewToken().then(keepAll).catch((problem) => show(problem.state ?? "failed"));
    await Promise.race([prepared, new Promise((resolve) => setTimeout(resolve, SUBMIT))]);
    isSubmitting = false;
    // Nobody is logged in, or nobody answers: the text stays here. Whoever presses again where nobody answers may go.
    if (settings.state === "expired" || (settings.state === "failed" && !wasHeld)) {
      wasHeld = true;
      return;
    }
    isLeaving = true;
    // The answer can fail to come.
    setTimeout(() => (isLeaving = false), ANSWER);
    form.requestSubmit(button);
  });
}
