'use client';

import { ConfigProvider, type ThemeConfig, theme } from 'antd';
import type { Locale } from 'antd/es/locale';
import { type ReactNode, useEffect, useMemo, useSyncExternalStore } from 'react';
import type { Preferences } from './preferences/choices';
import { usePreference } from './preferences/preferences-slice';

const reducesMotion = typeof window !== 'undefined' && matchMedia('(prefers-reduced-motion: reduce)').matches;
const systemDark = typeof window === 'undefined' ? null : matchMedia('(prefers-color-scheme: dark)');

function subscribe(listener: () => void) {
  systemDark?.addEventListener('change', listener);
  return () => systemDark?.removeEventListener('change', listener);
}

export function useDark(): boolean {
  const theme = usePreference('theme');
  const isSystemDark = useSyncExternalStore(
    subscribe,
    () => systemDark?.matches === true,
    () => false,
  );
  return theme === 'system' ? isSystemDark : theme === 'dark';
}

/** The colours of both themes; ui/styles/tokens.css has the same for our own styles. */
export const palettes = {
  light: {
    ground: '#f4f6f8',
    panel: '#ffffff',
    raised: '#ffffff',
    fillFaint: '#f7f8fa',
    fill: '#eef1f4',
    fillStrong: '#e3e8ed',
    line: '#e4e8ed',
    border: '#cbd3dc',
    controlBorder: '#8591a1',
    text: '#141d2a',
    quiet: '#465364',
    faint: '#5f6c7d',
    primary: '#0958d9',
    primaryHover: '#0b4bb3',
    link: '#0958d9',
    hover: '#f4f7fb',
    selected: '#eaf1fd',
    bad: '#b3261e',
    badSoft: '#fdecea',
    badLine: '#f2bfba',
    badSolid: '#d1352b',
    onBad: '#ffffff',
    warn: '#8a4b00',
    warnSoft: '#fff3dc',
    warnLine: '#efcf96',
    warnSolid: '#c77700',
    busy: '#0958d9',
    busySoft: '#e8f1ff',
    busyLine: '#b5d1fa',
    busySolid: '#1668dc',
    good: '#17663a',
    goodSoft: '#e6f6ec',
    goodLine: '#a9ddbd',
    goodSolid: '#1e8f50',
    idle: '#465364',
    idleSoft: '#eef1f4',
    idleLine: '#cbd3dc',
    idleSolid: '#7a8699',
    production: '#a8175c',
    staging: '#6d3fc0',
    development: '#0b6e78',
    addedStrong: '#b4e5c6',
    removedStrong: '#f9d2ce',
  },
  dark: {
    ground: '#0c1117',
    panel: '#131a23',
    raised: '#1b2430',
    fillFaint: '#171f29',
    fill: '#1e2834',
    fillStrong: '#2a3643',
    line: '#222c38',
    border: '#354252',
    controlBorder: '#667587',
    text: '#e7ecf2',
    quiet: '#b1bcc9',
    faint: '#8f9cac',
    primary: '#1b63d6',
    primaryHover: '#2c73e6',
    link: '#78b4ff',
    hover: '#19222d',
    selected: '#15294a',
    bad: '#ff9b93',
    badSoft: '#3a1a1a',
    badLine: '#6b2d2a',
    badSolid: '#f0625a',
    onBad: '#220605',
    warn: '#f3be6b',
    warnSoft: '#33250f',
    warnLine: '#5f461d',
    warnSolid: '#e39a2d',
    busy: '#7db8ff',
    busySoft: '#142847',
    busyLine: '#274876',
    busySolid: '#4c97f5',
    good: '#78d39a',
    goodSoft: '#122e1f',
    goodLine: '#215638',
    goodSolid: '#35b56c',
    idle: '#b1bcc9',
    idleSoft: '#222c38',
    idleLine: '#3a4757',
    idleSolid: '#7f8c9d',
    production: '#c22a73',
    staging: '#7e55d6',
    development: '#0c7781',
    addedStrong: '#1e5636',
    removedStrong: '#6a2926',
  },
};
export type Palette = (typeof palettes)['light'];

const fonts = {
  fontFamily:
    "var(--font-inter), system-ui, 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif",
  fontFamilyCode:
    "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', 'Noto Sans Mono CJK SC', monospace",
};

/** What holds for both themes: 13 px text in 36 px rows, and nothing under 12 px. */
const sizes = {
  fontSize: 13,
  fontSizeSM: 12,
  fontSizeLG: 14,
  fontSizeHeading4: 20,
  fontSizeHeading5: 14,
  lineHeight: 20 / 13,
  lineHeightSM: 18 / 12,
  lineHeightLG: 20 / 14,
  controlHeight: 32,
  controlHeightSM: 28,
  controlHeightXS: 24,
  controlHeightLG: 40,
  borderRadius: 6,
  borderRadiusSM: 4,
  borderRadiusLG: 8,
  fontWeightStrong: 600,
  lineWidthFocus: 2,
  motion: !reducesMotion,
  // Ant Design moves the bar below a tab all the same.
  motionDurationFast: reducesMotion ? '0s' : '80ms',
  motionDurationMid: reducesMotion ? '0s' : '140ms',
  motionDurationSlow: reducesMotion ? '0s' : '200ms',
};

const colours = (of: Palette) => ({
  colorBgLayout: of.ground,
  colorBgContainer: of.panel,
  colorBgElevated: of.raised,
  colorFillQuaternary: of.fillFaint,
  colorFillTertiary: of.fill,
  colorFillSecondary: of.fillStrong,
  colorBorderSecondary: of.line,
  colorBorder: of.border,
  colorText: of.text,
  colorTextSecondary: of.quiet,
  colorTextTertiary: of.faint,
  colorPrimary: of.primary,
  colorPrimaryHover: of.primaryHover,
  colorPrimaryBorder: of.link,
  colorLink: of.link,
  colorError: of.badSolid,
  colorErrorText: of.bad,
  colorErrorBg: of.badSoft,
  colorErrorBorder: of.badLine,
  colorWarning: of.warnSolid,
  colorWarningText: of.warn,
  colorWarningBg: of.warnSoft,
  colorWarningBorder: of.warnLine,
  colorInfo: of.busySolid,
  colorInfoText: of.busy,
  colorInfoBg: of.busySoft,
  colorInfoBorder: of.busyLine,
  colorSuccess: of.goodSolid,
  colorSuccessText: of.good,
  colorSuccessBg: of.goodSoft,
  colorSuccessBorder: of.goodLine,
});

/** A theme with exactly these colours: as seeds alone, the algorithm of the dark theme would mix others from them. */
function themeOf(of: Palette, algorithm: typeof theme.defaultAlgorithm): ThemeConfig {
  const control = { colorBorder: of.controlBorder };
  return {
    algorithm: (seed) => ({ ...algorithm(seed), ...sizes, ...colours(of) }),
    token: {
      ...fonts,
      ...sizes,
      ...colours(of),
      colorTextPlaceholder: of.faint,
      colorTextDescription: of.quiet,
      controlItemBgActive: of.selected,
      controlOutline: of.link,
    },
    components: {
      Alert: { withDescriptionIconSize: 16, withDescriptionPadding: '10px 12px' },
      Layout: { siderBg: of.ground, headerBg: of.panel, headerHeight: 48 },
      Menu: { itemHeight: 28, itemMarginBlock: 1, itemMarginInline: 0, itemSelectedBg: of.fillStrong },
      Table: {
        headerBg: of.fillFaint,
        headerSortActiveBg: of.fillFaint,
        headerSortHoverBg: of.fill,
        bodySortBg: of.panel,
        headerSplitColor: 'transparent',
        rowHoverBg: of.hover,
        rowSelectedBg: of.selected,
        cellPaddingBlockSM: 7.5,
        cellPaddingInlineSM: 10,
      },
      Tabs: {
        horizontalItemGutter: 20,
        horizontalItemPadding: '8px 0',
        itemSelectedColor: of.text,
        itemHoverColor: of.link,
        inkBarColor: of.primary,
      },
      Segmented: { trackBg: of.fill },
      Input: control,
      Select: control,
      Button: { dangerColor: of.onBad, primaryShadow: 'none', dangerShadow: 'none', defaultShadow: 'none' },
      Checkbox: control,
      Radio: { ...control, colorPrimary: of.link, colorPrimaryHover: of.link },
    },
  };
}

export const themes = {
  light: themeOf(palettes.light, theme.defaultAlgorithm),
  dark: themeOf(palettes.dark, theme.darkAlgorithm),
};

/** Rows of 36 px, or of 28 px; own tables follow in ui/styles/parts.css. */
function withDensity(config: ThemeConfig, density: Preferences['density']): ThemeConfig {
  if (density === 'normal') return config;
  const Table = { ...config.components?.Table, cellPaddingBlockSM: 3.5 };
  return { ...config, components: { ...config.components, Table } };
}

export function Themed({ locale, children }: { locale: Locale; children: ReactNode }) {
  const darkNow = useDark();
  const density = usePreference('density');
  const config = useMemo(
    () => withDensity(darkNow ? themes.dark : themes.light, density),
    [darkNow, density],
  );
  useEffect(() => {
    document.documentElement.dataset.theme = darkNow ? 'dark' : 'light';
    document.documentElement.dataset.density = density;
  }, [darkNow, density]);
  return (
    <ConfigProvider theme={config} locale={locale} button={{ autoInsertSpace: false }}>
      {children}
    </ConfigProvider>
  );
}
