/** The runner's secret masker: it hides from a line what it has been given before that line. */
export interface Masker {
  /** Values as they were given, in order, each once. */
  readonly values: readonly string[];
  add(value: string): void;
  mask(text: string): string;
}

const shiftedBase64 = (value: string, shift: number): string => {
  const bytes = Buffer.from(value, 'utf8');
  return (bytes.length > shift ? bytes.subarray(shift) : bytes).toString('base64');
};

const xmlEscapes: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '&': '&amp;',
};

const uriEscaped = (value: string): string =>
  encodeURIComponent(value).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** Every form in which the runner knows a value again. Hex, base64url and parts of it are none of them. */
const formsOf = (value: string): readonly string[] => [
  value,
  shiftedBase64(value, 0),
  shiftedBase64(value, 1),
  shiftedBase64(value, 2),
  JSON.stringify(value).slice(1, -1),
  uriEscaped(value),
  value.replace(/[<>"'&]/g, (character) => xmlEscapes[character] ?? character),
  value.replaceAll("'", "''"),
  value.replaceAll('"', '\\"'),
  value.length > 8 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value,
];

interface Range {
  readonly start: number;
  readonly end: number;
}

function occurrences(text: string, form: string): readonly Range[] {
  const found: Range[] = [];
  for (let start = text.indexOf(form); start >= 0; start = text.indexOf(form, start + 1)) {
    found.push({ start, end: start + form.length });
  }
  return found;
}

// Neighbours and overlaps become one ***, as on GitHub, so that the number of stars reveals nothing.
function replaceRanges(text: string, ranges: readonly Range[]): string {
  let shown = '';
  let end = -1;
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    if (range.start > end) shown += `${text.slice(Math.max(end, 0), range.start)}***`;
    end = Math.max(end, range.end);
  }
  return shown + text.slice(Math.max(end, 0));
}

/** A masker that knows nothing yet. */
export function createMasker(): Masker {
  const values: string[] = [];
  const forms = new Set<string>();
  return {
    values,
    add(value) {
      if (!values.includes(value)) values.push(value);
      // Log lines come one by one, so each line of a secret has to be known by itself too.
      const lines = value.split(/[\r\n]+/);
      for (const form of [value, ...lines].filter((part) => part !== '').flatMap(formsOf)) forms.add(form);
    },
    mask: (text) =>
      replaceRanges(
        text,
        [...forms].flatMap((form) => occurrences(text, form)),
      ),
  };
}
