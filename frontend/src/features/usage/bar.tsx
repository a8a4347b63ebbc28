interface BarProps {
  /** Filled, from 0 to 1. */
  share: number;
  /** Filled in a lighter tone behind it, from 0 to 1. */
  behind?: number;
  /** Filled at its end as a warning, from 0 to 1. */
  lack?: number;
  /** Where a line is drawn, from 0 to 1. */
  mark?: number;
  isHigh?: boolean;
}

const percent = (share: number) => `${Math.round(Math.min(Math.max(share, 0), 1) * 1_000) / 10}%`;

/** A bar beside words that say the same. */
export function Bar({ share, behind, lack, mark, isHigh }: BarProps) {
  return (
    <span className={isHigh ? 'usage-bar usage-bar-high' : 'usage-bar'} aria-hidden="true" data-testid="bar">
      {behind !== undefined && <i className="usage-bar-behind" style={{ width: percent(behind) }} />}
      <i style={{ width: percent(share) }} />
      {Boolean(lack) && <i className="usage-bar-lack" style={{ width: percent(lack ?? 0) }} />}
      {mark !== undefined && <b style={{ left: percent(mark) }} />}
    </span>
  );
}
