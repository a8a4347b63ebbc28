import type { Locale } from 'antd/es/locale';
import english from 'antd/es/locale/en_US';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { readIn } from '@/graphql/socket';
import { preference } from '@/ui/hooks/preference';
import en from './en.json';

export const languages = ['en', 'zh-CN'] as const;
export type Language = (typeof languages)[number];

const choice = preference<Language>('binnacle.language', languages);

/** Ant Design's own words. Without any it draws the page in another way: a switch would lose what was typed. */
export let componentLocale: Locale = english;

export async function startLanguage() {
  await i18next.use(initReactI18next).init({
    resources: { en: { translation: en } },
    lng: 'en',
    fallbackLng: 'en',
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await switchTo(choice.get() ?? browserLanguage());
}

export async function chooseLanguage(language: Language) {
  choice.set(language);
  await switchTo(language);
}

async function switchTo(language: Language) {
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

function browserLanguage(): Language {
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}
