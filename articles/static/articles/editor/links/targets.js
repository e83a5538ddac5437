// What a link leads to: a field for an address or words of a title, and the list of the articles that they mean. A
// combobox: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
import { addressIn, isDoubtful } from "./addresses.js";

// Milliseconds: the pause in typing after which the server is asked, and the longest that an answer may take.
const PAUSE = 200, ANSWER = 10_000;

export class Targets {
  #language = "";
  #active = null;
  #timer = 0;
  #asking = null;

  // `choose` is called when an article of the list is clicked.
  constructor(dialog, field, choose) {
    [this.words, this.field, this.list] = [dialog.dataset, field, dialog.querySelector("[role=listbox]")];
    this.status = dialog.querySelector("[role=status] span");
    this.login = dialog.querySelector("[role=status] a");
    field.addEventListener("input", () => this.#follow());
    field.addEventListener("keydown", (event) => this.#move(event));
    // Escape closes the list first.
    dialog.addEventListener("cancel", (event) => {
      if (!this.list.hidden) {
        event.preventDefault();
        this.#show([]);
      }
    });
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) {
        this.#activate(option);
        choose();
      }
    });
  }

  begin(language, address) {
    [this.#language, this.field.value] = [language, address];
    this.#show([]);
    this.#follow();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#asking = null;
  }

  // The address that the author has decided for; "" where there is none yet, and the dialog says why.
  chosen() {
    if (this.#active) {
      return `article:${this.#active.dataset.key}`;
    }
    const words = this.field.value.trim(), address = addressIn(words);
    if (!address) {
      this.field.focus();
      words ? this.#ask() : this.#say(this.words.empty);
    }
    return address;
  }

  #follow() {
    const words = this.field.value.trim(), address = addressIn(words);
    this.stop();
    this.#activate(null);
    this.#say(address ? this.words.leads.replace("{address}", address) : "");
    if (!words || (address && !isDoubtful(words))) {
      this.#show([]);
    } else {
      this.#timer = setTimeout(() => this.#ask(), PAUSE);
    }
  }

  async #ask() {
    this.stop();
    const asking = (this.#asking = new AbortController()), words = this.field.value.trim();
    const signal = AbortSignal.any([asking.signal, AbortSignal.timeout(ANSWER)]);
    const query = new URLSearchParams({ q: words, language: this.#language });
    let found = [], said = this.words.failed, isExpired = false;
    try {
      const response = await fetch(`${this.words.url}?${query}`, { signal });
      const answer = await response.json();
      isExpired = response.status === 401;
      said = isExpired ? this.words.expired : answer.error ?? said;
      if (response.ok) {
        found = answer.targets;
        said = found.length ? this.words.found.replace("{number}", found.length) : this.words.none;
      }
    } catch {
      // Nobody answers, or somebody else.
    }
    if (asking !== this.#asking) {
      return;
    }
    this.#asking = null;
    this.#show(found);
    const address = addressIn(words);
    this.#say(address ? this.words.leads.replace("{address}", address) : said);
    this.login.hidden = !isExpired;
    if (!address) {
      this.#activate(this.list.firstElementChild);
    }
  }

  #show(found) {
    this.list.replaceChildren(...found.map((target, number) => optionOf(target, `link_target_${number}`)));
    this.list.hidden = !found.length;
    this.field.setAttribute("aria-expanded", `${!this.list.hidden}`);
    this.#activate(null);
  }

  #say(words) {
    this.login.hidden = true;
    this.status.textContent = words;
  }

  #activate(option) {
    this.#active?.setAttribute("aria-selected", "false");
    this.#active = option;
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    // Empty where there is none.
    this.field.setAttribute("aria-activedescendant", option?.id ?? "");
  }

  #move(event) {
    const { firstElementChild: first, lastElementChild: last } = this.list, active = this.#active;
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey || !first) {
      return;
    }
    const next = { ArrowDown: active?.nextElementSibling ?? first, ArrowUp: active?.previousElementSibling ?? last };
    if (next[event.key]) {
      event.preventDefault();
      this.#activate(next[event.key]);
    }
  }
}

function optionOf({ key, title, language, state, label }, id) {
  const [option, name, mark] = ["li", "span", "span"].map((tag) => document.createElement(tag));
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  Object.assign(option, { id });
  option.dataset.key = key;
  [name.textContent, name.lang] = [title, language];
  [mark.textContent, mark.className] = [label, `state state-${state}`];
  option.append(name, " ", mark);
  return option;
}
