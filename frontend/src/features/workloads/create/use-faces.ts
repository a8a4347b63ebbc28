import { useMemo, useState } from 'react';
import { stringify } from 'yaml';
import type { ConfigLanguage } from '@/ui/editor/config-lint';
import { reconcile } from '@/ui/editor/yaml/reconcile';
import { edit, isReadable, open, type Unreadable } from '@/ui/editor/yaml/source';
import type { Change } from './model/edits';
import { begin, read, starter } from './model/manifest';

export type Face = 'form' | ConfigLanguage;

/** The field that is being typed in, and the text before and after. */
interface Typing {
  place: string;
  before: string;
  after: string;
}

/** One manifest with three faces. Form and YAML work on one text; JSON, which has no comments, is taken over into it. */
export function useFaces(begun = starter) {
  const [face, setFace] = useState<Face>('form');
  const [yaml, setYaml] = useState(begun);
  const [json, setJson] = useState('');
  const [unreadable, setUnreadable] = useState<Unreadable | null>(null);
  const [typing, setTyping] = useState<Typing | null>(null);
  const found = useMemo(() => read(yaml), [yaml]);

  const turn = (to: Face) => {
    const held = face === 'json' ? fromJson(json, yaml) : yaml;
    const text = to === 'form' && typeof held === 'string' ? begin(held) : held;
    const problem = typeof text === 'string' ? problemOf(text, to) : text;
    setUnreadable(problem);
    if (problem || typeof text !== 'string') return;
    setYaml(text);
    if (to === 'json') setJson(toJson(text));
    setFace(to);
  };

  const apply = (change: Change, place?: string) => {
    const isSame = place !== undefined && place === typing?.place && typing.after === yaml;
    const before = isSame ? typing.before : yaml;
    const after = edit(before, change);
    setTyping(place === undefined ? null : { place, before, after });
    setYaml(after);
  };

  return {
    face,
    turn,
    unreadable,
    /** What is sent. */
    text: face === 'json' ? json : yaml,
    manifest: isReadable(found) ? found : null,
    write: (text: string) => {
      setUnreadable(null);
      if (face === 'json') setJson(text);
      else setYaml(text);
    },
    apply,
  };
}

/** Why a text cannot be shown in another way. */
function problemOf(text: string, to: Face): Unreadable | null {
  if (to === 'yaml') return null;
  if (to === 'json' && text.trim() === '') return null;
  const found = to === 'form' ? read(text) : open(text);
  return isReadable(found) ? null : found;
}

function toJson(text: string): string {
  const source = open(text);
  return isReadable(source) ? `${JSON.stringify(source.value, null, 2)}\n` : '';
}

function fromJson(json: string, yaml: string): string | Unreadable {
  if (json.trim() === '') return '';
  const source = open(json);
  if (!isReadable(source)) return source;
  return isReadable(open(yaml)) ? reconcile(yaml, source.value) : stringify(source.value, { lineWidth: 0 });
}
