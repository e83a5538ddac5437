// Returns how many items two lists share at their beginnings and, behind these, at their ends.
export function unchanged(old, fresh, isSame) {
  const most = Math.min(old.length, fresh.length);
  let start = 0, end = 0;
  while (start < most && isSame(old[start], fresh[start])) {
    start++;
  }
  while (end < most - start && isSame(old.at(-1 - end), fresh.at(-1 - end))) {
    end++;
  }
  return { start, end };
}
