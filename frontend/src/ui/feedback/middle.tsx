/** A shorter name is not worth a cut. */
const SHORT = 9;
const LAST = 5;
const LONGEST_TAG = 24;
/** A hash, be it a tag or a digest, is told by its begin. How many have it stands behind it. */
const HASH = /^:[\w.-]+( \(\d+\))?$/;

/**
 * A name in the parts that give way in this order: what stands before its last slash, as the registry of an image, then its
 * head, cut at the end. The tail stays: the tag of an image, else its last characters.
 */
export function parts(name: string): [front: string, head: string, tail: string] {
  const last = name.slice(name.lastIndexOf('/') + 1);
  const front = name.slice(0, name.length - last.length);
  const cut = (length: number): [string, string, string] => [
    front,
    last.slice(0, last.length - length),
    last.slice(last.length - length),
  ];
  const tag = /:[^:@]+$/.exec(last)?.[0] ?? '';
  if (tag && tag.length <= LONGEST_TAG) return cut(tag.length);
  const [isHash, count = ''] = HASH.exec(tag) ?? [];
  if (isHash) return cut(count.length);
  return cut(last.length <= SHORT ? 0 : LAST);
}

interface MiddleProps {
  text: string;
  title?: string;
}

/** A name on one line, cut in the middle if it does not fit. It is whole in the title, and when it is copied. */
export function Middle({ text, title = text }: MiddleProps) {
  const [front, head, tail] = parts(text);
  return (
    // The front and the tail that one sees are painted: several boxes of text would be several lines in the clipboard.
    <span className="middle" title={title} data-front={front || undefined} data-tail={tail}>
      <span className="middle-head">
        {front && <span className="middle-copied">{front}</span>}
        {head}
        {tail && <span className="middle-copied">{tail}</span>}
      </span>
    </span>
  );
}
