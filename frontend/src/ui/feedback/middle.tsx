interface ClipProps {
  text: string;
  title?: string;
  className?: string;
}

/** Text on one line; what does not fit is in the title. */
export function Clip({ text, title = text, className = '' }: ClipProps) {
  return (
    <div className={`clip ${className}`} title={title}>
      {text}
    </div>
  );
}
