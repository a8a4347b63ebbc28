export function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true" focusable="false">
      <circle cx="16" cy="16" r="14" fill="none" stroke="currentColor" strokeWidth="2" />
      <path d="M16 5l4 11h-8z" fill="#ff7a45" />
      <path d="M16 27l4-11h-8z" fill="currentColor" />
    </svg>
  );
}
