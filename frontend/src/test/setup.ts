import '@testing-library/jest-dom/vitest';
import { cleanup } from '@testing-library/react';
import { afterEach } from 'vitest';

// jsdom has no media queries; Ant Design and the theme ask for them as soon as they load.
if (typeof window !== 'undefined') {
  window.matchMedia = () => new EventTarget() as MediaQueryList;
  afterEach(cleanup);
}
