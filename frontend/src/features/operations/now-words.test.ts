import i18next from 'i18next';
import { expect, it } from 'vitest';
import en from '@/language/en.json';
import { nowWords } from './now-words';

const { t } = i18next;
void i18next.init({
  resources: { en: { translation: en } },
  lng: 'en',
  interpolation: { escapeValue: false },
});

it.each([
  ['Deployment', 3, 'Now: Running, 3 replicas, web:1'],
  ['Deployment', 1, 'Now: Running, 1 replica, web:1'],
  ['CronJob', null, 'Now: Running, web:1'],
  ['Job', 5, 'Now: Running, web:1'],
  ['DaemonSet', 4, 'Now: Running, web:1'],
])('only what has replicas is said to have some: a %s', (kind, desiredReplicas, words) => {
  expect(nowWords(t, kind, { state: 'RUNNING', desiredReplicas, images: ['web:1'] })).toBe(words);
});
