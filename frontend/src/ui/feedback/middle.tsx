/** A shorter name is not worth a cut. */
const SHORT = 9;
const LAST = 5;
const LONGEST_TAG = 24;

/** Where a name may be cut: before the tag of an image, else before its last characters. */
export function halves(name: string): [string, string] {
  const tag = /:[^/:@]+$/.exec(name)?.[0] ?? '';
  if (tag && tag.length <= LONGEST_TAG) return [name.slice(0, -tag.length), tag];
  return name.length <= SHORT ? [name, ''] : [name.slice(0, -LAST), name.slice(-LAST)];
}

interface MiddleProps {
  text: string;
  title?: string;
}

/** A name on one line, cut in the middle if it does not fit. It is whole in the title, and when it is copied. */
export function Middle({ text, title = text }: MiddleProps) {
  const [head, tail] = halves(text);
  return (
    // The tail that one sees is painted: two boxes of text would be two lines in the clipboard.
    <span className="middle" title={title} data-tail={tail}>
      <span className="middle-head">
        {head}
        {tail && <span className="middle-copied">{tail}</span>}
      </span>
    </span>
  );
}
