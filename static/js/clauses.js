// data-clauses-of="TEXT" on a hidden field: follows each heading of a text while it is typed, cut and
// pasted, so that a clause stays the same one. The field holds a key for each heading, in order.
const HEADING = /^ {0,3}#{1,6}(?:[ \t]+|$)/;
const FENCE = /^ {0,3}(?:```|~~~)/;

const titled = (line) => line.replace(HEADING, "").trim().toLowerCase();

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

class Followed {
  constructor(text, keys) {
    this.lines = text.split("\n");
    this.cut = new Map();
    const is = headings(this.lines), left = [...keys];
    this.fits = left.length === is.filter(Boolean).length;
    this.keys = is.map((heading) => (heading ? left.shift() : undefined));
  }

  follow(text) {
    const lines = text.split("\n"), is = headings(lines);
    const [head, tail] = unchanged(this.lines, lines);
    const gone = this.take(head, this.lines.length - tail);
    const came = lines.slice(head, lines.length - tail);
    const middle = came.map((line, at) => (is[head + at] ? this.moved(titled(line), gone) : undefined));
    this.retype(middle, gone);
    const before = this.keys.slice(0, head), after = this.keys.slice(this.keys.length - tail);
    const keys = [...before, ...this.copied(came, middle), ...(tail ? after : [])];
    // A fence that opens or closes makes headings, or unmakes them, far from where one types.
    this.keys = keys.map((key, at) => (is[at] ? key ?? "" : undefined));
    this.lines = lines;
    for (const [title, key] of this.cut) if (this.keys.includes(key)) this.cut.delete(title);
  }

  // The keys of lines that go; each is remembered by its heading, in case it is pasted.
  take(from, to) {
    const gone = [];
    for (let at = from; at < to; at += 1) {
      if (!this.keys[at]) continue;
      gone.push(this.keys[at]);
      this.cut.set(titled(this.lines[at]), this.keys[at]);
    }
    return gone;
  }

  moved(title, gone) {
    const key = this.cut.get(title);
    if (key === undefined) return null;
    this.cut.delete(title);
    if (gone.includes(key)) gone.splice(gone.indexOf(key), 1);
    return key;
  }

  // As many headings as went: they were typed anew.
  retype(middle, gone) {
    const open = middle.flatMap((key, at) => (key === null ? [at] : []));
    if (open.length === gone.length) open.forEach((at, place) => { middle[at] = gone[place]; });
  }

  copied(lines, middle) {
    const known = (title) => this.keys.find((key, at) => key && titled(this.lines[at]) === title);
    return middle.map((key, at) => (key === null ? known(titled(lines[at])) ?? "" : key));
  }

  get field() {
    return this.keys.filter((key) => key !== undefined).join(",");
  }
}

export function start(field) {
  const text = field.form.elements[field.dataset.clausesOf];
  const followed = new Followed(text.value, (field.value || field.dataset.held).split(","));
  if (!followed.fits) return;
  const tell = () => { followed.follow(text.value); field.value = followed.field; };
  tell();
  text.addEventListener("input", tell);
}
