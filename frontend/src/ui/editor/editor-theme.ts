import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

// Each colour reaches 4.5:1 on the ground of its theme.
const colours = {
  light: { key: '#0958d9', string: '#237804', number: '#9a3412', comment: '#5b6472', keyword: '#6d28d9' },
  dark: { key: '#7cb8ff', string: '#95de64', number: '#ffb37a', comment: '#9aa5b4', keyword: '#c4a7ff' },
};

export function editorTheme(dark: boolean): Extension {
  const { key, string, number, comment, keyword } = colours[dark ? 'dark' : 'light'];
  return [
    EditorView.theme(
      {
        '&': { fontSize: '13px', backgroundColor: 'var(--panel)', color: 'var(--text)' },
        '.cm-scroller': { fontFamily: 'var(--mono)' },
        '.cm-content': { caretColor: 'var(--text)' },
        '.cm-gutters': { backgroundColor: 'var(--ground)', color: 'var(--quiet)', border: 'none' },
        '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--hover)' },
        '.cm-cursor': { borderLeftColor: 'var(--text)' },
        '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '-2px' },
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
