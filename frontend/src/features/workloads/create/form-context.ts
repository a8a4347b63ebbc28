import { createContext, useContext } from 'react';
import type { Path } from '@/ui/editor/yaml/nodes';
import type { Change } from './model/edits';
import type { Manifest } from './model/manifest';

/** What every field of the form works on. */
export interface FormContext {
  manifest: Manifest;
  /** With the place of a field, each further change of it is one of the text before the first: retyping it loses nothing. */
  apply: (change: Change, place?: string) => void;
  /** What is wrong in a field, as soon as it is to be said. */
  wrong: (path: Path) => string | null;
}

export const FormContext = createContext<FormContext | null>(null);

export function useManifestForm(): FormContext {
  const form = useContext(FormContext);
  if (!form) throw new Error('a field of the form stands outside of it');
  return form;
}
