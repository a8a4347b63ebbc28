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
    <span className="middle" title={title}>
      <span className="middle-head">{head}</span>
      {tail && <span>{tail}</span>}
    </span>
  );
}
