import { readFileSync } from 'node:fs';
import i18next from 'i18next';
import { expect, it } from 'vitest';
import en from '@/language/en.json';
import zh from '@/language/zh-CN.json';
import { bareMessages, errorLine, errorWords, meaningOf } from './error-words';

/** Where the gateway has its codes. */
const source = readFileSync(
  new URL('../../../../gateway/src/graphql/engine/error.rs', import.meta.url),
  'utf8',
);
const codes = [...source.matchAll(/pub const \w+: &str = "([A-Z_]+)"/g)].map(([, code]) => code ?? '');

const tOf = async (lng: string) => {
  const i18n = i18next.createInstance();
  await i18n.init({
    resources: { en: { translation: en }, 'zh-CN': { translation: zh } },
    lng,
    interpolation: { escapeValue: false },
  });
  return i18n.t;
};

it('every code of the gateway has a sentence', () => {
  expect(codes).toContain('UNAVAILABLE');
  expect(codes.filter((code) => meaningOf(code) === 'other')).toEqual([]);
});

it('in Chinese no word of an error is English, whatever the server wrote', async () => {
  const t = await tOf('zh-CN');
  const lines = [...codes, 'FORBIDDEN', 'TOO_MANY_SUBSCRIPTIONS', 'ELSE'].map((code) =>
    errorLine(t, { code, message: 'something in English' }),
  );
  expect(lines.filter((line) => /[a-z]{2}/i.test(line.replaceAll('Binnacle', '')))).toEqual([]);
});

it('a sentence says what happened and what to do next', async () => {
  const error = { code: 'TIMED_OUT', message: '' };
  expect(errorLine(await tOf('en'), error)).toBe(
    'The answer took too long. Narrow the filters, or try again later.',
  );
  expect(errorLine(await tOf('zh-CN'), error)).toBe('等待应答的时间过长。请缩小筛选范围，或稍后重试。');
});

it('the words of the server are a detail, where they say more than the code', async () => {
  const t = await tOf('zh-CN');
  const detail = (code: string, message: string) => errorWords(t, { code, message }).detail;
  expect(detail('BAD_INPUT', 'label selector: no value')).toBe('label selector: no value');
  expect(detail('UNAVAILABLE', 'HTTP 502')).toBe('HTTP 502');
  expect(detail('UNAUTHENTICATED', 'sign in: the access token has expired')).toBeNull();
  expect(detail('FORBIDDEN', '')).toBeNull();
  for (const message of bareMessages) expect(detail('INTERNAL', message)).toBeNull();
});

it('the words that say nothing more are those of the gateway', () => {
  expect(bareMessages.filter((message) => !source.includes(`"${message}"`))).toEqual([]);
});
