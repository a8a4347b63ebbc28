import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// What a test waits for may take seconds on a machine that compiles meanwhile.
configure({ asyncUtilTimeout: 10_000 });

// jsdom has no media queries and no layout; Ant Design and the theme need both as soon as they load.
if (typeof window !== 'undefined') {
  window.matchMedia = () => new EventTarget() as MediaQueryList;
  window.ResizeObserver = class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  afterEach(cleanup);
}
