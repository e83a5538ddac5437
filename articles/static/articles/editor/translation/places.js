// Where in a translation a passage of the original belongs. The translation mirrors what it answered last, which the
// server sends as an outline, so the pairs hold whatever is typed in either language meanwhile.
import { blocks } from "../blocks.js";
import { pairs } from "../panes/pairing.js";

// Reads "##:12 text:340": the kind and the length of each block.
export function outline(words) {
  return words.trim().split(/\s+/).filter(Boolean).map((word) => {
    const [kind, length] = word.split(":");
    return { kind, text: { length: Number(length) } };
  });
}

// Returns { start, end } of the block of a text that stands for the one at `place` of an outline. Where none does, the
// two are alike: the end of the block behind which it belongs; without a `place` that is above the one at `before`.
export function placeIn(body, answered, place, before) {
  const all = blocks(body), paired = pairs(answered, all);
  const found = paired.find(([one]) => one === place)?.[1];
  if (found !== undefined) {
    return all[found];
  }
  const below = paired.find(([one]) => one >= (place ?? before ?? Infinity))?.[1] ?? all.length;
  const end = below > 0 ? all[below - 1].end : 0;
  return { start: end, end };
}
