// @vitest-environment jsdom
import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import en from '@/language/en.json';
import zhCN from '@/language/zh-CN.json';
import { names, Outline } from './outline';
import { places } from './places';

it('it names what the navigation will, in each language', () => {
  expect(names).toEqual(places.map(({ name }) => name));
  const { container } = render(<Outline />);
  for (const [lang, words] of [
    ['en', en],
    ['zh-CN', zhCN],
  ] as const) {
    const shown = [...container.querySelectorAll(`.place [lang=${lang}]`)].map(
      ({ textContent }) => textContent,
    );
    expect(shown).toEqual(names.map((name) => words.shell[name]));
    expect(screen.getByText(words.loading.page)).toHaveAttribute('lang', lang);
  }
});
