import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { palettes } from '../theme';

export function editorTheme(dark: boolean): Extension {
  const {
    busy: key,
    good: string,
    warn: number,
    faint: comment,
    bad: keyword,
  } = palettes[dark ? 'dark' : 'light'];
  return [
    EditorView.theme(
      {
        '&': { fontSize: '13px', backgroundColor: 'var(--panel)', color: 'var(--text)' },
        '.cm-scroller': { fontFamily: 'var(--mono)' },
        '.cm-content': { caretColor: 'var(--text)' },
        '.cm-gutters': { backgroundColor: 'var(--ground)', color: 'var(--quiet)', border: 'none' },
        '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--hover)' },
        '.cm-cursor': { borderLeftColor: 'var(--text)' },
        '&.cm-focused': { outline: '2px solid var(--link)', outlineOffset: '-2px' },
        '.cm-tooltip': {
          backgroundColor: 'var(--panel)',
          color: 'var(--text)',
          border: '1px solid var(--line)',
        },
      },
      { dark },
    ),
    syntaxHighlighting(
      HighlightStyle.define([
        { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: key },
        { tag: [tags.string, tags.content], color: string },
        { tag: [tags.number, tags.bool, tags.null], color: number },
        { tag: tags.comment, color: comment },
        { tag: [tags.keyword, tags.meta, tags.typeName], color: keyword },
      ]),
    ),
  ];
}
