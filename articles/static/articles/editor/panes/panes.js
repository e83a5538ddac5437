// The panes of all languages kept in step: what answers the block under the cursor is marked and stands at its height.
import { placeOf } from "../blocks.js";
import { Measure } from "./measure.js";
import { pairs } from "./pairing.js";

// Milliseconds after a key, so that typing is never waited for.
const PAUSE = 150;

const measures = new Map();

// Watches the text areas; those of one language alone are marked too.
export function keepInStep(textareas, form) {
  for (const textarea of textareas) {
    measures.set(textarea, new Measure(textarea));
  }
  let timer;
  const later = (textarea) => {
    clearTimeout(timer);
    timer = setTimeout(() => followCursor(textarea, textareas), PAUSE);
  };
  document.addEventListener("selectionchange", () => {
    const textarea = document.activeElement;
    if (measures.has(textarea)) {
      later(textarea);
    }
  });
  for (const textarea of textareas) {
    // Firefox tells the text area of its selection alone.
    textarea.addEventListener("selectionchange", () => later(textarea));
    textarea.addEventListener("scroll", () => {
      if (isLed(textarea)) {
        requestAnimationFrame(() => followScroll(textarea, textareas));
      }
    });
  }
  form.addEventListener("viewchange", () => textareas.forEach((textarea) => mark(textarea, -1)));
}

// Returns the character behind the block of the other text that answers the one at `offset` here.
export function pairedOffset(textarea, offset, other) {
  const some = measures.get(textarea).measured(), others = measures.get(other).measured();
  const place = answerTo(placeOf(offset, some), pairs(some, others));
  return place < 0 ? other.value.trimEnd().length : others[place].end;
}

// Returns the block that the author is at: the cursor's, or the one in view where the cursor is not.
export function blockInView(textarea) {
  const measure = measures.get(textarea), all = measure.measured();
  const { scrollTop, clientHeight } = textarea, cursor = all[measure.placeOfCursor()];
  const isSeen = cursor && cursor.top + cursor.height > scrollTop && cursor.top < scrollTop + clientHeight;
  const block = isSeen ? cursor : all[measure.placeAt(scrollTop + measure.line)];
  return block && { ...block, height: (block.top - scrollTop) / clientHeight, share: block.start / textarea.value.length };
}

// Whether a person scrolls this one: where the pointer is, else where the focus is.
function isLed(textarea) {
  const hovered = [...measures.keys()].find((one) => one.matches(":hover"));
  return textarea === (hovered ?? document.activeElement);
}

function followCursor(textarea, textareas) {
  const measure = measures.get(textarea), all = measure.measured(), place = measure.placeOfCursor();
  mark(textarea, place);
  for (const other of shownBeside(textarea, textareas)) {
    const others = measures.get(other).measured(), answer = answerTo(place, pairs(all, others));
    mark(other, answer);
    if (answer >= 0) {
      other.scrollTop = others[answer].top - (all[place].top - textarea.scrollTop);
    }
  }
}

function followScroll(textarea, textareas) {
  const measure = measures.get(textarea), all = measure.measured(), at = textarea.scrollTop + measure.line;
  for (const other of shownBeside(textarea, textareas)) {
    const others = measures.get(other).measured();
    const heights = [[0, 0], ...pairs(all, others).map(([i, j]) => [all[i].top, others[j].top])];
    heights.push([measure.height, measures.get(other).height]);
    other.scrollTop = between(at, heights) - measure.line;
  }
}

function shownBeside(textarea, textareas) {
  return textareas.filter((other) => other !== textarea && other.offsetParent);
}

// Returns the place that answers a place, or the last place before it that has an answer; -1 where none has.
function answerTo(place, paired) {
  return paired.findLast(([one]) => one <= place)?.[1] ?? -1;
}

function between(value, points) {
  const next = points.findIndex(([one], place) => place && one > value);
  const after = next < 0 ? points.length - 1 : next;
  const [[x, y], [nextX, nextY]] = [points[after - 1], points[after]];
  return y + ((value - x) / Math.max(1, nextX - x)) * (nextY - y);
}

function mark(textarea, place) {
  const block = measures.get(textarea).measured()[place];
  textarea.style.setProperty("--block-top", `${block?.top ?? 0}px`);
  textarea.style.setProperty("--block-height", `${block ? heightOfWords(textarea, block) : 0}px`);
}

// Without the blank lines behind it.
function heightOfWords(textarea, block) {
  const blank = (textarea.value.slice(block.end).match(/^\s*/)[0].match(/\n/g)?.length ?? 1) - 1;
  return block.height - Math.max(0, blank) * parseFloat(getComputedStyle(textarea).lineHeight);
}
