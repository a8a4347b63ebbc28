// @vitest-environment jsdom
import { afterEach, expect, it } from 'vitest';
import { acceptedLanguage } from '@/graphql/reader';
import { chooseLanguage, startLanguage } from './language';

afterEach(() => chooseLanguage('en'));

it('the server is addressed in the language of the screen', async () => {
  await startLanguage();
  expect(acceptedLanguage()).toBe('en');
  await chooseLanguage('zh-CN');
  expect(acceptedLanguage()).toBe('zh-CN');
});
