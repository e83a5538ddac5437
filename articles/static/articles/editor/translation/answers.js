// What moved on in the original, below its translation: each passage leads into the text, code is copied, and an answer
// is noted without a reload. Without scripts the same buttons save the form.
import { bringIntoView, change, replace } from "../text.js";
import { outline, placeIn } from "./places.js";

export function setUpAnswers(form) {
  form.querySelectorAll(".moved-on").forEach((section) => new Answers(section, form));
}

class Answers {
  constructor(section, form) {
    [this.section, this.form, this.language] = [section, form, section.dataset.language];
    this.shown = section.querySelector(".moved-on-passages");
    this.status = section.querySelector("[role=status]");
    this.isBusy = false;
    this.#showCopies();
    section.addEventListener("click", (event) => this.#press(event));
  }

  #press(event) {
    const pressed = event.target.closest("[data-edit], [data-copy], [name^='_answer_']");
    // With a key held, a link opens elsewhere.
    if (!pressed || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    event.preventDefault();
    if (pressed.hasAttribute("data-edit")) {
      this.#edit(pressed.closest(".moved-on-passage"));
    } else if (pressed.hasAttribute("data-copy")) {
      this.#copy(pressed.closest(".moved-on-passage"), pressed.dataset.copy);
    } else {
      this.#answer(pressed);
    }
  }

  #edit(passage) {
    const { field } = passage.dataset, area = this.#field(field);
    if (field === "body") {
      const { start, end } = this.#place(passage);
      // Behind the words where something is to be added, else before those that may change.
      replace(area, start, start, "", "place" in passage.dataset ? start : end);
    }
    bringIntoView(area);
    area.scrollIntoView({ block: "nearest" });
    this.status.textContent = this.section.dataset.placed;
  }

  // The author can undo it like words that were typed.
  #copy(passage, words) {
    const area = this.#field("body"), { start, end } = this.#place(passage), isNew = start === end;
    const [above, below] = [start ? "\n\n" : "", start ? "" : "\n\n"];
    change(area, {
      changes: [{ at: start, cut: end - start, put: isNew ? above + words + below : words }],
      select: isNew ? [start + above.length, start + above.length + words.length] : [start, start + words.length],
    });
    area.scrollIntoView({ block: "nearest" });
    this.status.textContent = this.section.dataset.copied;
  }

  #place({ dataset: { place, before } }) {
    const answered = outline(this.shown.firstElementChild.dataset.outline);
    const number = (value) => (value === undefined ? undefined : Number(value));
    return placeIn(this.#field("body").value, answered, number(place), number(before));
  }

  #field(name) {
    return this.form.elements[`${name}_${this.language}`];
  }

  async #answer(button) {
    if (this.isBusy) {
      return;
    }
    this.isBusy = true;
    const place = this.#passages().indexOf(button.closest(".moved-on-passage"));
    const [answer, keys = ""] = button.value.split(/:(.*)/s);
    try {
      // The keys of many passages in one field: a server takes a limited number of fields.
      const said = await this.#send([["answer", answer], ["key", keys]]);
      this.#show(said, place);
    } catch {
      this.status.textContent = this.section.dataset.failed;
    }
    this.isBusy = false;
  }

  async #send(fields, isAgain = false) {
    const token = this.form.elements.csrfmiddlewaretoken;
    const body = new URLSearchParams([...fields, ["csrfmiddlewaretoken", token.value]]);
    const headers = { Accept: "application/json" };
    // A login that has expired redirects: the form itself tells of that.
    const response = await fetch(this.section.dataset.address, { method: "POST", body, headers, redirect: "manual" });
    if (response.ok || response.status === 409) {
      return response.json();
    }
    if (response.status !== 403 || isAgain) {
      throw new Error(response.status);
    }
    // Who logged in again in another tab made the token void.
    const renewed = await fetch(this.section.dataset.token);
    if (!renewed.ok) {
      throw new Error(renewed.status);
    }
    token.value = (await renewed.json()).csrf_token;
    return this.#send(fields, true);
  }

  // The focus goes on to the passage that takes the place of the one that was answered.
  #show({ passages, number, count, message, error }, place) {
    const open = [...this.shown.querySelectorAll("details[open]")].map((details) => details.dataset.part);
    this.shown.innerHTML = passages;
    this.#showCopies();
    open.forEach((part) => this.shown.querySelector(`[data-part="${part}"]`)?.setAttribute("open", ""));
    for (const link of this.form.querySelectorAll(`[data-behind="${this.language}"]`)) {
      link.textContent = count.trim();
      link.hidden = !number;
    }
    const left = this.#passages(), next = left[Math.min(Math.max(place, 0), left.length - 1)];
    (next?.querySelector("h4") ?? this.shown.querySelector("h3, .moved-on-none"))?.focus();
    this.status.textContent = error ?? message;
  }

  // Those that can be answered; what waits in the original's working copy cannot.
  #passages() {
    return [...this.shown.querySelectorAll(".moved-on-passage:has([name^='_answer_'])")];
  }

  #showCopies() {
    this.shown.querySelectorAll("[data-copy]").forEach((button) => (button.hidden = false));
  }
}
