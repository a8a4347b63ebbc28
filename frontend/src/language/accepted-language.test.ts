// @vitest-environment jsdom
import { afterEach, expect, it } from 'vitest';
import { acceptedLanguage } from '@/graphql/reader';
import { speak } from './language';

afterEach(() => speak('en'));

it('the server is addressed in the language of the screen', async () => {
  await speak('system');
  expect(acceptedLanguage()).toBe('en');
  await speak('zh-CN');
  expect(acceptedLanguage()).toBe('zh-CN');
});
