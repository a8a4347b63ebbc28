import { json } from '@codemirror/lang-json';
import { yaml } from '@codemirror/lang-yaml';
import { linter, lintGutter } from '@codemirror/lint';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { basicSetup } from 'codemirror';
import { useEffect, useRef } from 'react';
import { useDark } from '../theme';
import { type ConfigLanguage, diagnose, type Finding, locate } from './config-lint';
import { editorTheme } from './editor-theme';

interface ConfigEditorProps {
  value: string;
  language: ConfigLanguage;
  label: string;
  onChange?: (value: string) => void;
  readOnly?: boolean;
  /** What the server would not take, marked where it is. */
  refused?: Refused | null;
  /** What else it can do. It should stay the same from one drawing to the next. */
  more?: Extension;
  /** A line to go to, the first being 1. Each new object goes there again. */
  line?: { number: number } | null;
}

const NOTHING: Extension = [];

interface Refused {
  field?: string | null;
  message: string;
}

/** A text editor for YAML and JSON that marks what does not parse, where it does not. */
export function ConfigEditor({
  value,
  language,
  label,
  onChange,
  readOnly = false,
  refused = null,
  more = NOTHING,
  line = null,
}: ConfigEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const dark = useDark();
  const settings = useRef(new Compartment());
  const changed = useRef(onChange);
  changed.current = onChange;
  const wanted = [extensions(language, label, readOnly, dark, refused), more];
  const first = useRef({ value, wanted });

  useEffect(() => {
    if (!place.current) return;
    const created = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: first.current.value,
        extensions: [
          basicSetup,
          settings.current.of(first.current.wanted),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed.current?.(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = created;
    return () => {
      created.destroy();
      view.current = null;
    };
  }, []);

  useEffect(() => {
    view.current?.dispatch({
      effects: settings.current.reconfigure([extensions(language, label, readOnly, dark, refused), more]),
    });
  }, [language, label, readOnly, dark, refused, more]);

  useEffect(() => {
    const shown = view.current;
    if (!shown || shown.state.doc.toString() === value) return;
    shown.dispatch({ changes: { from: 0, to: shown.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    const shown = view.current;
    if (!shown || !line) return;
    const { from } = shown.state.doc.line(Math.min(Math.max(line.number, 1), shown.state.doc.lines));
    shown.dispatch({
      selection: { anchor: from },
      effects: EditorView.scrollIntoView(from, { y: 'center' }),
    });
    shown.focus();
  }, [line]);

  return <div ref={place} className="config-editor" data-testid="config-editor" />;
}

function extensions(
  language: ConfigLanguage,
  label: string,
  readOnly: boolean,
  dark: boolean,
  refused: Refused | null,
): Extension {
  return [
    language === 'yaml' ? yaml() : json(),
    editorTheme(dark),
    // In the tab order by name: what scrolls has to be reachable by keyboard, also where nothing can be typed.
    EditorView.contentAttributes.of({
      'aria-label': label,
      tabindex: '0',
      ...(readOnly && { inputmode: 'none' }),
    }),
    EditorView.lineWrapping,
    EditorState.readOnly.of(readOnly),
    ...(readOnly
      ? []
      : [lintGutter(), linter((view) => findings(view.state.doc.toString(), language, refused))]),
  ];
}

function findings(text: string, language: ConfigLanguage, refused: Refused | null): Finding[] {
  const place = refused?.field && locate(text, refused.field);
  const unparsed = diagnose(text, language);
  return refused && place
    ? [...unparsed, { ...place, severity: 'error', message: refused.message }]
    : unparsed;
}
