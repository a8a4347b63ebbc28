// @vitest-environment jsdom
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { PHASE_DEVELOPMENT_SERVER, PHASE_PRODUCTION_BUILD } from 'next/constants';
import { beforeEach, expect, it } from 'vitest';
import { show } from '@/test/render';
import config from '../../../next.config';
import { Gallery } from './gallery';

const SOURCE = join(import.meta.dirname, '../..');
const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
  (file) => /\.tsx?$/.test(file) && !/\.test\./.test(file),
);
const components = files.filter((file) => /^ui\/(feedback|evidence)\/.*\.tsx$/.test(file));
const textOf = (file: string) => readFileSync(join(SOURCE, file), 'utf8');
const isImported = (component: string, from: string) =>
  new RegExp(
    `from '[^']*/${basename(component, '.tsx')}'|import\\('[^']*/${basename(component, '.tsx')}'`,
  ).test(textOf(from));

beforeEach(() => {
  document.documentElement.lang = 'en';
});

it('the page has every component', () => {
  const missing = components.filter((component) => !isImported(component, 'app/components/gallery.tsx'));
  expect(missing).toEqual([]);
});

it('every component has a user beside the page', () => {
  const users = files.filter((file) => !file.startsWith('app/components/'));
  const unused = components.filter((component) => !users.some((file) => isImported(component, file)));
  expect(unused).toEqual([]);
});

it('only the development server has the page', () => {
  const extensions = (phase: string) => config(phase).pageExtensions ?? [];
  const isPage = (phase: string) =>
    extensions(phase).some((extension) => `page.${extension}` === 'page.dev.tsx');
  expect(files).toContain('app/components/page.dev.tsx');
  expect(isPage(PHASE_DEVELOPMENT_SERVER)).toBe(true);
  expect(isPage(PHASE_PRODUCTION_BUILD)).toBe(false);
});

async function violations() {
  // jsdom has no layout: contrast is computed from the palette, and checked in a browser.
  const found = await axe.run(document, { rules: { 'color-contrast': { enabled: false } } });
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`);
}

it('no component has a fault that axe finds', async () => {
  show(<Gallery />);
  expect(await violations()).toEqual([]);
});

it('nor has the confirmation', async () => {
  show(<Gallery />);
  await userEvent.click(screen.getByText('Delete in PRODUCTION'));
  expect(await screen.findByTestId('command-delete')).toBeInTheDocument();
  expect(await violations()).toEqual([]);
});
