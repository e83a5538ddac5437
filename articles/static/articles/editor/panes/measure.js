// Where the lines of a text area are: the browser tells no script, so a copy of the text is set beside it, unseen.
import { blocks, placeOf } from "../blocks.js";
import { unchanged } from "../unchanged.js";

const COPIED = ["font", "letterSpacing", "tabSize", "lineHeight", "padding", "textIndent", "wordSpacing"];

// The blocks of a text area and the height of each, in pixels from the top of the text. It is brought up to date when it
// is asked: a key costs nothing.
export class Measure {
  constructor(textarea) {
    this.textarea = textarea;
    this.copy = document.createElement("div");
    this.copy.className = "measured-text";
    this.copy.setAttribute("aria-hidden", "true");
    textarea.after(this.copy);
    this.body = null;
    this.blocks = [];
  }

  // Returns the blocks, each with `top` and `height`.
  measured() {
    const { textarea, copy } = this, body = textarea.value, width = textarea.clientWidth;
    if (body === this.body && width === this.width) {
      return this.blocks;
    }
    if (width !== this.width) {
      const style = getComputedStyle(textarea);
      COPIED.forEach((name) => (copy.style[name] = style[name]));
      copy.style.width = `${width}px`;
    }
    [this.body, this.width] = [body, width];
    this.blocks = blocks(body);
    this.#fill(body);
    // All is read after all is written: one layout.
    const tops = [...copy.children].map((child) => child.offsetTop);
    this.blocks.forEach((block, place) => {
      block.top = tops[place];
      block.height = (tops[place + 1] ?? copy.scrollHeight) - tops[place];
    });
    this.height = copy.scrollHeight;
    return this.blocks;
  }

  // One element for each block and the blank lines behind it; those that did not change stay.
  #fill(body) {
    const { copy } = this;
    const texts = this.blocks.map(({ start }, place) =>
      body.slice(place ? start : 0, this.blocks[place + 1]?.start ?? body.length),
    );
    const old = [...copy.children];
    const { start, end } = unchanged(old, texts, (element, text) => element.textContent === text);
    const fresh = texts.slice(start, texts.length - end).map((text) => {
      const element = document.createElement("div");
      element.textContent = text;
      return element;
    });
    old.slice(start, old.length - end).forEach((element) => element.remove());
    start ? old[start - 1].after(...fresh) : copy.prepend(...fresh);
  }

  // Returns the place of the block at a height.
  placeAt(height) {
    const all = this.measured();
    const place = all.findIndex((block) => block.top + block.height > height);
    return place < 0 ? Math.max(0, all.length - 1) : place;
  }

  placeOfCursor() {
    return placeOf(this.textarea.selectionStart, this.measured());
  }

  // Returns the line across the view by which texts are kept in step: at its top at the start of the text, at its foot
  // at the end, so that both ends meet.
  get line() {
    const { scrollTop, scrollHeight, clientHeight } = this.textarea;
    return (clientHeight * scrollTop) / Math.max(1, scrollHeight - clientHeight);
  }
}
