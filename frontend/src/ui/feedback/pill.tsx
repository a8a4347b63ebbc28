export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'quiet';

interface PillProps {
  tone: Tone;
  state: string;
  text: string;
  'data-testid': string;
}

/** A state as a word with a colour. */
export function Pill({ tone, state, text, ...rest }: PillProps) {
  return (
    <span className={`pill pill-${tone}`} data-state={state} {...rest}>
      <span className="pill-dot" aria-hidden="true" />
      {text}
    </span>
  );
}
