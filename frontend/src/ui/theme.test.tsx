import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { theme } from 'antd';
import { describe, expect, it } from 'vitest';
import { type Palette, palettes, themes } from './theme';

const css = readFileSync(join(import.meta.dirname, 'styles/tokens.css'), 'utf8');
const blocks = {
  light: css.split(":root[data-theme='dark']")[0],
  dark: css.split(":root[data-theme='dark']")[1],
};
const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Of two colours as WCAG 2.2 has it. */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [one, other].map(luminance).sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const AS_TEXT = 4.5;
const AS_SHAPE = 3;
const surfaces: (keyof Palette)[] = ['panel', 'ground', 'raised', 'fillFaint', 'fill', 'hover'];
const states = ['bad', 'warn', 'busy', 'good', 'idle'] as const;

describe.each(['light', 'dark'] as const)('%s', (name) => {
  const palette = palettes[name];

  it('our own styles have the colours of the theme', () => {
    const own = Object.keys(palette).map((key) => [
      key,
      new RegExp(`--${kebab(key)}: (.*);`).exec(blocks[name] ?? '')?.[1],
    ]);
    expect(Object.fromEntries(own)).toEqual(palette);
  });

  it('Ant Design takes them as they are', () => {
    const token = theme.getDesignToken(themes[name]);
    expect(token).toMatchObject({
      colorBgLayout: palette.ground,
      colorBgContainer: palette.panel,
      colorFillTertiary: palette.fill,
      colorBorder: palette.border,
      colorText: palette.text,
      colorTextTertiary: palette.faint,
      colorTextPlaceholder: palette.faint,
      colorPrimary: palette.primary,
      colorLink: palette.link,
      colorError: palette.badSolid,
      colorWarningBg: palette.warnSoft,
      colorSuccessText: palette.good,
      fontSize: 13,
      fontSizeSM: 12,
      controlHeightSM: 28,
      borderRadiusSM: 4,
      lineWidthFocus: 2,
    });
  });

  it.each(surfaces)('words can be read on %s', (surface) => {
    const words = ['text', 'quiet', 'faint', 'link', ...states] as const;
    const poor = words.filter((word) => contrast(palette[word], palette[surface]) < AS_TEXT);
    expect(poor).toEqual([]);
  });

  it.each(states)('the state %s can be read on its fill, and its shape told on the surface', (state) => {
    expect(contrast(palette[state], palette[`${state}Soft`])).toBeGreaterThan(AS_TEXT);
    expect(contrast(palette[`${state}Solid`], palette.panel)).toBeGreaterThan(AS_SHAPE);
  });

  it.each(['primary', 'production', 'staging', 'development'] as const)(
    'white can be read on %s',
    (ground) => {
      expect(contrast('#ffffff', palette[ground])).toBeGreaterThan(AS_TEXT);
    },
  );

  it('the words of a dangerous button can be read', () => {
    expect(contrast(palette.onBad, palette.badSolid)).toBeGreaterThan(AS_TEXT);
    expect(contrast(palette.badSolid, palette.panel)).toBeGreaterThan(AS_TEXT);
  });

  it('changed words can be read, and what takes input has an edge', () => {
    expect(contrast(palette.good, palette.addedStrong)).toBeGreaterThan(AS_TEXT);
    expect(contrast(palette.bad, palette.removedStrong)).toBeGreaterThan(AS_TEXT);
    expect(contrast(palette.controlBorder, palette.panel)).toBeGreaterThan(AS_SHAPE);
  });
});
