'use client';

import { ConfigProvider, type ThemeConfig, theme } from 'antd';
import type { Locale } from 'antd/es/locale';
import { type ReactNode, useEffect, useSyncExternalStore } from 'react';
import { preference } from './hooks/preference';

export const themeChoices = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

const choice = preference<ThemeChoice>('binnacle.theme', themeChoices);
const systemDark = typeof window === 'undefined' ? null : matchMedia('(prefers-color-scheme: dark)');

function subscribe(listener: () => void) {
  const unsubscribe = choice.subscribe(listener);
  systemDark?.addEventListener('change', listener);
  return () => {
    unsubscribe();
    systemDark?.removeEventListener('change', listener);
  };
}

const isDark = () => choice.get() === 'dark' || (choice.get() !== 'light' && !!systemDark?.matches);

export function useDark(): boolean {
  return useSyncExternalStore(subscribe, isDark, () => false);
}

export function useThemeChoice(): [ThemeChoice, (value: ThemeChoice) => void] {
  return [
    useSyncExternalStore(
      choice.subscribe,
      () => choice.get() ?? 'system',
      () => 'system',
    ),
    choice.set,
  ];
}

const fonts = {
  fontFamily:
    "var(--font-inter), system-ui, 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif",
  fontFamilyCode:
    "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', 'Noto Sans Mono CJK SC', monospace",
  borderRadius: 6,
};

// Ant Design's own blues and reds miss 4.5:1 as text; these reach it on each of their grounds.
const light: ThemeConfig = {
  token: {
    ...fonts,
    colorPrimary: '#0958d9',
    colorLink: '#0958d9',
    colorError: '#cf1322',
    colorTextPlaceholder: '#6b7280',
    colorTextDescription: '#5b6472',
  },
};
const dark: ThemeConfig = {
  algorithm: theme.darkAlgorithm,
  token: {
    ...fonts,
    colorBgBase: '#0d141d',
    colorBgContainer: '#151e29',
    colorBgElevated: '#1a2430',
    colorBorder: '#3b4a5d',
    colorBorderSecondary: '#2a3646',
    colorLink: '#69b1ff',
    colorLinkHover: '#91caff',
    colorTextPlaceholder: '#8a94a3',
    colorTextDescription: '#a3adba',
  },
  components: {
    Tabs: { itemSelectedColor: '#69b1ff', itemHoverColor: '#91caff', inkBarColor: '#69b1ff' },
    Button: {
      colorError: '#ff8f8f',
      colorErrorHover: '#ffb3b3',
      defaultBg: '#151e29',
      dangerColor: '#1a0405',
    },
    Radio: { colorPrimary: '#69b1ff', colorPrimaryHover: '#91caff' },
  },
};

export function Themed({ locale, children }: { locale?: Locale; children: ReactNode }) {
  const darkNow = useDark();
  useEffect(() => {
    document.documentElement.dataset.theme = darkNow ? 'dark' : 'light';
  }, [darkNow]);
  return (
    <ConfigProvider theme={darkNow ? dark : light} locale={locale} button={{ autoInsertSpace: false }}>
      {children}
    </ConfigProvider>
  );
}
