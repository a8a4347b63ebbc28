/** What the server writes in the place of a secret. Sent back, it means that the value stays as it is. */
export const MASKED = '<redacted>';
