import type { Locale } from 'antd/es/locale';
import english from 'antd/es/locale/en_US';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { readIn } from '@/graphql/socket';
import type { Preferences } from '@/ui/preferences/choices';
import en from './en.json';

/** Ant Design's own words. Without any it draws the page in another way: a switch would lose what was typed. */
export let componentLocale: Locale = english;

let started: Promise<unknown> | undefined;

/** Speaks the language that the person chose. The words of one other than English are loaded first. */
export async function speak(choice: Preferences['language']) {
  started ??= i18next.use(initReactI18next).init({
    resources: { en: { translation: en } },
    lng: 'en',
    fallbackLng: 'en',
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await started;
  await switchTo(choice === 'system' ? browserLanguage() : choice);
}

async function switchTo(language: 'en' | 'zh-CN') {
  if (language === 'zh-CN') {
    const [words, locale] = await Promise.all([import('./zh-CN.json'), import('antd/locale/zh_CN')]);
    i18next.addResourceBundle('zh-CN', 'translation', words.default);
    componentLocale = locale.default;
  } else {
    componentLocale = english;
  }
  document.documentElement.lang = language;
  readIn(language);
  await i18next.changeLanguage(language);
}

function browserLanguage() {
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}
