import { type FocusEvent, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Result } from '@/resource/use-command';
import type { Path } from '@/ui/editor/yaml/nodes';
import { check } from './model/check';
import { type Manifest, placeOf } from './model/manifest';
import type { Mistake } from './model/mistake';

/** What is wrong in the form. A field is called wrong when it was left, or when all were to be sent. */
export function useMistakes(
  manifest: Manifest | null,
  { refused, refusal }: Pick<Result, 'refused' | 'refusal'>,
) {
  const { t, i18n } = useTranslation();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [isSent, setIsSent] = useState(false);
  const pressed = useRef<string[] | null>(null);
  const mistakes = useMemo(() => (manifest ? check(manifest) : []), [manifest]);

  const words = ({ code, values }: Mistake): string | null => {
    const { format } = new Intl.NumberFormat(i18n.language);
    const text = (value: Mistake['values'][string]) => {
      if (typeof value === 'number') return format(value);
      return typeof value === 'string' ? value : value.join(t('mark.comma'));
    };
    const written = Object.entries(values).map(([name, value]) => [name, text(value)]);
    // The control of a number says so itself.
    return code === 'number' ? null : t(`create.wrong.${code}`, Object.fromEntries(written));
  };

  const wrong = (path: Path): string | null => {
    const place = placeOf(path);
    const mistake = mistakes.find((one) => one.place === place);
    if (mistake && (isSent || left.has(place))) return words(mistake);
    return refused?.field && isWithin(refused.field, `manifest.${place}`) ? refusal : null;
  };

  const settle = (ids: string[]) => setLeft((now) => new Set([...now, ...ids]));

  /** While something is pressed no message may appear: it would move what is pressed from under the hand. */
  const press = () => {
    pressed.current = [];
    const release = () =>
      setTimeout(() => {
        settle(pressed.current ?? []);
        pressed.current = null;
      });
    for (const end of ['pointerup', 'pointercancel']) window.addEventListener(end, release, { once: true });
  };

  return {
    mistakes,
    wrong,
    leave: ({ target }: FocusEvent) => {
      if (!target.id) return;
      if (pressed.current) pressed.current.push(target.id);
      else settle([target.id]);
    },
    press,
    /** Whether the form may be sent. If not, all mistakes are shown, and the first one is reached. */
    isRight: (): boolean => {
      setIsSent(mistakes.length > 0);
      const [first] = mistakes;
      // Once its message stands beside the field.
      if (first) requestAnimationFrame(() => reach(first.place));
      return !first;
    },
    isSent,
  };
}

/** Whether a refused place is a field, or something in it, such as a word of a command. */
function isWithin(refused: string, place: string): boolean {
  return refused === place || refused.startsWith(`${place}[`);
}

/** Focuses a field, in whatever it is folded. A manifest of another version is named at its kind. */
function reach(place: string): void {
  const field = document.getElementById(place) ?? document.getElementById('kind');
  for (let fold = field?.closest('details'); fold; fold = fold.parentElement?.closest('details')) {
    fold.open = true;
  }
  field?.focus();
}
