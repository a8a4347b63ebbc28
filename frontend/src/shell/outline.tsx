import en from '@/language/en.json';
import zhCN from '@/language/zh-CN.json';
import { Mark } from './mark';

/** Those of the navigation, in its order. Its icons come with the scripts. */
export const names = ['overview', 'workloads', 'pods', 'objects', 'operations', 'audit', 'clusters'] as const;

/**
 * What an exported page shows before any script is there, rendered when the pages are built. It has its words in all
 * languages, as they are few; public/theme.js says in which one the page is, and the others are hidden.
 */
export function Outline() {
  return (
    <div className="outline" aria-busy="true" data-testid="outline">
      <div className="rail">
        <span className="brand">
          <Mark />
          <span>Binnacle</span>
        </span>
        {names.map((name) => (
          <span key={name} className="place">
            <span className="outline-icon" />
            <Words of={`shell.${name}`} />
          </span>
        ))}
      </div>
      <div className="outline-page">
        <div className="outline-bar" />
        <p className="outline-words quiet">
          <Words of="loading.page" />
        </p>
        <div className="outline-block" />
        <div className="outline-block" />
      </div>
    </div>
  );
}

type Path = 'loading.page' | `shell.${(typeof names)[number]}`;

function Words({ of }: { of: Path }) {
  return (
    <>
      <span lang="en">{textAt(en, of)}</span>
      <span lang="zh-CN">{textAt(zhCN, of)}</span>
    </>
  );
}

function textAt(words: unknown, path: Path): string {
  return path.split('.').reduce((part, key) => (part as Record<string, unknown>)[key], words) as string;
}
