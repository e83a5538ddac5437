// Footnotes: their numbers in the text, their words at its end. Answers what `change` of text.js takes.
import { lineEnd, lineStart } from "./lines.js";

// Puts the next number behind a selection and begins its note. From a note, leads back to its number, and from there to
// the note.
export function footnote(text, start, end) {
  const from = lineStart(text, start), line = text.slice(from, lineEnd(text, start));
  const note = /^\[\^([^\]\s]+)\]:/.exec(line)?.[1];
  if (note) {
    const reference = [...text.matchAll(/\[\^([^\]\s]+)\](?!:)/g)].find((match) => match[1] === note);
    const at = reference && reference.index + reference[0].length;
    return { changes: [], select: reference ? [at, at] : [start, end] };
  }
  for (const { index, 0: reference, 1: name } of line.matchAll(/\[\^([^\]\s]+)\]/g)) {
    const definition = text.startsWith(`[^${name}]:`) ? 0 : text.indexOf(`\n[^${name}]:`) + 1;
    const isHere = from + index < start && start <= from + index + reference.length;
    if (isHere && text.startsWith(`[^${name}]:`, definition)) {
      const at = lineEnd(text, definition);
      return { changes: [], select: [at, at] };
    }
  }
  const number = 1 + Math.max(0, ...[...text.matchAll(/\[\^(\d{1,9})\]/g)].map((match) => Number(match[1])));
  const behind = start + text.slice(start, end).trimEnd().length, last = Math.max(text.trimEnd().length, behind);
  const reference = `[^${number}]`, begun = `\n\n${reference}: `;
  const at = last + reference.length + begun.length;
  return { changes: [{ at: behind, put: reference }, { at: last, put: begun }], select: [at, at] };
}
