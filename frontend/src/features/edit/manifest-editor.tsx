import { linter } from '@codemirror/lint';
import type { Extension } from '@codemirror/state';
import type { TFunction } from 'i18next';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfigEditor } from '@/ui/editor/config-editor';
import { assist, type FieldDocs } from '@/ui/editor/schema/assist';
import { useSchemas } from './api';
import { documentsOf, kindIdOf, notationOf } from './documents';
import { MASKED } from './masked';

/** Something that the server says of a line, the first being 1. */
export interface LineFault {
  line: number;
  message: string;
}

interface ManifestEditorProps {
  cluster: string | undefined;
  text: string;
  label: string;
  onChange: (text: string) => void;
  faults: readonly LineFault[];
  /** A line to go to. */
  line: { number: number } | null;
}

/** The kinds in a text are looked for once somebody pauses. */
const PAUSE_MS = 500;

/** Manifests as text, with what the schemas of the cluster say about each field. */
export default function ManifestEditor({
  cluster,
  text,
  label,
  onChange,
  faults,
  line,
}: ManifestEditorProps) {
  const { t } = useTranslation();
  const kinds = useKindsIn(text);
  const schemaOf = useSchemas(cluster, kinds);
  const [field, setField] = useState<FieldDocs | null>(null);
  const newest = useRef({ schemaOf, t });
  newest.current = { schemaOf, t };

  const more = useMemo((): Extension => {
    // The linter of an editor runs again when it is given anew, as it is for each schema that arrives.
    const words = (docs: FieldDocs) => factsOf(newest.current.t, docs);
    return [
      assist({
        schemaOf: (apiVersion, kind) => schemaOf(kindIdOf(apiVersion, kind)),
        masked: MASKED,
        faultWords: ({ code, field, wanted }) => newest.current.t(`edit.fault.${code}`, { field, wanted }),
        docsWords: words,
        onField: setField,
      }),
      linter(({ state: { doc } }) =>
        faults
          .filter(({ line }) => line <= doc.lines)
          .map(({ line, message }) => {
            const { from, to } = doc.line(Math.max(line, 1));
            return { from, to, severity: 'error', message };
          }),
      ),
    ];
  }, [schemaOf, faults]);

  return (
    <>
      <ConfigEditor
        value={text}
        language={notationOf(text)}
        label={label}
        onChange={onChange}
        more={more}
        line={line}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard */}
      <section className="field-line" aria-label={t('edit.field')} tabIndex={0} data-testid="field-docs">
        {field ? (
          <>
            <code>{field.field}</code> <span className="quiet">{factsOf(t, field)}</span>
            {field.description && <p>{field.description}</p>}
          </>
        ) : (
          <span className="quiet">{t('edit.fieldHint')}</span>
        )}
      </section>
    </>
  );
}

function factsOf(t: TFunction, { type, isRequired, values }: FieldDocs): string {
  return [type, isRequired && t('edit.required'), values].filter(Boolean).join(' · ');
}

/** The ids of the kinds in a text. */
function useKindsIn(text: string): readonly string[] {
  const [kinds, setKinds] = useState<readonly string[]>(() => kindsIn(text));
  useEffect(() => {
    const timer = setTimeout(() => {
      const found = kindsIn(text);
      setKinds((known) => (known.join() === found.join() ? known : found));
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return kinds;
}

function kindsIn(text: string): string[] {
  const named = documentsOf(text).filter(({ apiVersion, kind }) => apiVersion && kind);
  return [...new Set(named.map(({ apiVersion, kind }) => kindIdOf(apiVersion, kind)))].sort();
}
