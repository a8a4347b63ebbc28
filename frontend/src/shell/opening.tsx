import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useEffect } from 'react';
import { Rereading } from '@/ui/feedback/loading';
import { askedFor, useAskedPage } from './asked-page';

/** The sign that another page was asked for, until it is there: what stands there meanwhile is the one before. */
export function Opening() {
  const asked = useAskedPage();
  const pathname = usePathname();
  const here = addressOf(`${pathname}?${useSearchParams()}`);
  const router = useRouter();
  const isOn = asked !== null && addressOf(asked) !== here;
  // A page that arrives is the one that was asked for, or replaces it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each other path is such a page
  useEffect(() => askedFor(null), [pathname]);
  useEffect(() => {
    if (!isOn) askedFor(null);
  }, [isOn]);
  return (
    <div className="opening">
      <Rereading isOn={isOn} retry={() => asked && router.push(asked)} />
    </div>
  );
}

/** In one form, however it is written. */
function addressOf(text: string): string {
  const { pathname, searchParams } = new URL(text, window.location.origin);
  return `${pathname}?${searchParams}`;
}
