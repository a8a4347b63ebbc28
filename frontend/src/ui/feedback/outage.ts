import { createContext } from 'react';
import type { GraphqlError } from '@/graphql/error';

/** A part of the page that cannot be read because the server does not answer. */
export interface Waiting {
  error: GraphqlError;
  /** Whether the server may still answer: then it is not asked again by itself. */
  isAsked?: boolean;
  retry?: () => void;
}

/** Takes what waits for the server, to say it once for the whole page; answers how to take it back. */
export type Report = (waiting: Waiting) => () => void;

/** Null where nobody says it for the page: then each part says it itself. */
export const OutageContext = createContext<Report | null>(null);
