// Which characters of plain words Markdown would take as markup. Behind a backslash, each is itself.

const ADDRESS = /(?:https?:\/\/|www\.)[^\s<>*]+/gi;
// Two of a sign mark the words between them.
const PAIRS = {
  "*": /\*\S(?:[^]*\S)?\*/,
  "_": /(?<![\p{L}\p{N}])_\S(?:[^]*\S)?_(?![\p{L}\p{N}])/u,
  "~": /~\S(?:[^]*\S)?~/,
  "^": /\^\S(?:[^]*\S)?\^/,
  "=": /==\S(?:[^]*\S)?==/,
  "+": /\+\+[\w"'-][^\s]*\+\+/,
  "`": /`[^]*`/,
};
const isSpace = (sign) => sign.trim() === "";
const isWord = (sign) => /[\p{L}\p{N}]/u.test(sign);

// The signs that stand in pairs in the words of a paragraph, or that mark some of them already.
export function pairedSigns(words, marking = "") {
  const isPaired = (sign) => marking.includes(sign) || (words.includes(sign) && PAIRS[sign].test(words));
  return Object.keys(PAIRS).filter(isPaired).join("");
}

// Returns words for a place between two characters ("" at the ends of a paragraph). Bare addresses stay as they are.
export function escaped(words, { before = "", after = "", paired = "", always = "" }) {
  let result = "", from = 0;
  const plain = (start, end) =>
    words.slice(start, end).replace(/[\\*_~^=+`[\]<&{|]/g, (sign, offset) => {
      const at = start + offset;
      const left = at ? words[at - 1] : before, right = at + 1 < words.length ? words[at + 1] : after;
      if (!always.includes(sign) && !isMarkup(sign, left, right, words, at, paired)) {
        return sign;
      }
      // Behind a backslash it would still begin the name of a character.
      return sign === "&" ? "&amp;" : `\\${sign}`;
    });
  for (const address of words.matchAll(ADDRESS)) {
    result += plain(from, address.index) + address[0];
    from = address.index + address[0].length;
  }
  return result + plain(from, words.length);
}

function isMarkup(sign, left, right, words, at, paired) {
  const ahead = () => words.slice(at, at + 400);
  switch (sign) {
    case "\\":
      return /[!-/:-@[-`{-~\n]/.test(right);
    case "*": case "~": case "^":
      return paired.includes(sign) && !(isSpace(left) && isSpace(right));
    case "_":
      return paired.includes(sign) && !(isSpace(left) && isSpace(right)) && !(isWord(left) && isWord(right));
    case "=": case "+":
      return paired.includes(sign) && (left === sign || right === sign);
    case "`":
      return paired.includes(sign);
    case "[":
      return /^\[(?:\^|[^]*?\][([{])/.test(ahead());
    case "<":
      return /[a-z/!?]/i.test(right);
    case "&":
      return /^&(?:#\d+|#x[\da-f]+|[a-z][a-z\d]*);/i.test(ahead());
    case "{":
      return at === 0 && left === "*";
    default:
      return false;
  }
}

const BEGINS_BLOCK = new RegExp([
  /#{1,6}(?:\s|$)/, /[-+*](?:\s|$)/, />/, /:\s/, /~~~/, /[|:]?[-:| ]*-[-:| ]*$/, /=+\s*$/, /!!!\s/, /\?\?\?\+?\s/,
  /\[(?:[ xX]\]\s|![a-z]|TOC\]\s*$|[^[\]]+\]:)/i, /\{[^{}]*\}\s*$/,
  /\*\[[^\]]+\]:/,
].map((each) => each.source).join("|").replace(/^/, "^(?:").concat(")"), "i");

// Returns the lines of a paragraph so that none begins another block.
export function asParagraph(words) {
  const safe = (line) => (BEGINS_BLOCK.test(line) ? `\\${line}` : line.replace(/^(\d{1,9})([.)])(?=\s|$)/, "$1\\$2"));
  return words.split("\n").map(safe).join("\n");
}

// Returns a line whose end is not taken for the signs that close a heading, or for attributes.
export function asHeading(words) {
  return words.replace(/(\s)(?=#+$)/, "$1\\").replace(/(\s|^)(?=\{[^{}]*\}$)/, "$1\\");
}
