import type { Dispatch } from '@reduxjs/toolkit';

/** How a request says who sends it. The session provides it, because the transport knows no session. */
export interface Credentials {
  accessToken: (state: unknown) => string | null;
  /** A new access token, or null when there is none to be had. */
  renew: (dispatch: Dispatch) => Promise<string | null>;
}

let bound: Credentials = { accessToken: () => null, renew: async () => null };

export function bindCredentials(credentials: Credentials) {
  bound = credentials;
}

export const credentials = () => bound;
