import { keyLabels } from '../hooks/use-keys';

interface KeyListProps {
  keys: readonly { keys: readonly string[]; words: string }[];
}

/** Keys, and what each does. */
export function KeyList({ keys }: KeyListProps) {
  return (
    <dl className="key-list">
      {keys.map(({ keys, words }) => (
        <div key={keys.join(' ')}>
          <dt>
            {keyLabels(keys).map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dt>
          <dd>{words}</dd>
        </div>
      ))}
    </dl>
  );
}
