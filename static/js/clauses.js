// data-clauses-of="TEXT" on a hidden field: follows each heading of a text while it is typed, cut and
// pasted, so that a clause stays the same one. The field holds a line for each heading: its key, or
// nothing where only the forum can tell which clause it is, and its title.
const HEADING = /^ {0,3}#{1,6}(?:[ \t]+|$)/;
const FENCE = /^ {0,3}(?:```|~~~)/;

const title = (line) => line.replace(HEADING, "").replace(/[ \t]+#+[ \t]*$/, "").trim();
const letters = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}_]/gu, "");

function headings(lines) {
  let fenced = false;
  return lines.map((line) => {
    if (FENCE.test(line)) fenced = !fenced;
    return !fenced && HEADING.test(line);
  });
}

// How many lines are the same at the beginning and, after those, at the end.
function unchanged(before, now) {
  const most = Math.min(before.length, now.length);
  let head = 0, tail = 0;
  while (head < most && before[head] === now[head]) head += 1;
  while (tail < most - head && before[before.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  return [head, tail];
}

// Keys of headings that are not in the text at present, found by the title that each had last or at
// first; of equal ones the first comes first.
class Loose {
  entries = [];
  first = new Map();

  put(line, key) {
    this.entries.push({ key, names: [letters(title(line)), this.first.get(key)] });
  }

  take(line) {
    const at = this.entries.findIndex(({ names }) => names.includes(letters(title(line))));
    return at < 0 ? undefined : this.entries.splice(at, 1)[0].key;
  }
}

class Followed {
  constructor(text, held) {
    this.lines = text.split("\n");
    this.loose = new Loose();
    const is = headings(this.lines), left = held.split("\n");
    this.fits = left.length === is.filter(Boolean).length;
    this.keys = is.map((heading, at) => (heading ? this.told(this.lines[at], left.shift() ?? "") : undefined));
  }

  told(line, held) {
    const [key, ...words] = held.split(" ");
    const name = letters(title(line));
    this.loose.first.set(key, name);
    return letters(words.join(" ")) === name ? key : "";
  }

  follow(text) {
    const lines = text.split("\n"), is = headings(lines);
    const [head, tail] = unchanged(this.lines, lines);
    const gone = this.lines.length - head - tail, came = lines.length - head - tail;
    const middle = this.middle(lines.slice(head, head + came), head, gone);
    const before = this.keys.slice(0, head), after = this.keys.slice(head + gone);
    // A fence that opens or closes makes headings, or unmakes them, far from where one types.
    const keys = [...before, ...middle.map((key) => key ?? ""), ...after];
    this.keys = keys.map((key, at) => this.settled(lines[at], key, is[at]));
    this.lines = lines;
  }

  // The keys of lines that came in place of others. One line typed anew stays what it was; a paste
  // brings back what was cut, or a copy of what still stands there.
  middle(came, head, gone) {
    const keys = this.keys.slice(head, head + gone);
    if (came.length === 1 && gone === 1) return keys;
    keys.forEach((key, at) => { if (key) this.loose.put(this.lines[head + at], key); });
    return came.map((line) => (came.length > 1 && HEADING.test(line) ? this.loose.take(line) ?? this.copied(line) : undefined));
  }

  copied(line) {
    const at = this.keys.findIndex((key, place) => key && letters(title(this.lines[place])) === letters(title(line)));
    return at < 0 ? undefined : this.keys[at];
  }

  settled(line, key, heading) {
    if (!heading && key) this.loose.put(line, key);
    return heading ? key ?? this.loose.take(line) ?? "" : undefined;
  }

  get field() {
    const lines = this.keys.flatMap((key, at) => (key === undefined ? [] : [`${key} ${title(this.lines[at])}`]));
    return lines.join("\n");
  }
}

export function start(field) {
  const text = field.form.elements[field.dataset.clausesOf];
  // A text that the browser brought back by itself is not the one that the keys are of.
  if (!field.value && text.value !== text.defaultValue) return;
  const followed = new Followed(text.value, field.value.replaceAll("\r", "") || field.dataset.held);
  if (!followed.fits) return;
  const tell = () => { followed.follow(text.value); field.value = followed.field; };
  tell();
  text.addEventListener("input", tell);
}
