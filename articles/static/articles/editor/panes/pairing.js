// Which block of one language answers which of the other: by their kinds and lengths in order, since a translation
// shares no words. After W. A. Gale and K. W. Church, "A Program for Aligning Sentences in Bilingual Corpora",
// Computational Linguistics 19(1), 1993.

// How much it tells that two blocks are of one kind; a heading is "#" to "######".
const WEIGHTS = { code: 4, table: 4, image: 4, quote: 2, list: 2, note: 2, html: 2, text: 1 };
const HEADING = 6;

// Above so many comparisons the blocks are paired by their places alone: some milliseconds.
const MOST = 1_500_000;

// The last answer for each list of blocks: texts are scrolled more often than changed.
const known = new WeakMap();

// Returns [place, place] of each pair of blocks, ascending in both.
export function pairs(some, others) {
  if (known.get(some)?.others !== others) {
    known.set(some, { others, found: find(some, others) });
  }
  return known.get(some).found;
}

function find(some, others) {
  if (!some.length || !others.length) {
    return [];
  }
  if (some.length * others.length > MOST) {
    const ratio = others.length / some.length;
    return some.map((_, place) => [place, Math.min(others.length - 1, Math.floor(place * ratio))]);
  }
  // The best score of what begins at each two places, in one row after the other.
  const width = others.length + 1, best = new Float32Array((some.length + 1) * width);
  for (let i = some.length - 1; i >= 0; i--) {
    for (let j = others.length - 1; j >= 0; j--) {
      const at = i * width + j;
      const both = likeness(some[i], others[j]);
      best[at] = Math.max(best[at + width], best[at + 1], both && both + best[at + width + 1]);
    }
  }
  const found = [];
  for (let i = 0, j = 0; i < some.length && j < others.length; ) {
    const at = i * width + j;
    if (best[at] === best[at + width]) {
      i++;
    } else if (best[at] === best[at + 1]) {
      j++;
    } else {
      found.push([i++, j++]);
    }
  }
  return found;
}

function likeness(one, other) {
  if (one.kind !== other.kind) {
    return 0;
  }
  const lengths = [one.text.length, other.text.length];
  return (WEIGHTS[one.kind] ?? HEADING) + Math.min(...lengths) / Math.max(...lengths, 1);
}
