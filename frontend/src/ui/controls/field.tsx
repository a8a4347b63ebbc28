import type { ReactNode } from 'react';

interface FieldProps {
  id: string;
  label: string;
  hint?: string;
  error?: string | null;
  children: ReactNode;
}

export function Field({ id, label, hint, error, children }: FieldProps) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children}
      <div id={`${id}-notes`}>
        {hint && <span className="quiet">{hint}</span>}
        {error && (
          <div className="bad-text" role="alert" data-testid={`refused-${id}`}>
            {error}
          </div>
        )}
      </div>
    </div>
  );
}
